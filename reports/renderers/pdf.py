"""The document on paper: tagged PDF (PDF/UA-1) in its language, page numbers, its code and the square that leads to its check."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.renderers import page
from reports.renderers.document import Document, Seal

TEMPLATE = "reports/document.html"
STYLES = Path(settings.BASE_DIR) / "templates" / "reports" / "document"

# WeasyPrint does not style the inside of an SVG from the page's sheet, so every drawing carries its colours with it.
_DRAWING = '<svg class="chart'


def write(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    """The same document gives the same bytes. OSError where the machine has no Pango; the page is then printed instead."""
    from recruitment.services.paper import write_pdf  # WeasyPrint is large, and its import fails hard without Pango

    with translation.override(document.language):
        sheets = styles()
        write_pdf(html(document, seal=seal, progress=progress), sheets, out)


def html(document: Document, *, seal: Seal | None, progress: Callable[[int], None] = lambda done: None) -> str:
    """The finished page for the paper, in the active language."""
    made = render_to_string(TEMPLATE, page.context(document, progress=progress) | {"seal": seal})
    colours = (STYLES / "drawing.css").read_text(encoding="utf-8")
    pieces = made.split(_DRAWING)
    painted = [piece.replace(">", f"><style>{colours}</style>", 1) for piece in pieces[1:]]
    whole = unicodedata.normalize("NFC", _DRAWING.join([pieces[0], *painted]))  # marks that stand apart would overlap
    return whole.encode("utf-8", "replace").decode()


def styles() -> list[str]:
    """The sheets of the paper; the words of the page number are those of the active language."""
    before, between, after = (_css(part) for part in _("Page {page} of {pages}").replace("{pages}", "{page}").split("{page}"))
    number = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
    return [(STYLES / "paper.css").read_text(encoding="utf-8"), f"@page{{@bottom-right{{content:{number}}}}}"]


def _css(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
