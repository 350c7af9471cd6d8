"""The document as a part of a page. The paper is made of the same part, so both say the same."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

from reports.renderers.document import Chart, Column, Document, Seal, Table
from reports.renderers.values import NUMBERS, Counted, Progress

PARTIAL = "reports/_document.html"
LONG = 12  # lines
ADDRESSES = ("https://", "http://")


class Cell(NamedTuple):
    """What a template needs to write a value: the filter `shown` reads value, kind and currency."""

    value: Any
    kind: str
    currency: str = ""
    title: str = ""
    missing: str = ""

    @property
    def right(self) -> bool:
        """Numbers stand to the right."""
        return self.kind in NUMBERS

    @property
    def firm(self) -> bool:
        """Not to be broken into two lines."""
        return self.value is not None and (self.kind in NUMBERS or self.kind in ("code", "date"))

    @property
    def link(self) -> str:
        """An address of the web, else nothing."""
        return self.value if self.kind == "url" and str(self.value).startswith(ADDRESSES) else ""


class Part(NamedTuple):
    """One part for the template: `what` (table, bars, line, ranges, parts, words) and what belongs to it. `quiet`: the chart
    above has said the title."""

    what: str
    part: Any
    heads: tuple[Cell, ...] = ()
    rows: Any = ()
    counted: Counted | None = None
    quiet: bool = False

    @property
    def folds(self) -> bool:
        """Whether a page may close the table: below its own drawing, or when it is long."""
        return self.quiet or (self.part.count or 0) > LONG

    @property
    def totals(self) -> list[Cell]:
        """The last line of a table; empty when it has none. Known only after the rows."""
        sums = self.counted.totals if self.counted else None
        if sums is None:
            return []
        columns = _read(self.part)
        return [Cell(sums[i], column.kind, self.counted.total_currency(i), column.title) for i, column in columns]  # type: ignore[union-attr]


def write(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    """The part of a page as HTML, without a frame."""
    with translation.override(document.language):
        out.write(render_to_string(PARTIAL, context(document, progress=progress)).encode("utf-8", "replace"))


def context(document: Document, *, progress: Callable[[int], None] = lambda done: None) -> dict[str, Any]:
    """What `reports/_document.html` takes. The rows are read while the template is filled, once."""
    told = Progress(progress)
    return {
        "document": document,
        "figures": [(figure, Cell(figure.value, figure.kind, figure.currency)) for figure in document.figures],
        "parts": [_part(part, told, before) for before, part in zip((None, *document.parts), document.parts, strict=False)],
    }


def _part(part: Any, told: Callable[[int], None], before: Any) -> Part:
    if isinstance(part, Table):
        counted = Counted(part, told)
        heads = tuple(Cell(None, column.kind, "", column.title) for _i, column in _read(part))
        quiet = isinstance(before, Chart) and before.table == part.key and before.title == part.title
        return Part("table", part, heads, _rows(counted), counted, quiet)
    if isinstance(part, Chart):
        return Part(part.kind, part)
    return Part("words", part)


def _rows(counted: Counted) -> Iterator[list[Cell]]:
    columns = _read(counted.table)
    for row in counted:
        yield [Cell(row[i], column.kind, counted.currency(row, i), column.title, column.missing) for i, column in columns]


def _read(table: Table) -> list[tuple[int, Column]]:
    """The columns that people read, with their places in a row."""
    return [(i, column) for i, column in enumerate(table.columns) if not column.for_files]
