"""Checking a document by the code that stands on it. Files that are handed in are hashed while they arrive and not kept."""

from allauth.core.internal import ratelimit
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from recruitment.services import code as codes
from recruitment.views.public import open_to_all
from reports.forms.verify import CompareForm
from reports.selectors.seal import seal_by_code
from reports.services.seal import digest

WRONG_GUESSES = {"verify": "12/m/ip"}
COMPARISONS = {"verify_file": "30/m/ip"}
WAIT_SECONDS = 60


@open_to_all
def verify_short(request, code):
    """`/c/<code>`, as it is printed: to the page in the reader's language."""
    response = HttpResponseRedirect(reverse("reports:verify", args=[code[:64]]))
    response["Vary"] = "Cookie, Accept-Language"
    return response


@open_to_all
def verify_find(request):
    """A box for the code; `?code=` leads to its page."""
    code = request.GET.get("code", "").strip()[:64]
    if code:
        known = codes.parse(code)
        return HttpResponseRedirect(reverse("reports:verify", args=[codes.show(known) if known else code.replace("/", "-")]))
    return _page(request, {})


@open_to_all
def verify(request, code):
    """What this document is. POST: whether a file is this document. Wrong guesses are limited, as at the check page."""
    if not _may(request, "verify", WRONG_GUESSES, dry_run=True):
        return _too_many(request)
    known = codes.parse(code)
    seal = seal_by_code(known) if known else None
    if seal is None:
        if not _may(request, "verify", WRONG_GUESSES):
            return _too_many(request)
        return _page(request, {"typed": code[:64], "is_code": known is not None, "missing": True}, status=404)
    if code != codes.show(seal.code):
        return HttpResponseRedirect(reverse("reports:verify", args=[codes.show(seal.code)]))
    form, same = CompareForm(), None
    if request.method == "POST":
        if not _may(request, "verify_file", COMPARISONS):
            return _too_many(request)
        form = CompareForm(request.POST, request.FILES)
        if form.is_valid():
            sha256, size = digest(form.cleaned_data["file"].chunks())
            same = sha256 == seal.sha256 and size == seal.size
    return _page(request, {"seal": seal, "shown": codes.show(seal.code), "form": form, "same": same})


def _page(request, context: dict, status: int = 200):
    response = render(request, "reports/verify.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _may(request, action: str, rates: dict, *, dry_run: bool = False) -> bool:
    return ratelimit.consume(request, app="reports", action=action, config=rates, limit_get=True, dry_run=dry_run) is not None


def _too_many(request):
    response = render(request, "errors/429.html", {"wait": WAIT_SECONDS, "status": 429}, status=429)
    response["Retry-After"] = str(WAIT_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
