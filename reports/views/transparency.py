"""The transparency sheet of an organization, for everybody: page and files from one document."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from recruitment.views.public import open_to_all, page_mark, published_page
from reports.catalogue import transparency
from reports.renderers.page import context
from reports.selectors.transparency import sheet_of
from reports.views.files import document_file

ENDINGS = ("pdf", "xlsx", "csv", "json")


@open_to_all
def sheet_page(request, slug):
    """The sheet as a page."""
    now = timezone.now()

    def build() -> dict:
        document = _document(slug, now)
        return {"slug": slug, "document": document, "endings": ENDINGS, **context(document)}

    return published_page(request, "reports/sheet.html", build, now=now)


@open_to_all
def sheet_file(request, slug, ending):
    """The sheet as a file; a PDF carries the code by which others can check it. Where the machine cannot make PDF the page is printed
    instead."""
    if ending not in ENDINGS:
        raise Http404
    now = timezone.now()
    name = f"terang-{slug}-{now:%Y-%m-%d}"
    mark = page_mark(request, now, address=request.path + ("?bom" if request.GET.get("bom") else ""))
    try:
        return document_file(request, ending, name, mark, lambda: _file_document(slug, now, ending), now=now)
    except OSError:
        return HttpResponseRedirect(reverse("reports:sheet", args=[slug]))


def _file_document(slug: str, now, ending: str):
    document = _document(slug, now)
    return document.led_by("openings") if ending == "csv" else document


def _document(slug: str, now):
    found = sheet_of(slug, now=now)
    if found is None:
        raise Http404
    address = settings.BASE_URL.rstrip("/") + reverse("reports:sheet", args=[slug])
    return transparency.document(found, now=now, address=address)
