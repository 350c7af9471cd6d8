"""What the guide says of programmes, fields and prefectures: reference rows whose mark allows it to be shown as a fact."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count

from recruitment.models import PublishedOpening
from recruitment.models.reference import Prefecture
from recruitment.selectors.names import reference

SHOWN_MARKS = ("V", "S")


def programmes() -> list[Any]:
    """Programmes with a source, in order. Those that are only named by this platform are left out."""
    return [row for row in reference().programmes.values() if row.mark in SHOWN_MARKS and not row.retired]


def source_of(row: Any) -> str:
    """The sources behind what is shown; a part that says "from memory" stands behind nothing that is shown."""
    return "; ".join(part.strip() for part in row.source.split(";") if "from memory" not in part)


def fields() -> list[Any]:
    """The fields of work with a source, in order."""
    return [row for row in reference().fields.values() if row.mark in SHOWN_MARKS and not row.retired]


def openings_by(column: str, *, now: datetime) -> dict[str, int]:
    """How many openings are visible now, by code of this column (`field`, `prefecture`, `programme`)."""
    counted = PublishedOpening.objects.visible(now=now).values(column).annotate(n=Count("pk")).values_list(column, "n")
    return dict(counted)


def regions(*, now: datetime) -> list[dict[str, Any]]:
    """The 47 prefectures by region, from north to south, each with its openings: `{name, n, prefectures: [{code, name, n}]}`."""
    counts = Counter(openings_by("prefecture", now=now))
    rows = [row for row in reference().prefectures.values() if not row.retired]
    found = []
    for region in Prefecture.Region:
        here: list[dict[str, Any]] = [
            {"code": row.pk, "name": str(row.name), "n": counts[row.pk]} for row in rows if row.region == region
        ]
        found.append({"name": region.label, "n": sum(row["n"] for row in here), "prefectures": here})
    return found
