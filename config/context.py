"""What every page knows: `site`, and at a desk `desk_name` and `desk_nav`.

`site` never touches session or user, so public pages stay cacheable.
"""

from functools import lru_cache

from django.conf import settings
from django.urls import Resolver404, get_urlconf, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import tenancy
from notifications.selectors.notice import unread_count
from organizations.selectors import desk

NATIVE = {"vi": "Tiếng Việt", "id": "Bahasa Indonesia", "en": "English", "ja": "日本語"}

# The doors of contract.md, after the language. A page that is not built yet is not linked.
DOORS = {
    "home": "",
    "jobs": "jobs/",
    "compare": "jobs/compare/",
    "check": "check/",
    "report": "report/",
    "follow": "report/follow/",
    "self_check": "self-check/",
    "guide": "guide/",
    "price": "price/",
    "organizations": "organizations/",
    "sanctions": "sanctions/",
    "data": "data/",
    "about": "about/",
    "costs": "costs/",
    "privacy": "privacy/",
    "accessibility": "accessibility/",
    "me": "me/",
    "login": "accounts/login/",
    "signup": "accounts/signup/",
    "logout": "accounts/logout/",
}


def languages() -> list[tuple[str, str]]:
    """Published languages with their own names, in the order of the settings."""
    return [(code, NATIVE.get(code, str(name))) for code, name in settings.LANGUAGES]


def in_language(path: str, code: str) -> str:
    """The same address in another language: the first segment is the language. Elsewhere: that language's home."""
    head, _slash, rest = path.lstrip("/").partition("/")
    return f"/{code}/{rest}" if head in dict(settings.LANGUAGES) else f"/{code}/"


@lru_cache(maxsize=16)
def _doors(urlconf: str | None, language: str) -> dict[str, str]:
    """Addresses that answer, by name; asked once per language and process."""
    found = {}
    with override(language):
        for name, rest in DOORS.items():
            path = f"/{language}/{rest}"
            try:
                resolve(path, urlconf)
            except Resolver404:
                continue
            found[name] = path
    return found


def links() -> dict[str, str]:
    """Addresses of the doors in the reader's language; a missing key is a page that does not exist."""
    return _doors(get_urlconf() or settings.ROOT_URLCONF, (get_language() or settings.LANGUAGE_CODE)[:2])


def _nav(path: str, doors: dict[str, str]) -> list[dict]:
    words = {"jobs": _("Find a job"), "check": _("Check"), "report": _("Report"), "guide": _("Guide")}
    return [
        {"url": doors[name], "label": label, "current": path.startswith(doors[name])}
        for name, label in words.items()
        if name in doors
    ]


def _site(request) -> dict:
    doors = links()
    base = settings.BASE_URL.rstrip("/")
    return {
        "name": "Terang",
        "demo": bool(getattr(settings, "DEMO", False)),
        "base_url": base,
        "root": f"/{(get_language() or settings.LANGUAGE_CODE)[:2]}/",
        "links": doors,
        "nav": _nav(request.path, doors),
        "languages": languages(),
        "canonical": base + request.path,
        "alternates": [(code, base + in_language(request.path, code)) for code, _name in languages()],
    }


def site(request) -> dict:
    """Context processor: `site`, built when a template first asks for it; at `/o/<slug>/` also the desk's name and menu; there and
    at `/me/` the number of unread notices."""
    known = {"site": SimpleLazyObject(lambda: _site(request))}
    if getattr(request, "organization", None) is not None:
        known["desk_name"] = SimpleLazyObject(lambda: desk.desk_name(request.actor))
        known["desk_nav"] = SimpleLazyObject(lambda: desk.desk_nav(request.actor, request.path))
    active = tenancy.current()
    if active is not None and active.user_id and active.user_id == request.actor.user_id:
        known["unread"] = SimpleLazyObject(lambda: unread_count(request.actor))
    return known
