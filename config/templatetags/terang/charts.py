"""Charts drawn on the server: bars, line, ranges, parts of a whole. Each carries the same numbers in a table beneath.

`table=False` leaves the table out where the page has its own; `sentence` says in words what the drawing shows.
"""

import math
import unicodedata

from django.utils.translation import gettext as _

from ._library import register
from .amounts import number
from .pictures import _short, read

WIDTH = 360


def _columns(text: str) -> int:
    """How wide a text is: wide characters (Japanese) count double."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _fit(text, room: int = 44) -> str:
    """A label cut to the room it has. The table has the whole."""
    out = ""
    for character in str(text):
        if _columns(out + character) > room:
            return out.rstrip() + "…"
        out += character
    return out


def _nice_top(value: float) -> tuple[float, float]:
    """The end of an axis and its step: a round number at or above `value`, in three to five steps."""
    if value <= 0:
        return 1, 1
    rough = value / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    return math.ceil(value / step) * step, step


def _rows(things, names) -> list[dict]:
    return [{name: read(thing, name) for name in names} for thing in things]


@register.inclusion_tag("components/_chart_bars.html")
def chart_bars(
    rows, title: str, head: str = "", unit: str = "", note: str = "", top=None, sentence: str = "", table: bool = True
) -> dict:
    """Horizontal bars. rows: `label`, `value` (None = not known), `text` (how the value is written)."""
    bars = _rows(rows, ("label", "value", "text"))
    full = float(top or max((float(bar["value"] or 0) for bar in bars), default=0) or 1)
    for bar in bars:
        bar["text"] = str(bar["text"] or number(bar["value"]))
    longest = max((_columns(bar["text"]) for bar in bars if bar["value"] is not None), default=0)
    room = min(298, WIDTH - 14 - 8 * longest)  # the value stands to the right of the bar, never on it
    for index, bar in enumerate(bars):
        bar["y"] = index * 46
        bar["short"] = _fit(bar["label"])
        bar["width"] = None if bar["value"] is None else _short(min(1.0, float(bar["value"]) / full) * room)
    return {"rows": bars, "title": title, "head": head or _("What"), "unit": unit or _("Number"), "note": note, "room": room,
            "height": max(46 * len(bars), 20), "sentence": sentence, "table": table}  # fmt: skip


def _ticks(top: float, step: float, low: float, high: float, vertical: bool = True) -> list[dict]:
    """Gridlines: where each stands, and its number."""
    marks = []
    for index in range(round(top / step) + 1):
        share = index * step / top
        place = low + (high - low) * share
        marks.append({"at": _short(place), "text": number(index * step), "vertical": vertical})
    return marks


@register.inclusion_tag("components/_chart_line.html")
def chart_line(
    points, title: str, head: str = "", unit: str = "", note: str = "", sentence: str = "", table: bool = True
) -> dict:
    """One line over time. points: `label`, `value` (None is a gap, never zero), `text`."""
    dots = _rows(points, ("label", "value", "text"))
    top, step = _nice_top(max((float(dot["value"] or 0) for dot in dots), default=0))
    gap = (WIDTH - 56) / max(1, len(dots) - 1)
    every = math.ceil(len(dots) / 6)
    path, pen_down = [], False
    for index, dot in enumerate(dots):
        dot["x"] = _short(44 + index * gap)
        dot["text"] = dot["text"] or number(dot["value"])
        dot["shown"] = _fit(dot["label"], 10) if index % every == 0 else ""
        dot["y"] = None if dot["value"] is None else _short(150 - 140 * float(dot["value"]) / top)
        if dot["y"] is not None:
            path.append(f"{'L' if pen_down else 'M'}{dot['x']} {dot['y']}")
        pen_down = dot["y"] is not None
    return {"rows": dots, "title": title, "head": head or _("When"), "unit": unit or _("Number"), "note": note,
            "path": "".join(path), "ticks": _ticks(top, step, 150, 10), "sentence": sentence, "table": table}  # fmt: skip


@register.inclusion_tag("components/_chart_ranges.html")
def chart_ranges(rows, title: str, head: str = "", note: str = "", sentence: str = "", table: bool = True) -> dict:
    """What was asked and what was paid. rows: `label`, `note`, `asked`, `paid`, `low`, `high` (one unit, named in the title)."""
    lines = _rows(rows, ("label", "note", "asked", "paid", "low", "high"))
    largest = max((float(line[key] or 0) for line in lines for key in ("asked", "paid", "high")), default=0)
    top, step = _nice_top(largest)

    def place(value):
        return None if value is None else _short(70 + 280 * float(value) / top)

    for index, line in enumerate(lines):
        line["y"] = 30 + index * 52
        line["low_x"], line["high_x"] = place(line["low"]), place(line["high"])
        line["paid_x"] = place(line["paid"])
        line["asked_x"] = None if line["asked"] is None else _short(63 + 280 * float(line["asked"]) / top)
    height = 26 + 52 * len(lines)
    return {"rows": lines, "title": title, "head": head or _("Year"), "note": note, "height": height,
            "ticks": _ticks(top, step, 70, 350), "sentence": sentence, "table": table}  # fmt: skip


# Kinds of parts, told apart by lightness and, for what is over a limit, by a hatch: they survive a grey print.
PARTS = {"dark": "emp", "middle": "org", "light": "you", "over": "over", "open": "less"}


@register.inclusion_tag("components/_chart_parts.html")
def chart_parts(rows, keys, title: str, head: str = "", sentence: str = "", table: bool = True) -> dict:
    """Each row a whole, cut into parts. keys: `kind` (dark, middle, light, over, open) and `label`; rows: `label`, `text` and
    `values`, one number for each key (None = not known, which leaves the whole row undrawn)."""
    kinds = _rows(keys, ("kind", "label"))
    bars = _rows(rows, ("label", "text", "values"))
    for index, bar in enumerate(bars):
        bar["y"], bar["short"] = index * 50, _fit(bar["label"], 34)
        bar["parts"] = _parts_of(bar["values"], [key["kind"] for key in kinds])
    for key in kinds:
        key["kind"] = PARTS[key["kind"]]
    return {"rows": bars, "keys": kinds, "title": title, "head": head or _("What"), "sentence": sentence, "table": table,
            "height": max(50 * len(bars) - 10, 20)}  # fmt: skip


def _parts_of(values, kinds: list[str]) -> list[dict]:
    """Where each part of one bar stands; nothing when a value is missing or the whole is zero."""
    if any(value is None for value in values) or not sum(values):
        return []
    scale, x, parts = 358 / float(sum(values)), 1.0, []
    for value, kind in zip(values, kinds, strict=True):
        width = float(value) * scale
        if width > 0:
            parts.append({"kind": PARTS[kind], "x": _short(x), "width": _short(width),
                          "hatch": _hatch(x, width) if kind == "over" else ""})  # fmt: skip
        x += width
    return parts


def _hatch(x: float, width: float) -> str:
    """Slanted lines inside a part that begins at x."""
    starts = range(int(x) + 1, int(x + width) - 15, 7)
    return "".join(f"M{start} 35l15-15" for start in starts)
