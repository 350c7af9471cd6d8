"""Published postings: the doorway by code, their history, and the mark that says whether anything public has changed."""

import datetime

from django.db import connection

from organizations.models.published import PublishedOrganization
from recruitment.models import FeeCeiling, PublishedPosting, PublishedVersion


def stamp(*, now: datetime.datetime) -> str:
    """Changes whenever anything published changes or a permit opens or closes: the newest writing, and the permits open now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(updated_at) from recruitment_publishedposting), "
            "(select max(updated_at) from organizations_publishedorganization), count(*), sum(permit_id) "
            "from organizations_publishedpermit where open_from <= %s and open_until > %s",
            [now, now],
        )
        return "|".join(str(part) for part in cursor.fetchone())


def posting_by_code(code: str) -> PublishedPosting | None:
    """The posting with its permit and organization, whatever its state; None when this code never existed."""
    return (
        PublishedPosting.objects.select_related("permit", "permit__organization", "permit__status", "permit__permit_kind")
        .filter(pk=code)
        .first()
    )


def organization_of(posting: PublishedPosting) -> PublishedOrganization | None:
    """Who posted it, as the public directory shows it; None while the directory does not have it."""
    if posting.permit_id is not None:
        return posting.permit.organization
    return PublishedOrganization.objects.filter(pk=posting.organization_id).first()


def versions_of(code: str) -> list[PublishedVersion]:
    """All versions that were ever published, newest first."""
    return list(PublishedVersion.objects.filter(code=code).order_by("-number"))


def ceilings_of(document: dict) -> dict[str, FeeCeiling]:
    """The rows of law that the document's lines were judged by, by code."""
    codes = {line["ceiling"] for line in document["fees"] if line["ceiling"]}
    codes |= {entry["ceiling"] for entry in document.get("forbidden", ())}
    return {row.pk: row for row in FeeCeiling.objects.filter(pk__in=codes)} if codes else {}
