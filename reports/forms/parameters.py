"""Parameters of reports. A form gives plain values that can be stored, sent in an address and compared."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from organizations.models.calendar import today_in

LAST_MONTH, THIS_MONTH = "last", "this"
MONTHS_BACK = 24


class ParametersForm(forms.Form):
    """The parameters of one report for one person. Without any it is empty."""

    def __init__(self, data: Any = None, *, actor: Any, now: datetime):
        super().__init__(data)
        self.actor, self.now = actor, now
        self.today = today_in(actor.organization.country, now)

    def parameters(self) -> dict:
        """The cleaned values as they are stored: text, numbers, lists of text. Days in ISO 8601."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    @classmethod
    def fixed(cls, parameters: dict, today: date) -> dict:
        """What is relative ("the month before") made absolute on this day."""
        return parameters


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class MonthField(forms.ChoiceField):
    """A calendar month; "the month before" moves with the day on which a report is made."""

    def __init__(self, **kwargs: Any):
        super().__init__(label=_("Month"), initial=LAST_MONTH, **kwargs)

    def offer(self, today: date) -> None:
        """The choices as of this day."""
        named = [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months_before(today)]
        self.choices = [(LAST_MONTH, _("The month before")), (THIS_MONTH, _("This month so far")), *named]


def months_before(today: date) -> list[date]:
    """First days of this month and the two years before it, newest first."""
    year, month = today.year, today.month
    found = []
    for _step in range(MONTHS_BACK):
        found.append(date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def month_of(value: str, today: date) -> str:
    """The month a choice means on this day, as YYYY-MM."""
    this = date(today.year, today.month, 1)
    if value == THIS_MONTH:
        return f"{this:%Y-%m}"
    if value == LAST_MONTH:
        return f"{date.fromordinal(this.toordinal() - 1):%Y-%m}"
    return value


def bounds_of(month: str) -> tuple[date, date]:
    """First day of the month and first day of the next."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
