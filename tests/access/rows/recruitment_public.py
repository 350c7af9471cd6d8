"""Public doors of openings: the same for everybody."""

from types import SimpleNamespace

from tests.access.table import Row, everybody
from tests.factories.recruitment_public import an_agency, an_opening


def prepare(cast) -> SimpleNamespace:
    agency, permit = an_agency("cong-khai")
    order = an_opening(agency, permit)
    return SimpleNamespace(code=order.code, shown=str(order))


ROWS = {
    "recruitment:posting_search": Row(lambda cast, w: "/vi/jobs/", everybody()),
    "openings_feed": Row(lambda cast, w: "/vi/jobs/feed.atom", everybody()),
    "status_feed": Row(lambda cast, w: "/vi/organizations/feed.atom", everybody()),
    "recruitment:posting_kept": Row(lambda cast, w: f"/vi/jobs/kept/?code={w.shown}", everybody()),
    "recruitment:posting_compare": Row(lambda cast, w: f"/vi/jobs/compare/?code={w.shown}", everybody()),
    "recruitment:posting_detail": Row(lambda cast, w: f"/vi/jobs/{w.shown}/", everybody()),
    "recruitment:posting_history": Row(lambda cast, w: f"/vi/jobs/{w.shown}/history/", everybody()),
    "recruitment:posting_flyer": Row(lambda cast, w: f"/vi/jobs/{w.shown}/flyer.pdf", everybody()),
    "recruitment:check": Row(lambda cast, w: f"/vi/check/?q={w.shown}", everybody()),
    "recruitment:price_check": Row(lambda cast, w: "/vi/price/", everybody()),
    "posting_short": Row(lambda cast, w: f"/j/{w.code}", everybody(302)),
    "sitemap": Row(lambda cast, w: "/sitemap.xml", everybody()),
    "sitemap_part": Row(lambda cast, w: "/sitemap-1.xml", everybody()),
}
