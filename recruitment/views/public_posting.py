"""One opening: its page, its history, its short address, and up to four side by side."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organizations.models.published import PublishedOrganization
from recruitment.models import PublishedPosting
from recruitment.selectors import posting, sheet, sheet_changes
from recruitment.selectors.cards import shown_code
from recruitment.services import code as codes
from recruitment.views.public import open_to_all, published_page
from recruitment.views.public_search import codes_in

MOST_COMPARED = 4
LONGEST_CODE = 24


@dataclass(frozen=True)
class Found:
    """A posting of the address, with who posted it and whether it is live at this moment."""

    posting: PublishedPosting
    organization: PublishedOrganization | None
    live: bool
    permitted: bool


def find_posting(code: str, now: datetime.datetime) -> Found | None:
    """The posting of a stored code, or None when it never existed."""
    row = posting.posting_by_code(code)
    if row is None:
        return None
    return Found(row, posting.organization_of(row), row.is_live(now=now), row.is_permitted(now=now))


def redirect_for(request, code: str, name: str):
    """Other spellings of a code lead to the one address; what is no code, to the check page. None when all is well."""
    parsed = codes.parse(code) if len(code) <= LONGEST_CODE and code.isascii() else None
    if parsed is None:
        if len(code) > LONGEST_CODE or not code.isascii() or not code.isprintable():
            raise Http404
        return to_check(code)
    if code != codes.show(parsed):
        query = request.META.get("QUERY_STRING", "")  # the version that a flyer names, the size of a flyer
        return HttpResponsePermanentRedirect(
            reverse(f"recruitment:{name}", args=[codes.show(parsed)]) + (f"?{query}" if query else "")
        )
    return None


def to_check(code: str) -> HttpResponseRedirect:
    """A code nobody knows gets the page that says what to do, never a bare "not found"."""
    return HttpResponseRedirect(f"{reverse('recruitment:check')}?{urlencode({'q': code})}")


@open_to_all
def posting_detail(request, code):
    """The posting: cost first. Closed, paused and suspended ones say so instead, and show no fees to pay."""
    elsewhere = redirect_for(request, code, "posting_detail")
    if elsewhere is not None:
        return elsewhere
    now = timezone.now()

    def build():
        found = find_posting(codes.parse(code) or "", now)
        return to_check(code) if found is None else _detail(request, found)

    return published_page(request, "recruitment/public/posting.html", build, now=now)


def _detail(request, found: Found) -> dict:
    row = found.posting
    context = {
        "template": f"recruitment/public/{'posting' if found.live else 'not_open'}.html",
        "last_modified": row.updated_at,
        "posting": row,
        "organization": found.organization,
        "permit": row.permit,
        "permitted": found.permitted,
        "short_url": f"{settings.BASE_URL}{reverse('posting_short', args=[row.code])}",
        "printing": request.GET.get("print") == "1",
        "older": _older_than(request, row),
        "history_url": reverse("recruitment:posting_history", args=[shown_code(row.code)]),
        "flyer_url": reverse("recruitment:posting_flyer", args=[shown_code(row.code)]),
        "compare_url": f"{reverse('recruitment:posting_compare')}?{urlencode({'code': shown_code(row.code)})}",
        "keep_url": f"{reverse('recruitment:posting_kept')}?{urlencode({'code': shown_code(row.code)})}",
    }
    law, forbidden = posting.law_of(row.document) if found.live else ({}, [])
    return context | sheet.sheet(row.document, law, forbidden) | {"raised": _raise_of(row)}


def _older_than(request, row: PublishedPosting) -> bool:
    """True when the flyer that was scanned shows an older version."""
    version = request.GET.get("v", "")
    return version.isascii() and version.isdigit() and len(version) < 6 and int(version) < row.number


def _raise_of(row: PublishedPosting) -> list[dict]:
    return sheet_changes.changes(row.document["changes"])


@open_to_all
def posting_history(request, code):
    """Every version that was ever approved, what each changed, and its fingerprint."""
    elsewhere = redirect_for(request, code, "posting_history")
    if elsewhere is not None:
        return elsewhere
    now = timezone.now()

    def build():
        found = find_posting(codes.parse(code) or "", now)
        return to_check(code) if found is None else _history(found)

    return published_page(request, "recruitment/public/history.html", build, now=now)


def _history(found: Found) -> dict:
    versions = [
        {
            "number": version.number,
            "approved_at": version.approved_at,
            "content_hash": version.content_hash,
            "changes": sheet_changes.changes(version.changes),
            "cost": sheet.cost(version.document),
        }
        for version in posting.versions_of(found.posting.code)
    ]
    row = found.posting
    return sheet.sheet(row.document, {}, []) | {
        "posting": row,
        "versions": versions,
        "detail_url": reverse("recruitment:posting_detail", args=[shown_code(row.code)]),
    }


@open_to_all
def posting_short(request, code):
    """`/j/CODE`, as printed on flyers: to the posting in the reader's language."""
    parsed = codes.parse(code) if len(code) <= LONGEST_CODE and code.isascii() else None
    if parsed is None:
        if len(code) > LONGEST_CODE or not code.isascii() or not code.isprintable():
            raise Http404
        return to_check(code)
    version = request.GET.get("v", "")
    query = f"?v={version}" if version.isascii() and version.isdigit() and len(version) < 6 else ""
    response = HttpResponseRedirect(reverse("recruitment:posting_detail", args=[codes.show(parsed)]) + query)
    response["Vary"] = "Cookie, Accept-Language"
    return response


@open_to_all
def posting_compare(request):
    """Up to four postings side by side. What is closed or unknown is named, not left out silently."""
    now = timezone.now()
    return published_page(request, "recruitment/public/compare.html", lambda: _compared(request, now), now=now)


def _compared(request, now: datetime.datetime) -> dict:
    wanted = codes_in(request, MOST_COMPARED + 20)
    found = {row.code: row for row in posting.postings_by_code(wanted[:MOST_COMPARED])}
    live = [found[code] for code in wanted if code in found and found[code].is_live(now=now)]
    sheets = [sheet.sheet(row.document, {}, []) for row in live]
    notes = [
        _("%(code)s is not open now.") % {"code": shown_code(code)}
        for code in wanted[:MOST_COMPARED]
        if code not in {row.code for row in live}
    ]
    if len(wanted) > MOST_COMPARED:
        notes.append(_("Only the first four are compared."))
    here = reverse("recruitment:posting_compare")
    for entry in sheets:
        entry["url"] = reverse("recruitment:posting_detail", args=[entry["code"]])
        rest = [("code", other["code"]) for other in sheets if other is not entry]
        entry["without_url"] = f"{here}?{urlencode(rest)}"
    return {"sheets": sheets, "notes": notes, "rows": _rows(sheets), "codes": [entry["code"] for entry in sheets]}


def _rows(sheets: list[dict]) -> list[dict]:
    """The lines of the comparison: a label, and for each posting a value with its kind."""

    def row(label, kind, values):
        return {"label": label, "kind": kind, "values": values}

    return [
        row(_("You pay in total"), "cost", [entry["cost"] for entry in sheets]),
        row(_("Months of pay"), "months", [entry["cost"]["months"] for entry in sheets]),
        row(_("Take-home pay per month"), "yen", [entry["cost"]["take_home"] for entry in sheets]),
        row(_("Base wage"), "yen", [entry["document"]["wage_base"] for entry in sheets]),
        row(_("Service charge"), "service", [entry["service"] for entry in sheets]),
        row(_("Programme"), "text", [entry["programme"] for entry in sheets]),
        row(_("Prefecture"), "text", [entry["place"] for entry in sheets]),
        row(_("Length of the contract in months"), "number", [entry["document"]["contract_months"] for entry in sheets]),
        row(_("Hours a day"), "number", [entry["terms"]["hours_per_day"] for entry in sheets]),
        row(_("Housing"), "text", [entry["terms"]["housing"] for entry in sheets]),
        row(_("Japanese"), "text", [entry["terms"]["language"] or _("not said") for entry in sheets]),
        row(_("Departure"), "month", [entry["terms"]["departure_on"] for entry in sheets]),
        row(_("Places left"), "number", [entry["document"]["places_left"] for entry in sheets]),
    ]
