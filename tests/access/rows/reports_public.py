"""Public reports: the same for everybody."""

from types import SimpleNamespace

from django.utils import timezone

from reports.services.release import publish_figures
from tests.access.table import Row, everybody
from tests.factories.recruitment_public import an_agency, an_opening
from tests.factories.reports_public import a_sealed_file


def prepare(cast) -> SimpleNamespace:
    agency, permit = an_agency("minh-bach")
    an_opening(agency, permit)
    publish_figures(now=timezone.now())
    return SimpleNamespace(code=a_sealed_file()[0].code, slug=agency.slug)


ROWS = {
    "reports:data": Row(lambda cast, w: "/vi/data/", everybody()),
    "reports:data_file": Row(lambda cast, w: "/vi/data/cost.csv", everybody()),
    "reports:data_openings": Row(lambda cast, w: "/vi/data/all-openings.csv", everybody()),
    "reports:sheet": Row(lambda cast, w: f"/vi/organizations/{w.slug}/sheet/", everybody()),
    "reports:sheet_file": Row(lambda cast, w: f"/vi/organizations/{w.slug}/sheet.json", everybody()),
    "reports:verify_find": Row(lambda cast, w: "/vi/verify/", everybody()),
    "reports:verify": Row(lambda cast, w: f"/vi/verify/{w.code}/", everybody()),
    "verify_short": Row(lambda cast, w: f"/c/{w.code}", everybody(302)),
}
