"""The openings of an organization: where each stands, what it offers and what it costs."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import Allowed, Denied
from organizations.models.calendar import zone_of
from recruitment import policies
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.selectors import names
from recruitment.services.code import show
from reports.catalogue.parts import bars, count_table
from reports.catalogue.report import Report
from reports.forms.openings import OpeningsForm
from reports.renderers import Column, Document, Figure, Table
from reports.renderers.values import written
from reports.selectors import openings as selectors
from reports.selectors.figures import median

STATES = dict(JobOrder.State.choices)
VERSION_STATES = dict(JobOrderVersion.State.choices)


class Openings(Report):
    """For the organization itself."""

    code = "openings"
    title = gettext_lazy("Openings")
    purpose = gettext_lazy("Every opening of your organization: state, places, wage, what the worker pays, months of pay.")
    form_class = OpeningsForm
    main = "openings"
    place = 10

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied:
        return policies.can_list(actor)

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document:
        rows = selectors.chosen_openings(actor, parameters)
        found = selectors.counted(rows)
        months, zone = found["months"], zone_of(actor.organization.country)
        n = _("n = %(n)s") % {"n": written(months.total())}
        by_state = [(STATES[state], found["by_state"][state]) for state in STATES if state in found["by_state"]]
        chart = bars(_("Openings by state"), by_state, "by_state")
        return self.says(
            actor=actor,
            now=now,
            facts=_facts(parameters),
            figures=(
                Figure(_("Openings"), found["openings"]),
                Figure(_("Published now"), found["published"]),
                Figure(_("Places"), found["places"]),
                Figure(_("Places filled"), found["filled"]),
                Figure(_("Months of pay, the middle opening"), median(months), "months", note=n),
            ),
            parts=(
                *chart,
                count_table("by_state", _("Openings by state"), _("State"), _("Openings"), by_state),
                Table("openings", _("Openings"), _columns(), lambda: _lines(rows, zone), count=found["openings"]),
            ),
            notes=(
                _("Each opening is told by its newest version. “At least” means that a part of the cost is not known."),
                _("Months of pay: what the worker pays, in months of take-home pay."),
            ),
        )


def _facts(parameters: dict) -> Iterator[tuple[str, str]]:
    state = parameters.get("state", "")
    yield _("State"), str(STATES.get(state) or (_("All that are not finished") if state == "open" else _("All")))
    if programme := parameters.get("programme"):
        yield _("Programme"), names.programme_name(programme)
    for name, words in (("published_from", _("Published on or after")), ("published_until", _("Published on or before"))):
        if parameters.get(name):
            yield words, date_format(datetime.fromisoformat(parameters[name]).date())


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("Code"), "code", meaning=_("The code that stands on flyers")),
        Column("work", _("Work"), meaning=_("The occupation, else its field")),
        Column("state", _("State"), meaning=_("Where the opening stands")),
        Column("version", _("Version"), "integer", meaning=_("Number of the newest version"), for_files=True),
        Column("version_state", _("State of the version"), meaning=_("Where that version stands"), for_files=True),
        Column("programme", _("Programme"), for_files=True),
        Column("employer", _("Employer")),
        Column("prefecture", _("Prefecture")),
        Column("origin", _("From"), meaning=_("Country the workers come from"), for_files=True),
        Column("places", _("Places"), "integer"),
        Column("filled", _("Places filled"), "integer"),
        Column(
            "wage", _("Base wage a month"), "money", currency_key="wage_currency", meaning=_("Before deductions"), for_files=True
        ),
        Column("wage_currency", _("Currency of the wage"), "code", for_files=True),
        Column("take_home", _("Take-home pay a month"), "money", currency="JPY", meaning=_("Wage after deductions")),
        Column("cost", _("Worker pays"), "money", currency_key="currency", meaning=_("All fees and costs of the worker")),
        Column("currency", _("Currency of the cost"), "code", for_files=True),
        Column(
            "at_least", _("At least"), meaning=_("Yes: a part of the cost is not known, the real one is higher"), for_files=True
        ),
        Column("months", _("Months of pay"), "months", meaning=_("Cost divided by take-home pay")),
        Column("published", _("Published"), "date", missing="–"),
        Column("closed", _("Closed"), "date", missing="–", for_files=True),
    )


def _lines(rows, zone: ZoneInfo) -> Iterator[tuple]:
    """One line for each opening. Names are asked for once, not for every row."""
    yes, no = _("Yes"), _("No")
    states = {code: str(label) for code, label in STATES.items()}
    version_states = {code: str(label) for code, label in VERSION_STATES.items()}
    name, work_name, programme_name = cache(names.name), cache(names.work_name), cache(names.programme_name)
    for line in selectors.lines(rows, zone):
        (
            code, state, version, version_state, occupation, field, programme, employer, prefecture, origin, places, filled, wage,
            wage_currency, take_home, cost, currency, at_least, months, published, closed,
        ) = line  # fmt: skip
        yield (
            show(code),
            work_name(occupation or "", field or "", programme or ""),
            states[state],
            version,
            version_states[version_state],
            programme_name(programme) if programme else "",
            employer,
            name("prefectures", prefecture),
            name("countries", origin),
            places,
            filled,
            wage,
            wage_currency,
            take_home,
            cost if currency else None,
            currency,
            yes if at_least else no,
            months,
            published,
            closed,
        )
