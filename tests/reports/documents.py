"""Documents for the tests of the renderers: `a_document(rows=…)` and the parts around it."""

import datetime
import io
from decimal import Decimal

from reports.renderers import FORMATS, Chart, Column, Document, Figure, Seal, Table, Words

COLUMNS = (
    Column("code", "Code", "code", meaning="Code of the opening"),
    Column("name", "Name", "text"),
    Column("day", "Day", "date"),
    Column("asked", "Asked", "money", currency_key="currency"),
    Column("currency", "Currency", "code"),
    Column("fee", "Fee", "money", currency="VND", total=True),
    Column("months", "Months", "months"),
    Column("share", "Share", "percent"),
    Column("n", "Number", "integer", total=True),
)
MADE_AT = datetime.datetime(2026, 11, 28, 3, 4, 5, tzinfo=datetime.UTC)
SEAL = Seal("ABCD-EFGH", "https://terang.example/vi/verify/ABCD-EFGH/", datetime.date(2026, 11, 28))


def a_row(i: int = 1, name: str = "Nguyễn Thị Ánh", **fields) -> tuple:
    values = {
        "code": f"A{i}",
        "name": name,
        "day": datetime.date(2026, 11, 1),
        "asked": 1250,
        "currency": "USD",
        "fee": 44_620_000,
        "months": Decimal("1.90"),
        "share": Decimal("0.447"),
        "n": i,
        **fields,
    }
    return tuple(values[column.key] for column in COLUMNS)


def a_document(rows: list[tuple] | None = None, **fields) -> Document:
    kept = [a_row(1), a_row(2)] if rows is None else rows
    table = Table("openings", "Openings", COLUMNS, lambda: iter(kept), note="A note.")
    bars = [{"label": "Việt Nam", "value": Decimal("1.9"), "text": "1.9"}, {"label": "Indonesia", "value": None, "text": ""}]
    values = {
        "code": "test",
        "title": "Transparency sheet",
        "subtitle": "",
        "facts": (("Period", "November 2026"),),
        "figures": (Figure("Openings", 1234), Figure("Asked", 44_620_000, "money", "VND"), Figure("Paid", None)),
        "parts": (Words("What this is", ("First.",)), Chart("bars", "Cost", "Viet Nam: 1.9.", bars, "openings"), table),
        "notes": ("A note at the end.",),
        "language": "en",
        "made_at": MADE_AT,
        "organization": "Hoa Sen",
        "demo": True,
        **fields,
    }
    return Document(**values)


def made(form: str, document: Document, *, seal: Seal | None = None, told: list[int] | None = None) -> bytes:
    out = io.BytesIO()
    FORMATS[form].write(document, out, progress=(told if told is not None else []).append, seal=seal)
    return out.getvalue()
