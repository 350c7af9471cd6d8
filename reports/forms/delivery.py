"""As what file a report is wanted, and when it is made by itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reports.models import ReportJob, ReportSchedule

FORMATS = {
    "pdf": _("PDF, to read and print"),
    "xlsx": _("Excel workbook, all tables and what the columns mean"),
    "csv": _("CSV, the main table for other programs"),
    "json": _("JSON, everything for other programs"),
}


class DeliveryForm(forms.Form):
    """The file: format, language, and for CSV the mark that old versions of Excel need."""

    format = forms.ChoiceField(label=_("File"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the report"), choices=settings.LANGUAGES)
    bom = forms.BooleanField(
        label=_("CSV for Excel: mark it as UTF-8, so that letters are shown right"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, formats: tuple[str, ...], initial: dict | None = None):
        first = {"format": formats[0], "language": (get_language() or "en")[:2], **(initial or {})}
        super().__init__(data, initial=first)
        self.fields["format"].choices = [(code, FORMATS[code]) for code in formats]  # type: ignore[attr-defined]
        if "csv" not in formats:
            del self.fields["bom"]

    def wanted(self) -> dict[str, Any]:
        """format, language, bom."""
        return {"bom": False, **self.cleaned_data}


class ScheduleForm(forms.Form):
    """When, and for whom."""

    every = forms.ChoiceField(label=_("How often"), choices=ReportSchedule.Every.choices, widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), coerce=int, choices=[(number, name) for number, name in WEEKDAYS.items()], required=False
    )
    day_of_month = forms.TypedChoiceField(
        label=_("Day of the month"), coerce=int, choices=[(number, number) for number in range(1, 29)], required=False
    )
    hour = forms.TypedChoiceField(
        label=_("Hour"), coerce=int, choices=[(number, f"{number:02}:00") for number in range(24)], initial=8
    )
    recipients = forms.TypedMultipleChoiceField(
        label=_("For whom"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a notice and downloads the file here. Somebody who leaves gets nothing more."),
        error_messages={"required": _("Choose at least one person.")},
    )

    def __init__(self, data: Any = None, *, members: list[tuple[int, str]], initial: dict | None = None):
        super().__init__(data, initial={"every": ReportSchedule.Every.MONTH, "day_of_month": 1, "weekday": 0, **(initial or {})})
        self.fields["recipients"].choices = members  # type: ignore[attr-defined]

    def when(self) -> dict[str, Any]:
        """every, day, hour, recipients."""
        given = self.cleaned_data
        weekly = given["every"] == ReportSchedule.Every.WEEK
        day = given["weekday"] if weekly else given["day_of_month"]
        first = 0 if weekly else 1
        return {
            "every": given["every"],
            "day": first if day == "" else day,
            "hour": given["hour"],
            "recipients": given["recipients"],
        }

    @staticmethod
    def initial_of(schedule: ReportSchedule) -> dict[str, Any]:
        """A schedule as the form shows it."""
        day = "weekday" if schedule.every == ReportSchedule.Every.WEEK else "day_of_month"
        return {"every": schedule.every, day: schedule.day, "hour": schedule.hour, "recipients": schedule.recipients}


class JobFilterForm(forms.Form):
    """Which of the reports that were asked for."""

    report = forms.ChoiceField(label=_("Kind of report"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ReportJob.State.choices])
    mine = forms.BooleanField(label=_("Only what I asked for"), required=False)

    def __init__(self, data: Any = None, *, reports: list[tuple[str, Any]]):
        super().__init__(data)
        self.fields["report"].choices = [("", _("All")), *reports]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """The valid answers; a wrong one counts as not given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
