"""How many files one account and one organization may send in a minute and in an hour (settings.UPLOAD_RATES).

The counts stand in the cache, behind allauth's lock, as those of the sign-in pages. When the cache does not answer, each process
counts for itself: people go on working, and a flood still ends.
"""

import math
import threading
import time

import structlog
from allauth.core.internal.ratelimit import Rate, cache_lock, parse_rates
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import ngettext

log = structlog.get_logger()

_own: dict[str, list[float]] = {}
_own_lock = threading.Lock()


def wait_before_upload(*, user_id: int | None, organization_id: int | None, files: int = 1) -> int:
    """Take `files` uploads: 0 when they may come now, else the seconds to wait, and nothing is taken."""
    limits = _limits(user_id, organization_id)
    for take in (False, True):  # all limits are asked before one is used up
        waits = [_use(key, rate, files, take) for key, rate in limits]
        if any(waits):
            return math.ceil(max(waits))
    return 0


def wait_before(request) -> int:
    """The same for the files of a page's form; a form without files waits for nothing."""
    files = sum(len(request.FILES.getlist(name)) for name in request.FILES)
    actor = request.actor
    return wait_before_upload(user_id=actor.user_id, organization_id=actor.organization_id, files=files) if files else 0


def in_words(seconds: int) -> str:
    """What the person reads beside the form."""
    if seconds < 90:
        text = ngettext(
            "You sent many files in a short time. Your answers are kept. Send the file again in %(n)s second.",
            "You sent many files in a short time. Your answers are kept. Send the file again in %(n)s seconds.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    text = ngettext(
        "You sent many files in a short time. Your answers are kept. Send the file again in %(n)s minute.",
        "You sent many files in a short time. Your answers are kept. Send the file again in %(n)s minutes.",
        minutes,
    )
    return text % {"n": minutes}


def ask_to_wait(response, seconds: int):
    """The form again, as an answer that says "too many" also to programs."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def _limits(user_id: int | None, organization_id: int | None) -> list[tuple[str, Rate]]:
    found = []
    for who, pk in (("account", user_id), ("organization", organization_id)):
        for rate in parse_rates(settings.UPLOAD_RATES[who]) if pk else []:
            found.append((f"uploads:{who}:{pk}:{rate.amount}/{rate.duration}", rate))
    return found


def _use(key: str, rate: Rate, files: int, take: bool) -> float:
    try:
        with cache_lock(key) as locked:
            if not locked:
                return 1
            history, wait = _after(cache.get(key) or [], rate, files)
            if take and not wait:
                cache.set(key, history, rate.duration)
            return wait
    except Exception:  # whatever the cache's driver raises when its server is away
        log.warning("upload_limit_without_cache", key=key)
        with _own_lock:
            history, wait = _after(_own.get(key, []), rate, files)
            if take and not wait:
                _own[key] = history
            return wait


def _after(history: list[float], rate: Rate, files: int) -> tuple[list[float], float]:
    """The moments of the last uploads with these added, oldest first; and the seconds until they fit."""
    now, files = time.time(), min(files, rate.amount)
    recent = [moment for moment in history if moment > now - rate.duration]
    over = len(recent) + files - rate.amount
    if over > 0:
        return recent, max(1.0, recent[over - 1] + rate.duration - now)
    return [*recent, *[now] * files], 0
