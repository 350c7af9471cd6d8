"""The forms a document can take. A form is one module with a function `write`; nothing here knows a table of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from reports.renderers.document import Chart, Column, Document, Figure, Seal, Table, Words

__all__ = ["FORMATS", "Chart", "Column", "Document", "Figure", "Format", "Seal", "Table", "Words", "Write"]


class Write(Protocol):
    """Writes the document to `out`. `progress` is told now and then how many rows were written so far."""

    def __call__(self, document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None: ...


@dataclass(frozen=True)
class Format:
    """`most_rows`: a document with more rows is refused before it is begun; None is no limit."""

    code: str
    media_type: str
    ending: str
    most_rows: int | None
    write: Write


# The modules behind the forms load large libraries, so each is imported when it is first used.


def _pdf(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    from reports.renderers import pdf

    pdf.write(document, out, progress=progress, seal=seal)


def _xlsx(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    from reports.renderers import workbook

    workbook.write(document, out, progress=progress, seal=seal)


def _csv(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    from reports.renderers import csv_file

    csv_file.write(document, out, progress=progress, seal=seal)


def _json(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    from reports.renderers import json_file

    json_file.write(document, out, progress=progress, seal=seal)


def _page(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    from reports.renderers import page

    page.write(document, out, progress=progress, seal=seal)


FORMATS: dict[str, Format] = {
    form.code: form
    for form in (
        Format("pdf", "application/pdf", "pdf", 2_000, _pdf),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", 1_000_000, _xlsx),
        Format("csv", "text/csv; charset=utf-8", "csv", None, _csv),
        Format("json", "application/json", "json", None, _json),
        Format("page", "text/html; charset=utf-8", "html", 2_000, _page),
    )
}
