"""What must fit together in a version: places and fields of work, ages and their reason, the order of the days.

`contradictions` are refused whenever a step is saved; `gaps` only when the opening is sent for approval.
"""

import datetime
from itertools import combinations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recruitment.models import JobOrderVersion, Programme
from recruitment.selectors.names import reference

ORDER = ("apply_until", "selection_on", "signing_on", "departure_on")
REQUIRED = (
    "origin", "programme", "prefecture", "city", "places", "contract_months", "departure_on",
)  # fmt: skip
MESSAGES = {
    "required": _("This is needed before the opening can be sent for approval."),
    "occupation_field": _("This work does not belong to the field chosen above."),
    "field_ssw": _("This field is not open for specified skilled workers."),
    "field_esd": _("This field is not open for employment for skill development."),
    "age_reason": _("Age may be asked only where the law allows it. Name the law or permit, or leave the ages empty."),
    "age_range": _("The highest age is below the lowest age."),
    "apply_until:selection_on": _("Selection comes before the last day to apply."),
    "apply_until:signing_on": _("The contract would be signed before the last day to apply."),
    "apply_until:departure_on": _("Departure comes before the last day to apply."),
    "selection_on:signing_on": _("The contract would be signed before the selection."),
    "selection_on:departure_on": _("Departure comes before the selection."),
    "signing_on:departure_on": _("Departure comes before the contract is signed."),
    "entry_from": _("This programme begins on %(day)s. Choose a later departure or another programme."),
    "last_entry_on": _("The last entry under this programme is %(day)s. Choose an earlier departure or another programme."),
    "past": _("This day has passed. Write a new one."),
    "licence_expired_by_then": _("Your permit ends on %(day)s, before this day. Renew it, or choose an earlier day."),
    "hours": _("Write the hours of a day or of a month."),
}


def _error(code: str, message: str | None = None, **params) -> ValidationError:
    return ValidationError(MESSAGES[message or code], code=code, params=params)


def contradictions(version: JobOrderVersion) -> dict[str, ValidationError]:
    """What cannot be true together, by field."""
    errors = {**_work_errors(version), **_age_errors(version), **_order_errors(version), **_programme_dates(version)}
    return errors


def gaps(version: JobOrderVersion, *, today: datetime.date, expires_on: datetime.date | None) -> dict[str, ValidationError]:
    """What is missing or too late for approval, by field. `expires_on` is the last day of the permit, None = no end."""
    errors = {name: _error("required") for name in REQUIRED if getattr(version, _column(name)) in (None, "")}
    programme = programme_of(version)
    if programme and programme.needs_field:
        errors |= {name: _error("required") for name in ("field", "occupation") if not getattr(version, f"{name}_id")}
    if version.route != JobOrderVersion.Route.INDEPENDENT and not version.employer_name:
        errors["employer_name"] = _error("required")
    if version.hours_per_day is None and version.hours_per_month is None:
        errors["hours_per_day"] = _error("required", "hours")
    for name in ("apply_until", "departure_on"):
        day = getattr(version, name)
        if day is not None and day < today:
            errors[name] = _error("date_range", "past")
        elif day is not None and expires_on is not None and day > expires_on:
            errors[name] = _error("licence_expired_by_then", day=expires_on.isoformat())
    return errors


def _column(name: str) -> str:
    return f"{name}_id" if name in ("origin", "programme", "prefecture") else name


def programme_of(version: JobOrderVersion) -> Programme | None:
    """The programme, from the reference rows that are kept in memory."""
    return reference().programmes.get(version.programme_id or "")


def _work_errors(version: JobOrderVersion) -> dict[str, ValidationError]:
    known, programme = reference(), programme_of(version)
    occupation, field = known.occupations.get(version.occupation_id or ""), known.fields.get(version.field_id or "")
    if occupation and field and occupation.field_id != field.pk:
        return {"occupation": _error("occupation_field")}
    if field and programme:
        if programme.family == "SSW" and not field.ssw:
            return {"field": _error("field_programme", "field_ssw")}
        if programme.family == "ESD" and not field.esd:
            return {"field": _error("field_programme", "field_esd")}
    return {}


def _age_errors(version: JobOrderVersion) -> dict[str, ValidationError]:
    if version.age_min is not None and version.age_max is not None and version.age_max < version.age_min:
        return {"age_max": _error("age_range")}
    if (version.age_min is not None or version.age_max is not None) and not version.age_reason:
        return {"age_reason": _error("age_reason")}
    return {}


def _order_errors(version: JobOrderVersion) -> dict[str, ValidationError]:
    errors = {}
    for early, late in combinations(ORDER, 2):
        first, second = getattr(version, early), getattr(version, late)
        if first is not None and second is not None and second < first and late not in errors:
            errors[late] = _error("date_order", f"{early}:{late}")
    return errors


def _programme_dates(version: JobOrderVersion) -> dict[str, ValidationError]:
    programme, departure = programme_of(version), version.departure_on
    if programme is None or departure is None:
        return {}
    if programme.entry_from and departure < programme.entry_from:
        return {"departure_on": _error("date_programme", "entry_from", day=programme.entry_from.isoformat())}
    if programme.last_entry_on and departure > programme.last_entry_on:
        return {"departure_on": _error("date_programme", "last_entry_on", day=programme.last_entry_on.isoformat())}
    return {}
