"""Pages of the guide that reference data fills: programmes and fields, prefectures."""

import datetime

from django.utils import timezone

from recruitment.views.public import open_to_all, published_page
from reports.selectors import guide

FIELDS_DECIDED = datetime.date(2026, 1, 23)


@open_to_all
def guide_programmes(request):
    """The programmes with their dates, and the fields of work that are open under them."""
    now = timezone.now()

    def build() -> dict:
        counts = guide.openings_by("field", now=now)
        fields = [{"row": row, "n": counts.get(row.pk, 0)} for row in guide.fields()]
        listed = guide.programmes()
        return {
            "programmes": [{"row": row, "source": guide.source_of(row)} for row in listed],
            "fields": fields,
            "ssw_count": sum(1 for field in fields if field["row"].ssw),
            "esd_count": sum(1 for field in fields if field["row"].esd),
            "decided_on": FIELDS_DECIDED,
            "checked_on": max((row.checked_on for row in listed), default=None),
        }

    return published_page(request, "reports/guide_programmes.html", build, now=now)


@open_to_all
def guide_prefectures(request):
    """The 47 prefectures by region, each with the openings there."""
    now = timezone.now()
    return published_page(request, "reports/guide_prefectures.html", lambda: {"regions": guide.regions(now=now)}, now=now)
