"""The reports there are, one module each. Pages and tasks read it; nothing else knows a report by name."""

from typing import Any

from reports.catalogue.flyers import Flyers
from reports.catalogue.openings import Openings
from reports.catalogue.permit_history import PermitHistory
from reports.catalogue.regulator_monthly import RegulatorMonthly
from reports.catalogue.report import Report

REPORTS: dict[str, Report] = {}


def add(*reports: Report) -> None:
    """Put reports into the catalogue, in the order of `place`. Raises ValueError for a code that is taken."""
    for report in reports:
        if report.code in REPORTS:
            raise ValueError(f"The report {report.code} is declared twice.")
        REPORTS[report.code] = report


def remove(*codes: str) -> None:
    """Take reports out again: for tests that bring their own."""
    for code in codes:
        REPORTS.pop(code, None)


def find(code: str) -> Report | None:
    """The report with this code; None when there is none (any more)."""
    return REPORTS.get(code)


def open_to(actor: Any) -> list[Report]:
    """The reports this person may have, in their order."""
    allowed = (report for report in REPORTS.values() if report.policy(actor, actor.organization))
    return sorted(allowed, key=lambda report: (report.place, report.code))


add(Openings(), Flyers(), PermitHistory(), RegulatorMonthly())

__all__ = ["REPORTS", "Report", "add", "find", "open_to", "remove"]
