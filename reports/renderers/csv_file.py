"""CSV (RFC 4180, UTF-8): the first table of a document, with the keys of its columns as the head. A formula cannot stand in it.

The other tables, the words and the data dictionary are in the workbook and in JSON; a CSV file holds one table.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, BinaryIO

from reports.renderers.document import Document, Seal
from reports.renderers.values import Counted, Progress, machine

BUFFER = 64 * 1024
# Spreadsheets run what begins so, also in full-width letters, also after blanks.
DANGEROUS = "=+\\-@＝＋－＠"
# A program that cuts at another separator than the comma sees the beginning of a cell there too.
_HARMFUL = re.compile(rf"\A(?='*[^\S\t\r\n]*[{DANGEROUS}\t\r\n])|(?<=[;\t\r\n])(?='*[^\S\t\r\n]*[{DANGEROUS}])")
_HARMLESS = re.compile(rf"\A'(?='*[^\S\t\r\n]*[{DANGEROUS}\t\r\n])|(?<=[;\t\r\n])'(?='*[^\S\t\r\n]*[{DANGEROUS}])")
_SUSPECT = re.compile(rf"[{DANGEROUS}\t\r\n\0]")  # without any of these there is nothing to take the edge off
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
    money = [i for i, column in enumerate(columns) if column.kind == "money"]
    for row in rows:
        line = [
            neutral(value)
            if type(value) is str
            else (value if value is None or type(value) is int else _cell(machine(value, column)))
            for value, column in zip(row, columns, strict=True)
        ]
        for i in money:
            line[i] = _cell(machine(row[i], columns[i], rows.currency(row, i)))
        lines.writerow(line)
        if buffer.tell() > BUFFER:
            _flush(buffer, out)
    _flush(buffer, out)


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


@lru_cache(maxsize=4096)  # states, places and currencies come again in every row
def neutral(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula; plain numbers, negative ones too, stay."""
    if not _SUSPECT.search(text):
        return text
    return text if _NUMBER.fullmatch(text) else _HARMFUL.sub("'", text.replace("\0", "\ufffd"))


def plain(cell: str) -> str:
    """What `neutral` was given: takes its apostrophes away again."""
    return _HARMLESS.sub("", cell)
