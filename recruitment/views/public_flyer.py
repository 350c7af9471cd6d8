"""The flyer of a live opening as PDF."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from recruitment.selectors import posting, sheet
from recruitment.selectors.cards import shown_code
from recruitment.services import code as codes
from recruitment.views.public import open_to_all, page_mark
from recruitment.views.public_posting import find_posting, redirect_for, to_check


@open_to_all
def posting_flyer(request, code):
    """`?size=a4|a6`. Only a live opening has a flyer; any other leads to its page, which says why."""
    elsewhere = redirect_for(request, code, "posting_flyer")
    if elsewhere is not None:
        return elsewhere
    try:
        from recruitment.services.flyer import SIZES, flyer_pdf  # WeasyPrint is large: the first flyer of a process loads it
    except OSError:  # a machine without Pango prints the page itself
        return HttpResponseRedirect(f"{reverse('recruitment:posting_detail', args=[code])}?print=1")
    now = timezone.now()
    found = find_posting(codes.parse(code) or "", now)
    if found is None:
        return to_check(code)
    if not found.live:
        return HttpResponseRedirect(reverse("recruitment:posting_detail", args=[code]))
    conditional = get_conditional_response(request, etag=page_mark(request, now))
    if conditional is not None:
        return conditional
    size = request.GET.get("size", "a4")
    size = size if size in SIZES else "a4"
    row = found.posting
    law, forbidden = posting.law_of(row.document)
    context = sheet.sheet(row.document, law, forbidden) | {
        "posting": row,
        "organization": found.organization,
        "permit": row.permit,
        "printed_on": now.date(),
        "short_url": f"{settings.BASE_URL}{reverse('posting_short', args=[row.code])}?v={row.number}",
        "host": settings.BASE_URL.split("://", 1)[-1],
        "demo": settings.DEMO,
        "four": range(4),
    }
    permit_day = row.permit.checked_on if row.permit else ""
    made = flyer_pdf(
        context, size=size, key=f"{row.code}|{row.content_hash}|{row.document['places_left']}|{now.date()}|{permit_day}"
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shown_code(row.code)}-{size}.pdf"'
    response["ETag"] = page_mark(request, now)
    response["Cache-Control"] = "public, no-cache"
    return response
