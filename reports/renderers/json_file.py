"""JSON: the whole document, its rows streamed. Money and decimals are text, so that nobody's floating point changes them."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.utils import translation

from reports.renderers import dictionary
from reports.renderers.document import Column, Document, Figure, Seal, Words
from reports.renderers.values import Counted, Progress, machine

AT_ONCE = 500


def write(document: Document, out: BinaryIO, *, progress: Callable[[int], None], seal: Seal | None) -> None:
    """One object: what the report is, its figures, the data dictionary, then the tables with an object for each row."""
    with translation.override(document.language):
        head = _head(document, seal)
    out.write(_text(head)[:-1].encode() + b',"tables":{')
    told = Progress(progress)
    for number, table in enumerate(document.tables):
        rows = Counted(table, told)
        out.write((b"," if number else b"") + f'{_text(table.key)}:{{"title":{_text(table.title)},"rows":['.encode())
        for piece in _pieces(rows):
            out.write(piece)
        totals = rows.totals
        sums = None
        if totals is not None:
            columns = enumerate(table.columns)
            sums = {c.key: machine(totals[i], c, rows.total_currency(i)) for i, c in columns if totals[i] is not None}
        out.write(f'],"count":{rows.count},"totals":{_text(sums)},"note":{_text(table.note)}}}'.encode())
    out.write(b"}}\n")


def _pieces(rows: Counted) -> Iterator[bytes]:
    columns, lines, first = rows.table.columns, [], True
    for row in rows:
        lines.append(_text({c.key: machine(row[i], c, rows.currency(row, i)) for i, c in enumerate(columns)}))
        if len(lines) == AT_ONCE:
            yield ("" if first else ",\n").encode() + ",\n".join(lines).encode()
            lines, first = [], False
    if lines:
        yield ("" if first else ",\n").encode() + ",\n".join(lines).encode()


def _head(document: Document, seal: Seal | None) -> dict[str, Any]:
    return {
        "report": document.code,
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "organization": document.organization,
        "made_at": document.made_at.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "demo": document.demo,
        "code": seal.code if seal else None,
        "verify": seal.address if seal else None,
        "facts": [{"name": name, "value": value} for name, value in document.facts],
        "figures": [_figure(figure) for figure in document.figures],
        "words": [{"title": w.title, "paragraphs": w.paragraphs} for w in document.parts if isinstance(w, Words)],
        "notes": document.notes,
        "dictionary": list(dictionary.entries(document)),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    column = Column(key="", title=figure.title, kind=figure.kind, currency=figure.currency)
    return {
        "title": figure.title,
        "value": machine(figure.value, column, figure.currency),
        "kind": figure.kind,
        "currency": figure.currency,
        "note": figure.note,
    }


def _text(value: Any) -> str:
    """Compact JSON; letters that have no place in UTF-8 (lone surrogates) become the sign for them."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace").decode()
