"""What a report says, before anybody decides how it looks: texts, figures, charts and tables of streamed rows.

Values are plain: str, int, Decimal, date, datetime, bool or None. Money is an integer in minor units of its currency, months a
Decimal of months of pay, percent a ratio (0.45 is 45 %). None means "not known" and is never written as zero.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

KINDS = ("text", "code", "date", "moment", "integer", "decimal", "money", "months", "percent", "url")
CHARTS = ("bars", "line", "ranges", "parts")


@dataclass(frozen=True)
class Column:
    """One column of a table. A money column has a fixed `currency` or names the column that holds it (`currency_key`).

    `meaning` stands in the data dictionary; `missing` is said instead of "not known" where a value is None. A column that is
    `for_files` (a code beside its name) is left out where people read: on the page and on paper.
    """

    key: str
    title: str
    kind: str = "text"
    currency: str = ""
    currency_key: str = ""
    total: bool = False
    meaning: str = ""
    missing: str = ""
    for_files: bool = False


@dataclass(frozen=True)
class Table:
    """`rows` gives tuples in the order of `columns`, anew each time it is called; `count` is how many, when that is known."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[tuple]]
    count: int | None = None
    note: str = ""
    totals: tuple | None = None


@dataclass(frozen=True)
class Figure:
    """One number that stands large above the tables."""

    title: str
    value: object
    kind: str = "integer"
    currency: str = ""
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing of the table with the key `table`, and what it shows in one sentence. `data` is what the chart's tag takes."""

    kind: str
    title: str
    sentence: str
    data: object
    table: str


@dataclass(frozen=True)
class Words:
    """Paragraphs of plain text under a heading."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A whole report. `facts` are its parameters in words; `language` is the language all its texts are in."""

    code: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    parts: tuple[Table | Chart | Words, ...]
    notes: tuple[str, ...]
    language: str
    made_at: datetime.datetime
    organization: str
    demo: bool

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in their order."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    def led_by(self, key: str) -> "Document":
        """The same with the table `key` before all others: the one that a CSV file holds."""
        first = [part for part in self.parts if isinstance(part, Table) and part.key == key]
        return replace(self, parts=(*first, *(part for part in self.parts if part not in first)))


@dataclass(frozen=True)
class Seal:
    """What stands on a paper so that anybody can check it: its code, the address that answers for it, the day."""

    code: str
    address: str
    day: datetime.date
