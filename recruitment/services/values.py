"""What may stand in a job order's version, field by field. Pages, API and files all end here.

`clean_values` takes plain Python values (text, whole numbers, Decimals, dates, codes, lists of codes) and gives what the model
stores. Every refusal is a ValidationError by field name with a code: required, number_format, min_value, max_value, choice,
not_found, invalid_date, date_range, age_range, too_long, and the codes of names (bidi_control, control_char …).
"""

import datetime
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models.naming import clean_name
from recruitment.models import Insurance, JobOrderText, JobOrderVersion, LanguageLevel, RequiredTest, Situation
from recruitment.models.amount import check_amount
from recruitment.selectors.names import reference

LONGEST_TEXT = 4000
FARTHEST = datetime.timedelta(days=5 * 366)
OLDEST = datetime.timedelta(days=2 * 366)
MESSAGES = {
    "blank": _("Write something here that can be seen."),
    "bidi_control": _("This text holds a hidden sign that turns the direction of writing. Type it again by hand."),
    "control_char": _("This text holds a line break or another control sign. Write it on one line."),
    "invisible_char": _("This text holds a letter that cannot be seen. Type it again by hand."),
    "too_many_marks": _("A letter carries too many marks. Write it as usual."),
    "too_long": _("This is too long. Write at most %(limit)s characters."),
    "choice": _("Choose one of the answers in the list."),
    "number_format": _("Write a whole number in figures."),
    "decimal_format": _("Write a number in figures, with at most %(decimals)s decimals."),
    "range": _("Write a number from %(low)s to %(high)s."),
    "invalid_date": _("Write a day that exists, for example 2027-03-31."),
    "date_range": _("This day is too far away. Write a day within the next five years."),
    "date_past": _("This day is too long ago."),
    "unknown_field": _("This field does not exist."),
}


def refuse(code: str | None, message: str | None = None, **params) -> NoReturn:
    """Raise the ValidationError of this code; numbers out of range are min_value or max_value."""
    raise ValidationError(MESSAGES[message or code or "choice"], code=code, params=params)


def clean_line(value: Any, limit: int) -> str:
    """One line of text in NFC, "" for none."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        refuse("choice")
    if not value.strip():
        return ""
    if len(value) > limit * 4:
        refuse("too_long", limit=limit)
    try:
        text = clean_name(value)
    except ValidationError as error:
        refuse(error.code, limit=limit)
    if len(text) > limit:
        refuse("too_long", limit=limit)
    return text


def clean_text(value: Any, limit: int = LONGEST_TEXT) -> str:
    """Free text in NFC: line breaks and tabs stay, other control signs are refused."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        refuse("choice")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        refuse("control_char")
    if text and not any(unicodedata.category(c)[0] not in "CMZ" for c in text):
        refuse("blank")
    if len(text) > limit:
        refuse("too_long", limit=limit)
    return text


def _whole(value: Any, low: int, high: int) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        refuse("number_format")
    if not low <= value <= high:
        refuse("min_value" if value < low else "max_value", "range", low=low, high=high)
    return value


def _decimal(value: Any, low: int, high: int, places: int) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        refuse("number_format", "decimal_format", decimals=places)
    number = Decimal(value)
    if not number.is_finite() or number != number.quantize(Decimal(1).scaleb(-places)):
        refuse("number_format", "decimal_format", decimals=places)
    if not low <= number <= high:
        refuse("min_value" if number < low else "max_value", "range", low=low, high=high)
    return number


def _day(value: Any, today: datetime.date) -> datetime.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        refuse("invalid_date")
    if value > today + FARTHEST:
        refuse("date_range")
    if value < today - OLDEST:
        refuse("date_range", "date_past")
    return value


def _choice(value: Any, choices: tuple[str, ...], empty: str) -> str:
    if value is None or value == "":
        return empty
    if not isinstance(value, str) or value not in choices:
        refuse("choice")
    return str(value)


def _codes(value: Any, choices: tuple[str, ...]) -> list[str]:
    if not value:
        return []
    if not isinstance(value, list | tuple) or any(not isinstance(code, str) or code not in choices for code in value):
        refuse("choice")
    return [code for code in choices if code in value]


def _known(value: Any, kind: str, condition: Callable[[Any], bool]) -> Any:
    """A reference row by its code; a retired one counts as unknown."""
    if value is None or value == "":
        return None
    row = getattr(reference(), kind).get(value) if isinstance(value, str) else None
    if row is None or row.retired or not condition(row):
        refuse("not_found", "choice")
    return row.pk


@dataclass(frozen=True)
class Kind:
    """How one field is cleaned. `column` is the model's attribute; `needs_today` adds the day to the call."""

    column: str
    clean: Callable[..., Any]
    needs_today: bool = False


def _any(_row) -> bool:
    return True


def _line_kind(name: str, limit: int) -> tuple[str, Kind]:
    return name, Kind(name, partial(clean_line, limit=limit))


def _whole_kind(name: str, low: int, high: int) -> tuple[str, Kind]:
    return name, Kind(name, partial(_whole, low=low, high=high))


def _decimal_kind(name: str, low: int, high: int, places: int) -> tuple[str, Kind]:
    return name, Kind(name, partial(_decimal, low=low, high=high, places=places))


def _choice_kind(name: str, choices, empty: str = "") -> tuple[str, Kind]:
    return name, Kind(name, partial(_choice, choices=tuple(choices.values), empty=empty))


def _known_kind(name: str, kind: str, condition: Callable[[Any], bool] = _any) -> tuple[str, Kind]:
    return name, Kind(f"{name}_id", partial(_known, kind=kind, condition=condition))


_V = JobOrderVersion
FIELDS: dict[str, Kind] = dict(
    [
        _choice_kind("route", _V.Route, _V.Route.ORGANIZATION),
        _known_kind("origin", "countries", lambda row: row.is_origin),
        _known_kind("programme", "programmes", lambda row: row.may_post),
        _known_kind("field", "fields"),
        _known_kind("occupation", "occupations"),
        _choice_kind("situation", Situation),
        _line_kind("employer_name", 160),
        _line_kind("intermediary_name", 160),
        _known_kind("prefecture", "prefectures"),
        _line_kind("city", 80),
        _line_kind("workplace", 200),
        _whole_kind("places", 1, 10_000),
        _whole_kind("contract_months", 1, 120),
        _decimal_kind("hours_per_day", 1, 24, 2),
        _decimal_kind("hours_per_month", 1, 400, 1),
        _decimal_kind("rest_days_per_week", 0, 7, 1),
        ("wage_base", Kind("wage_base", check_amount)),
        _choice_kind("meals", _V.Meals, _V.Meals.UNKNOWN),
        _choice_kind("housing", _V.Housing, _V.Housing.UNKNOWN),
        ("insurance", Kind("insurance", partial(_codes, choices=tuple(Insurance.values)))),
        _known_kind("travel_out_payer", "payers"),
        _known_kind("travel_home_payer", "payers"),
        _whole_kind("age_min", 15, 80),
        _whole_kind("age_max", 15, 80),
        _line_kind("age_reason", 200),
        _choice_kind("language_level", LanguageLevel),
        ("tests", Kind("tests", partial(_codes, choices=tuple(RequiredTest.values)))),
        *((name, Kind(name, _day, needs_today=True)) for name in ("apply_until", "selection_on", "signing_on", "departure_on")),
    ]
)
TEXT_KEYS = tuple(JobOrderText.Key.values)


def clean_values(values: Mapping[str, Any], *, today: datetime.date) -> dict[str, Any]:
    """Model attributes and what they become, for the fields that are given. Raises ValidationError by field."""
    cleaned: dict[str, Any] = {}
    errors: dict[str, ValidationError] = {}
    for name, value in values.items():
        kind = FIELDS.get(name)
        if kind is None:
            errors[name] = ValidationError(MESSAGES["unknown_field"], code="unknown_field")
            continue
        try:
            cleaned[kind.column] = kind.clean(value, today=today) if kind.needs_today else kind.clean(value)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return cleaned
