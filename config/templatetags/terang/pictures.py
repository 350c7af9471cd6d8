"""Small pictures as inline SVG: squares of months, who pays, ceiling, take-home, QR. Each has its words beside it."""

import math
from decimal import Decimal

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ._library import register
from .amounts import _decimal, money, months, percent
from .signs import icon

SIDE, STEP = 26, 31  # a square and its distance to the next, in SVG units
ROW, MOST = 8, 48  # squares in a row; squares drawn at most (the words tell the number)


def read(thing, name: str, default=None):
    """A field of a dict, an object or a dataclass."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


def _short(value: float) -> str:
    """A coordinate with one decimal at most and no trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def _square(index: int, filled: float) -> str:
    x, y = index % ROW * STEP + 1, index // ROW * STEP + 1
    box = f'x="{x}" y="{y}" width="{SIDE}" height="24" rx="3"'
    if filled <= 0:
        return f'<rect class="o" {box}/>'
    inside = box if filled >= 1 else f'x="{x}" y="{y}" width="{_short(SIDE * filled)}" height="24" rx="2"'
    return f'<rect class="f" {inside}/><rect class="s" {box}/>'


@register.simple_tag
def months_squares(value, label: str = "") -> SafeString:
    """One square is one month of take-home pay; four at least, more as needed. Unknown is a broken ring."""
    figure = _decimal(value)
    if figure is None or figure < 0:
        return icon("unk", label=label or _("Months of pay: not known"), css="months-unknown")
    size = min(max(4, math.ceil(figure)), MOST)
    squares = "".join(_square(i, min(1.0, max(0.0, float(figure) - i))) for i in range(size))
    width, height = min(size, ROW) * STEP, (size - 1) // ROW * STEP + SIDE
    words = label or _("%(months)s months of take-home pay") % {"months": months(figure)}
    css = "months" if size <= ROW else "months tall"
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="xMinYMid" role="img" '
        'aria-label="{}">{}</svg>',
        css, width, height, width, height, words, mark_safe(squares),  # noqa: S308 (built from numbers only)
    )  # fmt: skip


def _shares(amounts: list[int]) -> list[int]:
    """Whole percentages that add up to 100 (largest remainders round up)."""
    total = sum(amounts)
    exact = [Decimal(amount) * 100 / total for amount in amounts]
    floors = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: floors[i] - exact[i])
    for i in by_rest[: 100 - sum(floors)]:
        floors[i] += 1
    return floors


@register.inclusion_tag("components/_who_pays.html")
def who_pays_bar(parts) -> dict:
    """Bar and table. parts: `payer` (you, emp, org), `name`, `amount` (minor units or None), `currency`.

    All amounts in one currency. With an unknown amount there is no bar and no percentage: a share of an
    unknown whole would be a guess.
    """
    rows = [{key: read(part, key) for key in ("payer", "name", "amount", "currency")} for part in parts]
    amounts = [row["amount"] for row in rows]
    drawable = all(amount is not None for amount in amounts) and sum(amounts) > 0
    shares = _shares(amounts) if drawable else [None] * len(rows)
    x = 0.0
    for row, share in zip(rows, shares, strict=True):
        row["share"] = None if share is None else f"{percent(Decimal(share) / 100)}"
        row["width"] = round(row["amount"] * 1000 / sum(amounts)) if drawable else 0
        row["x"], x = round(x), x + row["width"]
    words = "; ".join(f"{row['name']} {row['share']}" for row in rows)
    return {"rows": rows, "drawable": drawable, "words": _("Who pays: %(parts)s") % {"parts": words}}


@register.simple_tag
def bar_mini(value, top, offset=0, kind: str = "org") -> SafeString:
    """One row's bar on a common scale: from `offset`, `value` long, of `top` in all. Unknown draws the frame only."""
    size, whole, start = _decimal(value), _decimal(top), _decimal(offset) or Decimal(0)
    bar: SafeString | str = ""
    if size is not None and whole:
        x = max(Decimal(0), min(start / whole, Decimal(1))) * 200
        width = max(Decimal(0), min(abs(size) / whole * 200, 200 - x))
        bar = format_html('<rect class="{}" x="{}" width="{}" height="10"/>', kind, _short(x), _short(width))
    return format_html(
        '<svg class="mini" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="less" width="200" height="10"/>{}</svg>',
        bar,
    )


@register.inclusion_tag("components/_ceiling.html")
def ceiling_bar(asked, ceiling, currency: str) -> dict:
    """One charge against its own ceiling, both with their amounts; without a verified ceiling it says so."""
    top = max(asked or 0, ceiling or 0)
    scale = 298 / top if top else 0
    words = _("Asked: %(asked)s. The law allows at most %(ceiling)s.") % {
        "asked": money(asked, currency),
        "ceiling": money(ceiling, currency),
    }
    return {
        "asked": asked,
        "ceiling": ceiling,
        "currency": currency,
        "width": _short((asked or 0) * scale),
        "asked_x": _short(1 + (asked or 0) * scale),
        "ceiling_x": _short(1 + (ceiling or 0) * scale),
        "over": asked is not None and ceiling is not None and asked > ceiling,
        "words": words,
    }


@register.inclusion_tag("components/_take_home.html")
def take_home(lines, net, currency: str) -> dict:
    """Wage to take-home pay. lines: `name`, `amount` (deductions negative; None = not known), optional `note` and its `lang`.

    Each bar starts where the one above ended, on the scale of all income together.
    """
    rows = [{key: read(line, key) for key in ("name", "amount", "note", "lang")} for line in lines]
    income = sum(row["amount"] for row in rows if (row["amount"] or 0) > 0)
    level = 0
    for row in rows:
        amount = row["amount"] or 0
        row["kind"] = "emp" if amount > 0 else "org"
        row["offset"] = level if amount > 0 else max(0, level + amount)
        level += amount
    at_least = any(row["amount"] is None for row in rows)
    return {"rows": rows, "net": net, "currency": currency, "income": income, "incomplete": at_least}


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code, dark on white in both themes, with the four quiet modules readers need."""
    matrix = segno.make(text, error="m", micro=False).matrix
    size = len(matrix) + 8
    runs = []
    for y, line in enumerate(matrix):
        x = 0
        while x < len(line):
            end = x
            while end < len(line) and line[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + 4} {y + 4}h{end - x}v1h{x - end}z")
            x = end + 1
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" shape-rendering="crispEdges"><title>{}</title>'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        size, size, label or _("QR code: %(text)s") % {"text": text}, size, size, "".join(runs),
    )  # fmt: skip
