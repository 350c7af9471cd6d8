"""Open data: the figures of a month as page and files, the survey, and every public opening in one file."""

import datetime

from allauth.core.internal import ratelimit
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from recruitment.views.public import open_to_all
from reports.catalogue import open_data as documents
from reports.renderers.page import context
from reports.selectors import open_data
from reports.views.files import ENDINGS, document_file, mark_of, streamed_csv

SURVEY = "survey"
BULK_LIMIT = {"bulk": "20/h/ip"}
WAIT_SECONDS = 3600


@open_to_all
def data_page(request):
    """`?month=2026-11`; without it the newest release."""
    month = _month(request)
    rows = open_data.release(month)
    if month and not rows:
        raise Http404
    mark = mark_of(request, *(row.sha256 for row in rows.values()))
    conditional = get_conditional_response(request, etag=mark)
    if conditional is not None:
        return conditional
    made = [documents.FIGURES[code](rows[code]) for code in documents.FIGURES if code in rows]
    survey = documents.baseline()
    first = next(iter(rows.values()), None)
    response = render(
        request,
        "reports/open_data.html",
        {
            "datasets": [(document, context(document)) for document in made],
            "survey": (survey, context(survey)),
            "month": first.month if first else None,
            "made_at": first.made_at if first else None,
            "months": open_data.months()[:24],
            "method": documents.method(),
            "endings": ENDINGS,
        },
    )
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


@open_to_all
def data_file(request, figure, ending):
    """One figure as a file."""
    if ending not in ENDINGS:
        raise Http404
    now = timezone.now()
    if figure == SURVEY:
        return document_file(request, ending, "terang-survey-2022", mark_of(request), documents.baseline, now=now)
    month = _month(request)
    row = open_data.release(month).get(figure)
    if row is None or figure not in documents.FIGURES:
        raise Http404
    name = f"terang-{figure}-{row.month:%Y-%m}"
    return document_file(request, ending, name, mark_of(request, row.sha256), lambda: documents.FIGURES[figure](row), now=now)


@open_to_all
def data_openings(request):
    """Every public opening in one CSV file, once a day anew. It holds no person and no contact."""
    now = timezone.now()
    mark = mark_of(request, now.date())
    conditional = get_conditional_response(request, etag=mark)
    if conditional is not None:
        return conditional
    if ratelimit.consume(request, app="reports", action="bulk", config=BULK_LIMIT, limit_get=True) is None:
        response = render(request, "errors/429.html", {"wait": WAIT_SECONDS, "status": 429}, status=429)
        response["Retry-After"] = str(WAIT_SECONDS)
        return response
    return streamed_csv(documents.every_opening(now=now), f"terang-all-openings-{now:%Y-%m-%d}.csv", mark)


def _month(request) -> datetime.date | None:
    text = request.GET.get("month", "")
    if not text:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise Http404 from None
