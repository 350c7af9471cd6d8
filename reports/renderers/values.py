"""One way through the rows for every form: counted, summed, checked. And how machines write a value."""

import csv
import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language

import recruitment
from reports.renderers.document import Column, Table

CURRENCIES = Path(recruitment.__file__).resolve().parent / "reference" / "currencies.csv"
LOCALES = {"vi": "vi", "id": "id", "en": "en_GB", "ja": "ja"}
TELL_EVERY = 500
NUMBERS = frozenset({"integer", "decimal", "money", "months", "percent"})
SUMMED = frozenset({"integer", "decimal", "money"})


class Counted:
    """The rows of a table, once through: `count` and `totals` are known afterwards.

    `totals` are those the table brings; else sums of the columns marked `total`. A sum is None (not known) when a value is, or
    when amounts of several currencies stand in the column; there is none without such a column.
    """

    def __init__(self, table: Table, told: Callable[[int], None]):
        self.table, self.count = table, 0
        self._told = told
        self._sums: dict[int, Any] = {i: 0 for i, column in enumerate(table.columns) if column.total and column.kind in SUMMED}
        self._currencies: dict[int, set[str]] = {i: set() for i in self._sums}
        self._places = {column.key: i for i, column in enumerate(table.columns)}

    def __iter__(self) -> Iterator[tuple]:
        width = len(self.table.columns)
        for row in self.table.rows():
            if len(row) != width:
                raise ValueError(f"Table {self.table.key} has {width} columns, a row has {len(row)}.")
            for i, sum_so_far in self._sums.items():
                self._sums[i] = None if sum_so_far is None or row[i] is None else sum_so_far + row[i]
                self._currencies[i].add(self.currency(row, i))
            self.count += 1
            if self.count % TELL_EVERY == 0:
                self._told(TELL_EVERY)
            yield row
        self._told(self.count % TELL_EVERY)

    def currency(self, row: tuple, i: int) -> str:
        """The currency of the value in column `i` of this row; '' for what is no money."""
        column = self.table.columns[i]
        if column.kind != "money":
            return ""
        return str(row[self._places[column.currency_key]]) if column.currency_key else column.currency

    @property
    def totals(self) -> tuple | None:
        if self.table.totals is not None:
            return self.table.totals
        if not self._sums or not self.count:
            return None
        return tuple(
            self._sums[i] if i in self._sums and len(self._currencies[i]) == 1 else None for i in range(len(self.table.columns))
        )

    def total_currency(self, i: int) -> str:
        """The one currency of a total."""
        column = self.table.columns[i]
        return column.currency or next(iter(self._currencies.get(i) or {""}))


class Progress:
    """Tells the caller how many rows of the whole document are done."""

    def __init__(self, tell: Callable[[int], None]):
        self.done, self._tell = 0, tell

    def __call__(self, more: int) -> None:
        if more:
            self.done += more
            self._tell(self.done)


@lru_cache(maxsize=1)
def _exponents() -> dict[str, int]:
    with CURRENCIES.open(encoding="utf-8", newline="") as file:
        return {line["code"]: int(line["exponent"]) for line in csv.DictReader(file)}


def decimals_of(currency: str) -> int:
    """Decimals of the minor unit, from the reference file; 2 for a currency it does not know."""
    return _exponents().get(currency, 2)


def major(amount: int, currency: str) -> Decimal:
    """Minor units as an exact amount: 1250 USD is 12.50."""
    return Decimal(amount).scaleb(-decimals_of(currency))


def written(number: int | Decimal, decimals: int | None = None) -> str:
    """A number in a sentence or beside a bar, in the active language: grouped, with as many decimals as it has or as are asked."""
    language = (get_language() or "en")[:2]
    pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(number, format=pattern, locale=LOCALES.get(language, "en_GB"))


def machine(value: Any, column: Column, currency: str = "") -> Any:
    """A value for machines, exact and without a language: ISO days and moments, decimals and money as text, None as None."""
    if value is None or isinstance(value, bool):
        return value
    if column.kind == "money":
        return f"{major(value, currency):f}" if decimals_of(currency) else str(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if column.kind in NUMBERS and isinstance(value, int):
        return value
    return str(value)
