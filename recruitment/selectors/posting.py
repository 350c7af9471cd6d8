"""Published postings: the doorway by code, their history, and the mark that says whether anything public has changed."""

import datetime
import time

from django.conf import settings
from django.db import connection
from django.db.models import Q

from organizations.models.published import PublishedOrganization
from recruitment.models import FeeCeiling, PublishedOpening, PublishedPosting, PublishedVersion, Standing, Unit
from recruitment.selectors import names

_stamp: tuple[float, str] = (0.0, "")


def stamp(*, now: datetime.datetime) -> str:
    """Changes whenever anything published changes or a permit opens or closes: the newest writing, and the permits open now.

    Kept for `PUBLISHED_STAMP_SECONDS` in each process, so that a busy page does not ask for every reader.
    """
    global _stamp
    if settings.PUBLISHED_STAMP_SECONDS and time.monotonic() - _stamp[0] < settings.PUBLISHED_STAMP_SECONDS:
        return _stamp[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(updated_at) from recruitment_publishedposting), "
            "(select max(updated_at) from organizations_publishedorganization), count(*), sum(permit_id) "
            "from organizations_publishedpermit where open_from <= %s and open_until > %s",
            [now, now],
        )
        _stamp = time.monotonic(), "|".join(str(part) for part in cursor.fetchone())
    return _stamp[1]


def posting_by_code(code: str) -> PublishedPosting | None:
    """The posting with its permit and organization, whatever its state; None when this code never existed."""
    return (
        PublishedPosting.objects.select_related("permit", "permit__organization", "permit__status", "permit__permit_kind")
        .filter(pk=code)
        .first()
    )


def organization_of(posting: PublishedPosting) -> PublishedOrganization | None:
    """Who posted it, as the public directory shows it; None while the directory does not have it."""
    if posting.permit is not None:
        return posting.permit.organization
    return PublishedOrganization.objects.filter(pk=posting.organization_id).first()


def organization_id_of(slug: str) -> int | None:
    """The id of a published organization by its address."""
    return PublishedOrganization.objects.filter(slug=slug).values_list("organization_id", flat=True).first()


def versions_of(code: str) -> list[PublishedVersion]:
    """All versions that were ever published, newest first."""
    return list(PublishedVersion.objects.filter(code=code).order_by("-number"))


def law_of(document: dict) -> tuple[dict[str, FeeCeiling], list[FeeCeiling]]:
    """The rows of law the lines were judged by, by code; and what nobody may take on this route, with the law that says so.

    Only rows in force with mark V or S forbid anything. One question for both.
    """
    codes = {line["ceiling"] for line in document["fees"] if line["ceiling"]}
    known = names.reference()
    programme = known.programmes.get(document["programme"])
    occupation = known.occupations.get(document["occupation"])
    day = document["signing_on"] or document["cost"]["judged_on"] or document["approved_at"][:10]
    zero = Q(
        standing=Standing.IN_FORCE,
        mark__in=["V", "S"],
        unit=Unit.AMOUNT,
        amount=0,
        payer="worker",
        origin__in=["all", document["origin"]],
        destination__in=["all", "JP", "east_asia"],
        programme__in=["all", document["programme"], programme.family if programme else "all"],
        occupation_group__in=["all", *(occupation.groups if occupation else [])],
        situation__in=["all", document["situation"] or "all"],
        in_force__contains=datetime.date.fromisoformat(day),
    )
    rows: list[FeeCeiling] = [*FeeCeiling.objects.filter(Q(pk__in=codes) | zero).order_by("item", "code")]  # type: ignore[list-item]
    charged = {line["item"] for line in document["fees"] if line["amount"] != 0}
    forbidden = {
        row.item: row for row in rows if row.amount == 0 and row.binds and row.item in known.items and row.item not in charged
    }
    return {row.pk: row for row in rows if row.pk in codes}, list(forbidden.values())


def postings_by_code(codes: list[str]) -> list[PublishedPosting]:
    """Postings with their permits, whatever their state."""
    return list(PublishedPosting.objects.select_related("permit").filter(pk__in=codes))


def live_count(*, now: datetime.datetime) -> int:
    """How many openings are visible now."""
    return PublishedOpening.objects.visible(now=now).count()


def live_codes(*, now: datetime.datetime, offset: int, limit: int) -> list[tuple[str, datetime.datetime]]:
    """Codes of visible openings with the day of publication, in the order of their ids (for the sitemap only)."""
    rows = PublishedOpening.objects.visible(now=now).order_by("job_order_id").values_list("code", "published_at")
    return list(rows[offset : offset + limit])
