"""A month of a regulator: permits, answers and how long they took, openings, costs by corridor, charges against the ceilings."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import Allowed, Denied
from organizations.models import Review
from organizations.policies.review import can_keep_registers
from recruitment.models import JobOrder
from recruitment.selectors import names
from reports.catalogue.parts import bars, count_table
from reports.catalogue.permit_history import ties_of
from reports.catalogue.report import Report
from reports.forms.parameters import bounds_of
from reports.forms.permits import MonthlyForm
from reports.renderers import Chart, Column, Document, Figure, Table
from reports.renderers.values import written
from reports.selectors import regulator as selectors
from reports.selectors.figures import median, quantile
from reports.selectors.permits import status_names

SUBJECTS = dict(Review.Subject.choices)
OPENING_STATES = dict(JobOrder.State.choices)


class RegulatorMonthly(Report):
    """For regulators that are responsible for a kind of permit."""

    code = "regulator_monthly"
    title = gettext_lazy("The month of the office")
    purpose = gettext_lazy("Permits, answers and how long they took, openings, costs by corridor, charges against the ceilings.")
    form_class = MonthlyForm
    main = "costs"
    place = 10

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied:
        return can_keep_registers(actor)

    def scope(self, actor: Any) -> str:
        return ties_of(actor)

    def file_name(self, parameters: dict, now: datetime) -> str:
        return f"{super().file_name(parameters, now)[:-11]}-{parameters['month']}"

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document:
        first, following = bounds_of(parameters["month"])
        origin = parameters.get("origin", "")
        period = selectors.Period.of(first, following, actor.organization.country)
        permits = selectors.permits(actor, origin)
        answers = selectors.decisions(actor, period)
        costs, places = selectors.costs(permits, period, origin)
        return self.says(
            actor=actor,
            now=now,
            subtitle=_month(first),
            facts=(
                (_("Month"), _month(first)),
                (_("Corridor"), names.name("countries", origin) or _("All corridors")),
            ),
            figures=_figures(permits, answers, costs, selectors.waiting(actor)),
            parts=(
                *_permits(permits, period),
                _answers(answers),
                *_openings(permits, origin),
                *_costs(costs),
                *_ceilings(places),
            ),
            notes=(
                _("Permits and openings are counted on the day the report was made; changes, answers and costs in the month."),
                _(
                    "Days are counted by the clock from the day something was sent. In time: by the day the office had given itself."
                ),
                _("Costs and charges are those of the versions of openings that were approved in the month."),
            ),
        )


def _month(first: date) -> str:
    return date_format(first, "YEAR_MONTH_FORMAT")


def _n(count: int) -> str:
    return _("n = %(n)s") % {"n": written(count)}


def _figures(permits, answers: dict, costs: dict, waiting: int) -> tuple[Figure, ...]:
    days = selectors.all_days(answers.values())
    in_time = sum(one.in_time for one in answers.values())
    months = [value for one in costs.values() for value in one.months]
    return (
        Figure(_("Permits"), permits.count()),
        Figure(_("Answers given"), len(days)),
        Figure(_("Days to the answer, the middle one"), median(days), "decimal", note=_n(len(days))),
        Figure(_("In time"), selectors.share(in_time, len(days)), "percent", note=_n(len(days))),
        Figure(_("Months of pay, the middle opening"), median(months), "months", note=_n(len(months))),
        Figure(_("Waiting for an answer now"), waiting),
    )


def _permits(permits, period: selectors.Period) -> tuple:
    statuses = status_names()
    now, changed = selectors.permits_by_status(permits), selectors.changes_by_status(permits, period)
    rows = [(statuses[code], now[code]) for code in statuses if code in now]
    changes = [(statuses[code], changed[code]) for code in statuses if code in changed]
    title = _("Permits by status")
    return (
        *bars(title, rows, "permits"),
        count_table("permits", title, _("Status"), _("Permits"), rows),
        count_table("changes", _("Changes of status in the month"), _("New status"), _("Changes"), changes),
    )


def _answers(answers: dict[str, selectors.Decisions]) -> Table:
    columns = (
        Column("what", _("What was sent")),
        Column("approved", _("Approved"), "integer", total=True),
        Column("returned", _("Sent back"), "integer", total=True),
        Column("median", _("Days, the middle one"), "decimal", meaning=_("From the day it was sent to the answer, by the clock")),
        Column("longest", _("Days, the longest"), "decimal"),
        Column("in_time", _("In time"), "integer", total=True, meaning=_("By the day the office had given itself")),
        Column("share", _("Share in time"), "percent"),
    )
    lines = [
        (str(SUBJECTS[code]), one.approved, one.returned, median(one.days), max(one.days), one.in_time,
         selectors.share(one.in_time, len(one.days)))
        for code in SUBJECTS if (one := answers.get(code))
    ]  # fmt: skip
    return Table("answers", _("Answers in the month"), columns, lambda: iter(lines), count=len(lines))


def _openings(permits, origin: str) -> tuple:
    found = selectors.openings_by_state(permits, origin)
    rows = [(OPENING_STATES[code], found[code]) for code in OPENING_STATES if code in found]
    title = _("Openings by state")
    return *bars(title, rows, "openings"), count_table("openings", title, _("State"), _("Openings"), rows)


def _costs(costs: dict[str, selectors.Costs]) -> tuple:
    columns = (
        Column("corridor", _("Corridor")),
        Column("openings", _("Openings approved"), "integer", total=True),
        Column("n", _("With a known cost"), "integer", total=True),
        Column("low", _("A quarter cost at most"), "months", meaning=_("Lower quartile, months of take-home pay")),
        Column("median", _("The middle one costs"), "months", meaning=_("Median, months of take-home pay")),
        Column("high", _("Three quarters cost at most"), "months", meaning=_("Upper quartile, months of take-home pay")),
    )
    named = sorted(((_corridor(code), one) for code, one in costs.items()), key=lambda pair: pair[0])
    lines = [
        (label, one.openings, len(one.months), quantile(one.months, 0.25), median(one.months), quantile(one.months, 0.75))
        for label, one in named
    ]
    table = Table("costs", _("Cost in months of pay by corridor"), columns, lambda: iter(lines), count=len(lines))
    return *_cost_chart(table.title, lines), table


def _cost_chart(title: str, lines: list[tuple]) -> tuple[Chart, ...]:
    known = [line for line in lines if line[4] is not None]
    if not known:
        return ()
    sentence = "; ".join(
        _("%(corridor)s: the middle opening costs %(months)s months of pay")
        % {"corridor": line[0], "months": written(line[4], 1)}
        for line in known[:3]
    )
    data = [{"label": line[0], "value": line[4], "text": written(line[4], 1) if line[4] is not None else ""} for line in lines]
    return (Chart("bars", title, f"{sentence}.", data, "costs"),)


def _corridor(code: str) -> str:
    return _("%(country)s → Japan") % {"country": names.name("countries", code) or _("not known")}


def _ceilings(places: dict[str, int]) -> tuple:
    words = {
        selectors.NONE_CHARGED: _("No service charge"),
        selectors.UNDER_HALF: _("Under 50% of the ceiling"),
        selectors.UNDER_90: _("50% to under 90%"),
        selectors.UNDER_FULL: _("90% to under 100%"),
        selectors.AT_CEILING: _("At the ceiling"),
        selectors.OVER: _("Over the ceiling"),
        selectors.UNKNOWN: _("No verified ceiling"),
    }
    rows = [(label, places.get(code, 0)) for code, label in words.items() if code != selectors.OVER or code in places]
    title = _("Service charge against the ceiling")
    return *bars(title, rows, "ceilings"), count_table("ceilings", title, _("Charge"), _("Openings approved"), rows)
