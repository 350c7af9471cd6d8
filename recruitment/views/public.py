"""What all public pages of openings share: who may see them, how long a copy may live, what a reader's browser keeps."""

import datetime
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language

from core.policies import public
from recruitment.selectors import posting

KEEP_SECONDS = 60


def open_to_all(view):
    """A page for everybody, with or without an account."""
    view = login_not_required(view)
    view.policy = public
    return view


def published_page(
    request, template: str, build: Callable[[], Any], *, now: datetime.datetime, status: int = 200
) -> HttpResponseBase:
    """A page made of published rows only. `build()` gives its context, or a response that answers instead; it is called only
    when no copy is left. The context may name another `template`, and the moment of the `last_modified`.

    The mark (ETag) changes with anything published, with every permit that opens or closes, and with the release; so a copy
    never outlives a suspension by more than the second for which the mark is kept.
    """
    mark = page_mark(request, now)
    conditional = get_conditional_response(request, etag=mark)
    if conditional is not None:
        return conditional
    cacheable = status == 200 and settings.SESSION_COOKIE_NAME not in request.COOKIES
    key = f"page:{mark}"
    kept = cache.get(key) if cacheable else None
    if kept is None:
        context = build()
        if isinstance(context, HttpResponseBase):
            return context
        kept = render(request, context.get("template", template), context).content, context.get("last_modified")
        if cacheable:
            cache.set(key, kept, KEEP_SECONDS)
    response = HttpResponse(kept[0], status=status)
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    if kept[1] is not None:
        response["Last-Modified"] = http_date(kept[1].timestamp())
    patch_vary_headers(response, ["Cookie"])
    return response


def page_mark(request, now: datetime.datetime, *, address: str = "") -> str:
    """The ETag of an address in this language at this state of everything published. `address`: where parts of the asked one say
    nothing (the same file must not be made once for each invented parameter)."""
    parts = (release(), posting.stamp(now=now), get_language(), address or request.get_full_path(), now.date().isoformat())
    return '"' + hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:32] + '"'


@lru_cache(maxsize=1)
def release() -> str:
    """A mark of the running code, templates and words: the newest of their files, looked at once per process."""
    root = Path(settings.BASE_DIR)
    files = [
        *root.glob("templates/**/*.html"),
        *root.glob("locale/**/*.mo"),
        *root.glob("static/*"),
        *root.glob("recruitment/**/*.py"),
    ]
    return str(max((file.stat().st_mtime_ns for file in files), default=0))
