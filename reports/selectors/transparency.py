"""What the world may read about one organization, gathered for its sheet: from published tables only."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recruitment.models import FeeCeiling, PublishedPosting, PublishedVersion
from recruitment.selectors.sheet import is_worker, service_charge
from reports.selectors import directory

NONE, HALF, FULL, OVER, UNKNOWN = "none", "half", "full", "over", "unknown"


@dataclass(frozen=True)
class Sheet:
    """A profile with its live postings, the rows of law their fees were judged by, and every published version of them."""

    profile: directory.Profile
    postings: list[PublishedPosting]
    law: dict[str, FeeCeiling]
    versions: list[PublishedVersion]


def sheet_of(slug: str, *, now: datetime.datetime) -> Sheet | None:
    """None when the directory does not have this organization."""
    profile = directory.profile(slug, now=now)
    if profile is None:
        return None
    rows = PublishedPosting.objects.filter(organization_id=profile.organization.pk, state=PublishedPosting.State.PUBLISHED)
    postings = [row for row in rows.select_related("permit").order_by("-published_at", "code") if row.is_live(now=now)]
    codes = {fee["ceiling"] for row in postings for fee in row.document["fees"] if fee["ceiling"]}
    versions = PublishedVersion.objects.filter(code__in=[row.code for row in postings]).order_by("code", "number")
    law: dict[str, FeeCeiling] = {row.pk: row for row in FeeCeiling.objects.filter(pk__in=codes)}  # type: ignore[misc]
    return Sheet(profile, postings, law, list(versions))


def worker_fees(sheet: Sheet) -> Iterator[tuple[PublishedPosting, dict[str, Any], FeeCeiling | None]]:
    """Every charge to a worker or the family, with the row of law it was judged by when that row binds."""
    for posting in sheet.postings:
        for fee in posting.document["fees"]:
            if is_worker(fee["payer"]) or fee["payer"] == "family":
                row = sheet.law.get(fee["ceiling"])
                yield posting, fee, row if row is not None and row.binds else None


def against_ceiling(sheet: Sheet) -> dict[str, int]:
    """How many openings ask which part of what the law allows as a service charge."""
    found = dict.fromkeys((NONE, HALF, FULL, OVER, UNKNOWN), 0)
    for posting in sheet.postings:
        found[_place(service_charge(posting.document, sheet.law))] += 1
    return found


def _place(charge: dict[str, Any] | None) -> str:
    if charge is None or charge["asked"] == 0:
        return NONE
    if charge["asked"] is None or charge["ceiling"] is None:
        return UNKNOWN
    if charge["asked"] > charge["ceiling"]:
        return OVER
    return HALF if charge["asked"] * 2 <= charge["ceiling"] else FULL


def fee_changes(sheet: Sheet) -> Iterator[tuple[PublishedVersion, dict[str, Any]]]:
    """Every amount of a fee that a later version changed."""
    for version in sheet.versions:
        for entry in version.changes:
            if entry["field"].startswith("fees") and entry["kind"] == "money":
                yield version, entry
