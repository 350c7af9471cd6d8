"""The flyer of an opening as PDF: one A4 page, or four A6 sheets on one A4. Made from structured fields only.

No text of a user reaches the HTML except names, escaped. The renderer fetches nothing (recruitment.services.paper).
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from recruitment.services.paper import write_pdf

SIZES = ("a4", "a6")
KEEP_SECONDS = 24 * 3600
STYLES = Path(__file__).resolve().parents[2] / "templates" / "recruitment" / "flyer"

# WeasyPrint does not style the inside of an SVG from the page's sheet: the squares get their colours as attributes.
PAINT = {
    '<rect class="o"': '<rect fill="none" stroke="#757b89" stroke-width="1.5"',
    '<rect class="f"': '<rect fill="#ffc43a"',
    '<rect class="s"': '<rect fill="none" stroke="#15203a" stroke-width="1.5"',
}


def flyer_pdf(sheet: Mapping[str, Any], *, size: str, key: str) -> bytes:
    """The PDF in the active language. `key` names code, version and day: the same key gives the kept file.

    `size` is "a4" or "a6". About a quarter of a second for a new one; PDF/UA-1 (tagged, with language and title).
    """
    mark = hashlib.sha256(f"{_release()}|{get_language()}|{size}|{key}".encode()).hexdigest()
    kept = caches["default"].get(f"flyer:{mark}")
    if kept is not None:
        return kept
    made = render_pdf(render_to_string(f"recruitment/flyer/{size}.html", {**sheet, "size": size}), size)
    caches["default"].set(f"flyer:{mark}", made, KEEP_SECONDS)
    return made


def write_flyers(sheets: Iterable[Mapping[str, Any]], out: BinaryIO, *, title: str, size: str) -> None:
    """The flyers of several openings in one PDF, each on a page of its own, in the active language. ValueError for none."""
    pages = [render_to_string(f"recruitment/flyer/{size}.html", {**sheet, "size": size}) for sheet in sheets]
    if not pages:
        raise ValueError("There is no flyer to print.")
    bodies = "".join(f'<div class="flyer">{_body(page)}</div>' for page in pages)
    head = f'<html lang="{get_language()}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    _write_pdf(f"<!doctype html>{head}<body>{bodies}</body></html>", size, out)


def _body(page: str) -> str:
    return page.split("<body>", 1)[1].rsplit("</body>", 1)[0]


def render_pdf(html: str, size: str) -> bytes:
    """HTML of ours as PDF/UA, with our fonts and nothing from outside."""
    target = io.BytesIO()
    _write_pdf(html, size, target)
    return target.getvalue()


def _write_pdf(html: str, size: str, out: BinaryIO) -> None:
    for plain, painted in PAINT.items():
        html = html.replace(plain, painted)
    style = (STYLES / "flyer.css").read_text(encoding="utf-8") + (STYLES / f"{size}.css").read_text(encoding="utf-8")
    write_pdf(html, [style, ".flyer + .flyer{break-before:page}"], out)


def _release() -> str:
    """Changes with the templates, styles and words of the flyer."""
    files = [*STYLES.glob("*"), *Path(settings.BASE_DIR).glob("locale/**/*.mo")]
    return str(max(file.stat().st_mtime_ns for file in files))
