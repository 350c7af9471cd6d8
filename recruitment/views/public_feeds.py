"""What machines read: the sitemap with every live opening in every language."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response

from recruitment.selectors import posting
from recruitment.selectors.cards import shown_code
from recruitment.views.public import open_to_all, page_mark

PART = 5000  # openings of one part; each stands there once for each language
STANDING = ("", "jobs/", "check/", "price/", "organizations/", "about/", "costs/", "privacy/", "accessibility/")


@open_to_all
def sitemap(request):
    """The index: one part for the standing pages, then one for every five thousand live openings."""
    now = timezone.now()
    parts = range(0, 1 + -(-posting.live_count(now=now) // PART))
    return _xml(request, "recruitment/public/sitemap_index.xml", {"parts": parts}, now)


@open_to_all
def sitemap_part(request, part):
    """Part 0 holds the standing pages, the others openings in the order of their ids."""
    now = timezone.now()
    if part == 0:
        entries = [{"path": path, "day": None} for path in STANDING]
    else:
        rows = posting.live_codes(now=now, offset=(part - 1) * PART, limit=PART) if part < 1000 else []
        if not rows:
            raise Http404
        entries = [{"path": f"jobs/{shown_code(code)}/", "day": updated} for code, updated in rows]
    return _xml(request, "recruitment/public/sitemap.xml", {"entries": entries}, now)


def _xml(request, template: str, context: dict, now) -> HttpResponse:
    mark = page_mark(request, now)
    conditional = get_conditional_response(request, etag=mark)
    if conditional is not None:
        return conditional
    languages = [code for code, _name in settings.LANGUAGES]
    context = {**context, "base": settings.BASE_URL, "languages": languages}
    response = render(request, template, context, content_type="application/xml; charset=utf-8")
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    return response
