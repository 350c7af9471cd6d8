"""Signs and words: icons, verdict chips, permit status, due clocks, and the sprite that carries the icons."""

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ._library import register
from .amounts import day, local, moment

ICON_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "components" / "icons"
_USED = re.compile(r'href="#i-([a-z0-9]+)"')
_LATER = re.compile(r'data-signs="([a-z0-9 ]+)"')

# verdict -> (class of the colour, sign). The words always come with it.
VERDICTS = {
    "ok": ("ok", "ok"),
    "warn": ("warn", "warn"),
    "stop": ("stop", "stop"),
    "pause": ("stop", "pause"),
    "unk": ("unk", "unk"),
    "urgent": ("stop", "u2"),
    "high": ("warn", "u1"),
    "normal": ("unk", "u0"),
}

# permit status -> (verdict, words)
STATUSES = {
    "valid": ("ok", gettext_lazy("Permit in force")),
    "expired": ("stop", gettext_lazy("Permit expired")),
    "suspended": ("pause", gettext_lazy("Permit suspended")),
    "suspended_market": ("pause", gettext_lazy("Permit suspended for one country")),
    "surrendered": ("stop", gettext_lazy("Permit given back")),
    "revoked": ("stop", gettext_lazy("Permit taken away")),
    "not_checked": ("unk", gettext_lazy("Permit not checked")),
}


@lru_cache
def symbols() -> dict[str, str]:
    """Every sign of the product: name -> `<symbol id="i-name">`, read once from components/icons."""
    return {file.stem: file.read_text(encoding="utf-8").strip() for file in sorted(ICON_FOLDER.glob("*.svg"))}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One sign. Decorative unless `label` gives it words (a button without text)."""
    if name not in symbols():
        raise template.TemplateSyntaxError(f"no sign named {name!r} in components/icons")
    classes = f"i {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', classes, label, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', classes, name)


def verdict_of(verdict: str) -> tuple[str, str]:
    """Colour class and sign of a verdict; anything unheard-of is "unknown", never "fine"."""
    return VERDICTS.get(str(verdict), VERDICTS["unk"])


@register.simple_tag
def chip(verdict: str, text, sign: str = "") -> SafeString:
    """A sign and its words: `{% chip "stop" words %}`."""
    css, own_sign = verdict_of(verdict)
    return format_html('<span class="chip {}">{}{}</span>', css, icon(sign or own_sign), text)


@register.simple_tag
def status(code: str, text: str = "") -> SafeString:
    """Permit status as a chip."""
    verdict, words = STATUSES.get(str(code), STATUSES["not_checked"])
    return chip(verdict, text or words)


@register.simple_tag
def swatch(payer: str) -> SafeString:
    """The square that names a payer in bars and tables; nothing for "nobody"."""
    if payer not in ("you", "emp", "org"):
        return mark_safe("")
    return format_html('<svg class="sw" viewBox="0 0 10 10" aria-hidden="true"><path class="{}" d="M0 0h10v10H0z"/></svg>', payer)


@register.simple_tag
def due(at: dt.datetime | None, now: dt.datetime, paused: str = "") -> SafeString:
    """When an answer is due: late, today, tomorrow, later, or paused and why."""
    css, sign, words = _due_words(at, now, paused)
    return format_html('<span class="due {}">{}{}</span>', css, icon(sign), words)


def _due_words(at, now, paused) -> tuple[str, str, str]:
    if paused:
        return "", "pause", _("Paused: %(why)s") % {"why": paused}
    if at is None:
        return "", "unk", _("No date set")
    if at < now:
        return "stop", "late", _late_by(now - at)
    days = (local(at).date() - local(now).date()).days
    if days == 0:
        return "warn", "warn", _("Today %(time)s") % {"time": moment(at, "time")}
    return "", "clock", _("Tomorrow") if days == 1 else day(at, "short")


def _late_by(gap: dt.timedelta) -> str:
    hours = int(gap.total_seconds() // 3600)
    if hours < 1:
        return _("Late by less than 1 hour")
    if hours < 48:
        return ngettext("Late by %(n)s hour", "Late by %(n)s hours", hours) % {"n": hours}
    return ngettext("Late by %(n)s day", "Late by %(n)s days", gap.days) % {"n": gap.days}


def sprite(html: str) -> str:
    """The `<symbol>`s that `html` uses, as one hidden SVG.

    A part that is filled later (search results) names what it may need: `data-signs="ok warn stop"`.
    """
    later = [name for names in _LATER.findall(html) for name in names.split()]
    known = symbols()
    inside = "".join(known[name] for name in dict.fromkeys([*_USED.findall(html), *later]) if name in known)
    return f'<svg width="0" height="0" class="vh" aria-hidden="true">{inside}</svg>' if inside else ""


class _SpritesNode(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        html = self.nodelist.render(context)
        return html + sprite(html)


@register.tag
def sprites(parser, token):
    """`{% sprites %}…{% endsprites %}`: what is inside, followed by the symbols it uses."""
    nodelist = parser.parse(("endsprites",))
    parser.delete_first_token()
    return _SpritesNode(nodelist)


@register.simple_tag
def verdict_parts(verdict: str) -> dict[str, str]:
    """`css` and `sign` of a verdict, for a partial that lays them out itself."""
    css, sign = verdict_of(verdict)
    return {"css": css, "sign": sign}


@register.simple_tag
def status_parts(code: str) -> dict:
    """`verdict` and `words` of a permit status."""
    verdict, words = STATUSES.get(str(code), STATUSES["not_checked"])
    return {"verdict": verdict, "words": words}
