"""Where the reader is and what was just done: the language menu, messages after an action, data for machines."""

import json

from babel import Locale
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe

from config.context import in_language, languages, site

from ._library import register
from .amounts import LOCALES, reader_language

_NO_TAGS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.inclusion_tag("components/_languages.html", takes_context=True)
def lang_links(context) -> dict:
    """The language menu: native names, the same page (and the same question of a GET form) in each language."""
    request = context.get("request")
    path = request.path if request else "/"
    query = request.GET.urlencode() if request and request.method == "GET" else ""
    here = reader_language()
    links = [
        {
            "code": code,
            "name": name,
            "url": in_language(path, code) + (f"?{query}" if query else ""),
            "current": code == here,
        }
        for code, name in languages()
    ]
    return {"links": links, "here": next((link["name"] for link in links if link["current"]), here)}


@register.simple_tag(takes_context=True)
def our_site(context) -> dict:
    """`site` of config.context: views of libraries (allauth) put another `site` over it."""
    request = context.get("request")
    return site(request)["site"] if request else {}


@register.inclusion_tag("components/_toast.html", takes_context=True)
def toasts(context) -> dict:
    """Messages after an action. A reader without a session has none, and her page stays free of cookies."""
    request = context.get("request")
    storage = getattr(request, "_messages", None)
    if storage is None or not (settings.SESSION_COOKIE_NAME in request.COOKIES or storage.added_new):
        return {"messages": []}
    return {"messages": list(get_messages(request))}


@register.simple_tag
def json_ld(data) -> SafeString:
    """schema.org data as a script of type `application/ld+json`: never executed, so the strict CSP allows it."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_NO_TAGS)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (no tag can end it)


@register.filter
def country(code: str) -> str:
    """A country's name in the reader's language: `VN` → "Việt Nam". An unheard-of code stays as it is."""
    language = reader_language()
    if language == "en" and code == "VN":
        return "Viet Nam"  # as the country writes it, and as everywhere else on our pages
    return Locale.parse(LOCALES[language]).territories.get(str(code), str(code)).partition(" (")[0]
