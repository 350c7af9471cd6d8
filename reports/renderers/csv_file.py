"""CSV (RFC 4180, UTF-8): the first table of a document, with the keys of its columns as the head. A formula cannot stand in it.

The other tables, the words and the data dictionary are in the workbook and in JSON; a CSV file holds one table.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from types import NoneType
from typing import Any, BinaryIO

from reports.renderers.document import Column, Document, Seal
from reports.renderers.values import Counted, Progress, decimals_of, machine

BUFFER = 64 * 1024
TOGETHER = 40  # rows that are written in one go, column by column
WHOLE = frozenset({int, NoneType})  # the csv module writes these itself
# Spreadsheets run what begins so, also in full-width letters, also after blanks.
DANGEROUS = "=+\\-@＝＋－＠"
# A program that cuts at another separator than the comma sees the beginning of a cell there too.
_HARMFUL = re.compile(rf"\A(?='*[^\S\t\r\n]*[{DANGEROUS}\t\r\n])|(?<=[;\t\r\n])(?='*[^\S\t\r\n]*[{DANGEROUS}])")
_HARMLESS = re.compile(rf"\A'(?='*[^\S\t\r\n]*[{DANGEROUS}\t\r\n])|(?<=[;\t\r\n])'(?='*[^\S\t\r\n]*[{DANGEROUS}])")
# Most texts: they begin with nothing dangerous, and nothing in them begins a cell anew.
_SAFE = re.compile(rf"(?!'*\s*[{DANGEROUS}])[^;\t\r\n\0]*")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def write(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None, bom: bool = False) -> None:
    """The first table of the document. `bom`: begin with the mark by which Excel knows UTF-8."""
    if bom:
        out.write(codecs.BOM_UTF8)
    if not document.tables:
        return
    rows = Counted(document.tables[0], Progress(progress))
    columns = rows.table.columns
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer, lineterminator="\r\n")
    lines.writerow([column.key for column in columns])
    places = {column.key: i for i, column in enumerate(columns)}
    source = iter(rows)
    while some := list(islice(source, TOGETHER)):
        lines.writerows(zip(*_cells(some, columns, places), strict=True))
        del some  # or it would be kept until the next ones are read
        if buffer.tell() > BUFFER:
            _flush(buffer, out)
    _flush(buffer, out)


def _cells(some: list[tuple], columns: Sequence[Column], places: dict[str, int]) -> Iterator[Sequence[Any]]:
    """What stands in each column of these rows."""
    given = tuple(zip(*some, strict=True))
    for values, column in zip(given, columns, strict=True):
        if column.kind != "money":
            yield _column(values, column)
        elif column.currency_key:
            yield _money(values, column, given[places[column.currency_key]])
        else:
            yield _money(values, column, (column.currency,) * len(values))


def _column(values: Sequence[Any], column: Column) -> Sequence[Any]:
    """Values that are all of one kind, as nearly always, need no question each."""
    kinds = set(map(type, values))
    if kinds <= WHOLE:
        return values
    kinds.discard(NoneType)
    only = kinds.pop() if len(kinds) == 1 else None
    if only is str:
        return _texts(values)
    if only is date:
        return [value and value.isoformat() for value in values]
    if only is Decimal:
        return _texts([value if value is None else f"{value:f}" for value in values])
    return [_cell(machine(value, column)) for value in values]


def _texts(values: Sequence[str | None]) -> Sequence[str | None]:
    """States, places and names come again in every row, so each is looked at once."""
    different: set[Any] = set(values)
    different.discard(None)
    return values if all(map(_SAFE.fullmatch, different)) else [value and neutral(value) for value in values]


def _money(values: Sequence[Any], column: Column, currencies: Sequence[Any]) -> Sequence[Any]:
    """Amounts: those of a currency without a minor unit are written as they are."""
    if WHOLE.issuperset(map(type, values)) and not any(decimals_of(str(currency)) for currency in set(currencies)):
        return values
    return [_cell(machine(value, column, str(currency))) for value, currency in zip(values, currencies, strict=True)]


def _flush(buffer: io.StringIO, out: BinaryIO) -> None:
    out.write(buffer.getvalue().encode("utf-8", "replace"))
    buffer.seek(0)
    buffer.truncate()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(value) if isinstance(value, str) else str(value)


def neutral(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula; plain numbers, negative ones too, stay."""
    if _SAFE.fullmatch(text):
        return text
    return text if _NUMBER.fullmatch(text) else _HARMFUL.sub("'", text.replace("\0", "\ufffd"))


def plain(cell: str) -> str:
    """What `neutral` was given: takes its apostrophes away again."""
    return _HARMLESS.sub("", cell)
