"""The check page: one box for flyer codes, phones, accounts, bank holders, companies and permit numbers."""

from allauth.core.internal import ratelimit
from django.shortcuts import render
from django.utils import timezone

from recruitment.selectors import check
from recruitment.services import code as codes
from recruitment.views.public import open_to_all

LONGEST_QUESTION = 400
WRONG_GUESSES = {"check": "12/m/ip"}
WAIT_SECONDS = 60


@open_to_all
def check_page(request):
    """GET `q`. Wrong guesses are limited per reader; answers are never kept, because numbers stand in the address."""
    now = timezone.now()
    q = "".join(c for c in request.GET.get("q", "")[:LONGEST_QUESTION] if c.isprintable() or c in "\n\t").strip()
    if q and not _may_guess(request, dry_run=True):
        return _too_many(request)
    parts = [(part, codes.parse(part)) for part in check.parts_of(q)]
    answers = check.answers(parts, now=now)
    for answer in answers:
        if answer.is_wrong and not _may_guess(request):
            return _too_many(request)
    for answer in answers:
        if answer.kind == "company" and answer.organization is not None:
            answer.permit = next(iter(check.permits_of(answer.organization)), None)
    context = {"q": q, "answers": answers, "now": now, "cut": len(request.GET.get("q", "")) > LONGEST_QUESTION}
    response = render(request, "recruitment/public/check.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _may_guess(request, *, dry_run: bool = False) -> bool:
    """Twelve wrong guesses a minute for one client; the limiter of the sign-in pages, which counts trusted proxies only."""
    usage = ratelimit.consume(request, app="recruitment", action="check", config=WRONG_GUESSES, limit_get=True, dry_run=dry_run)
    return usage is not None


def _too_many(request):
    response = render(request, "errors/429.html", {"wait": WAIT_SECONDS, "status": 429}, status=429)
    response["Retry-After"] = str(WAIT_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
