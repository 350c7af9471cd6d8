"""Openings of an organization that have a flyer now: those everybody can find."""

from datetime import datetime
from typing import Any

from recruitment.models import PublishedOpening, PublishedPosting
from recruitment.selectors import posting, sheet
from recruitment.selectors.cards import shown_code
from recruitment.selectors.names import name, work_name

MOST_OFFERED = 200


def openings_with_flyer(actor: Any, *, now: datetime) -> list[tuple[str, str]]:
    """Code and words of the openings to choose from, the newest first, at most 200."""
    rows = _visible(actor, now).order_by("new_order", "job_order_id")[:MOST_OFFERED]
    return [(row.code, f"{shown_code(row.code)} · {_title(row)}") for row in rows]


def postings(actor: Any, codes: list[str], *, now: datetime) -> list[PublishedPosting]:
    """The organization's visible postings, all of them or those of these codes, the newest first."""
    rows = _visible(actor, now)
    chosen = rows.filter(code__in=codes) if codes else rows
    order = list(chosen.order_by("new_order", "job_order_id").values_list("code", flat=True))
    related = ("permit", "permit__organization", "permit__status", "permit__permit_kind")
    found = PublishedPosting.objects.select_related(*related).in_bulk(order)
    return [found[code] for code in order if code in found]


def flyer(row: PublishedPosting, *, now: datetime) -> dict[str, Any]:
    """What the templates of the flyer take."""
    law, forbidden = posting.law_of(row.document)
    return sheet.sheet(row.document, law, forbidden) | {
        "posting": row,
        "organization": posting.organization_of(row),
        "permit": row.permit,
        "printed_on": now.date(),
        "four": range(4),
    }


def _visible(actor: Any, now: datetime):
    return PublishedOpening.objects.visible(now=now).filter(organization_id=actor.organization_id)


def _title(row: PublishedOpening) -> str:
    work = work_name(row.occupation, row.field, row.programme)
    return " · ".join(filter(None, [work, row.city or name("prefectures", row.prefecture)]))
