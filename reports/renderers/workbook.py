"""XLSX: a sheet "About", one sheet for each table, the data dictionary. Written row by row; memory does not grow with the rows.

Every text is a text cell, whatever it begins with: nothing in it can become a formula. Days and numbers are real ones.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from reports.renderers import dictionary
from reports.renderers.document import Document, Seal, Words
from reports.renderers.values import NUMBERS, Counted, Progress, decimals_of, major

LONGEST = 32_767  # letters of a cell
DIGITS = 15  # more of them Excel does not keep
EXACT: int = int(10**DIGITS)
MOST_LINES = 253  # line breaks of a cell
A4 = 9  # the number of this paper in the format
LETTERS = "Calibri"
HEAD = {"font": Font(name=LETTERS, bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="15203A")}
BOLD = Font(name=LETTERS, bold=True)
RIGHT = Alignment(horizontal="right")
LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
TOTAL = {"font": BOLD, "fill": PatternFill("solid", fgColor="FFF3CC")}
FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "months": "0.0",
    "percent": "0.0%",
}
WIDTHS = {"text": 28, "code": 14, "url": 40, "date": 12, "moment": 20, "money": 20}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RUNS = re.compile(r"\A\s*[=+\-@＝＋－＠]|\A[\t\r\n]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    """The whole document as a workbook in the document's language."""
    with translation.override(document.language):
        book = Workbook(write_only=True)
        book.properties.title, book.properties.creator = safe(document.title), "Terang"
        book.properties.created = document.made_at.astimezone(datetime.UTC).replace(tzinfo=None)
        taken: set[str] = set()
        _about(book.create_sheet(sheet_title(_("About"), taken)), document, seal)
        told = Progress(progress)
        for table in document.tables:
            _table(book.create_sheet(sheet_title(table.title, taken)), Counted(table, told))
        _dictionary(book.create_sheet(sheet_title(_("Data dictionary"), taken)), document)
        book.save(out)


def _paper(sheet: Any) -> None:
    """Printed across, all columns on one page, the head on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def sheet_title(title: str, taken: set[str]) -> str:
    """A name that a sheet may have: without the forbidden signs, at most 31 letters, used once in any case."""
    base = _NO_TITLE.sub(" ", safe(title)).strip("' ")[:31].strip("' ") or "Table"
    name, number = base, 2
    while name.casefold() in taken or name.casefold() == "history":
        name, number = f"{base[: 31 - len(str(number)) - 1]} {number}", number + 1
    taken.add(name.casefold())
    return name


def safe(text: str) -> str:
    """Text that XML and Excel can hold; what they cannot becomes the replacement sign."""
    text = _NO_XML.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return _LOOKS_ESCAPED.sub("_x005F_", text)[:LONGEST]


def _about(sheet: Any, document: Document, seal: Seal | None) -> None:
    _paper(sheet)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 90
    lines: list[tuple[Any, Any]] = [(document.title, None), (document.subtitle, None), (None, None)]
    if document.demo:
        lines.append((_("Demo data: the companies, people and amounts on this page are not real."), None))
    lines += [(_("Organization"), document.organization), *document.facts]
    lines.append((_("Made on"), document.made_at))
    if seal:
        lines += [(_("Code"), seal.code), (_("Check this document at"), seal.address)]
    for number, (name, value) in enumerate(lines):
        kind = "moment" if isinstance(value, datetime.datetime) else "text"
        looks = {"font": BOLD} if number == 0 or value is not None else {}
        sheet.append(_line(sheet, [(name, "text", "", looks), (value, kind, "", {"alignment": LEFT})]))
    if document.figures:
        sheet.append([])
        for figure in document.figures:
            sheet.append(
                _line(
                    sheet,
                    [
                        (figure.title, "text", "", {}),
                        (
                            _("not known") if figure.value is None else figure.value,
                            figure.kind,
                            figure.currency,
                            {"font": BOLD, "alignment": LEFT},
                        ),
                    ],
                )
            )
    words = [(part.title, part.paragraphs) for part in document.parts if isinstance(part, Words)]
    for title, paragraphs in [*words, *([(_("Notes"), document.notes)] if document.notes else [])]:
        sheet.append([])
        sheet.append(_line(sheet, [(title, "text", "", {"font": BOLD})]))
        for paragraph in paragraphs:
            sheet.append(_line(sheet, [(None, "text", "", {}), (paragraph, "text", "", {"alignment": LEFT})]))


def _table(sheet: Any, rows: Counted) -> None:
    columns = rows.table.columns
    _paper(sheet)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    for i, column in enumerate(columns):
        width = max(WIDTHS.get(column.kind, 12), min(len(column.title) + 2, 32))
        sheet.column_dimensions[_letter(i)].width = width
    sheet.append(
        _line(
            sheet,
            [(column.title, "text", "", HEAD | ({"alignment": RIGHT} if column.kind in NUMBERS else {})) for column in columns],
        )
    )
    for row in rows:
        sheet.append(_line(sheet, [(row[i], column.kind, rows.currency(row, i), {}) for i, column in enumerate(columns)]))
    totals = rows.totals
    if totals is not None:
        cells: list[tuple[Any, str, str, dict]] = [
            (totals[i], column.kind, rows.total_currency(i) if column.kind == "money" else "", TOTAL)
            for i, column in enumerate(columns)
        ]
        if totals[0] is None:
            cells[0] = (_("Total"), "text", "", TOTAL)
        sheet.append(_line(sheet, cells))


def _dictionary(sheet: Any, document: Document) -> None:
    _paper(sheet)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDE", (20, 24, 30, 34, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    heads = (_("Table"), _("Key"), _("Column"), _("How it is written"), _("What it means"))
    sheet.append(_line(sheet, [(head, "text", "", HEAD) for head in heads]))
    for entry in dictionary.entries(document):
        values = [entry[name] for name in ("table", "key", "title", "unit", "meaning")]
        sheet.append(_line(sheet, [(value, "text", "", {}) for value in values]))


def _letter(i: int) -> str:
    return (_letter(i // 26 - 1) if i >= 26 else "") + chr(65 + i % 26)


def _line(sheet: Any, cells: Iterable[tuple[Any, str, str, dict]]) -> list:
    return [_cell(sheet, *cell) for cell in cells]


def _cell(sheet: Any, value: Any, kind: str, currency: str, looks: dict) -> Any:
    """A cell of the right type; None stays empty. `looks`: font, fill, alignment."""
    if value is None and not looks:
        return None
    cell = WriteOnlyCell(sheet)
    for name, look in looks.items():
        setattr(cell, name, look)
    if value is None:
        return cell
    number = _number(value, kind, currency)
    if number is not None:
        cell._value, cell.data_type = number, "n"
        cell.number_format = _money_format(currency) if kind == "money" else FORMATS.get(kind, "General")
    elif isinstance(value, datetime.date):
        moment = isinstance(value, datetime.datetime)
        cell._value = value.astimezone(datetime.UTC).replace(tzinfo=None) if moment else value  # type: ignore[attr-defined]
        cell.data_type, cell.number_format = "d", FORMATS["moment" if moment else "date"]
    else:
        text = str(major(value, currency)) if kind == "money" else str(value)
        cell._value, cell.data_type = safe(text), "s"
        cell.quotePrefix = bool(_RUNS.match(text))  # stays a text when somebody edits the cell
        if "\n" in text and text.count("\n") < MOST_LINES:
            cell.alignment = Alignment(wrap_text=True)
    return cell


def _number(value: Any, kind: str, currency: str) -> int | Decimal | None:
    """The number of a cell, or None when the value is no number or has more digits than Excel keeps."""
    if kind in ("text", "code", "url", "date", "moment") or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number: int | Decimal = major(value, currency) if kind == "money" and isinstance(value, int) else value
    if isinstance(number, Decimal) and (not number.is_finite() or len(number.as_tuple().digits) > DIGITS):
        return None
    return number if -EXACT < number < EXACT else None


def _money_format(currency: str) -> str:
    decimals = decimals_of(currency)
    letters = currency if currency.isascii() and currency.isalpha() else ""
    return "#,##0" + ("." + "0" * decimals if decimals else "") + (f'" {letters}"' if letters else "")
