"""Reading a file of openings, CSV or JSON, into what `save_draft` takes. The columns are described in docs/openings-file.md.

CSV: UTF-8 with or without BOM, or UTF-16; separated by comma, semicolon or tab; one row for each opening; fees in repeated
columns (`fee_1_item`, `fee_1_amount` …). Places, programmes, fields, work, payers and fees may be written as codes or by their
name in any of the four languages. JSON: `{"openings": [{…, "fees": […], "pay": […], "texts": […]}]}`, the same field names.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from organizations.services.words import normalize
from recruitment.models import FeeCharge, JobOrderText, PayLine
from recruitment.models.amount import parse_amount
from recruitment.selectors.names import reference

MOST_ROWS = 5_000
LARGEST_FILE = 10 * 1024 * 1024
MOST_FEES = 20
LANGUAGES = ("vi", "ind", "en", "ja")
DATES = ("apply_until", "selection_on", "signing_on", "departure_on")
WHOLE = ("places", "contract_months", "age_min", "age_max")
DECIMALS = ("hours_per_day", "hours_per_month", "rest_days_per_week")
LISTS = ("insurance", "tests")
NAMED = {
    "origin": "countries", "programme": "programmes", "field": "fields", "occupation": "occupations",
    "prefecture": "prefectures", "travel_out_payer": "payers", "travel_home_payer": "payers",
}  # fmt: skip
PLAIN = (
    "route", "situation", "employer_name", "intermediary_name", "city", "workplace", "meals", "housing", "age_reason",
    "language_level",
)  # fmt: skip
PAY_COLUMNS = {f"{kind}_jpy": kind.value for kind in PayLine.Kind}
TEXT_COLUMNS = {f"text_{key}": key.value for key in JobOrderText.Key}
FEE_PARTS = ("item", "amount", "currency", "payer", "stage", "payee", "refund", "receipt", "instalments", "note")
FEE_COLUMN = re.compile(rf"fee_([1-9]|1[0-9]|20)_({'|'.join(FEE_PARTS)})")
COLUMNS = (
    "external_id",
    "wage_base_jpy",
    "text_language",
    *DATES,
    *WHOLE,
    *DECIMALS,
    *LISTS,
    *NAMED,
    *PLAIN,
    *PAY_COLUMNS,
    *TEXT_COLUMNS,
)
NEEDED = ("programme", "employer_name", "places")
YES, NO = ("yes", "true", "1", "có", "co", "ya", "はい"), ("no", "false", "0", "không", "khong", "tidak", "いいえ")

MESSAGES = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 10 MB. Split it."),
    "encoding": _("The letters cannot be read. Save the file as CSV in UTF-8 or UTF-16."),
    "null_char": _("The file holds a NUL sign. Save it again as CSV."),
    "no_rows": _("There is no row below the header."),
    "too_many_rows": _("The file holds more than 5,000 openings. Split it."),
    "unknown_column": _("The column “%(column)s” is not known."),
    "twice": _("The column “%(column)s” is there twice."),
    "missing_column": _("The column “%(column)s” is missing."),
    "too_many_cells": _("This row has more cells than the header. Look for a separator inside a text without quotes."),
    "json": _("This is not JSON as described: %(why)s"),
    "number": _("Write a number in figures."),
    "date": _("Write a day that exists, for example 2027-03-31."),
    "name": _("“%(value)s” is not known. Write the code or the full name."),
    "currency": _("Write the currency of this amount, for example VND."),
}


class BadFile(Exception):
    """The file cannot be read at all, or not as a table of openings. `errors`: see RowError."""

    def __init__(self, *errors: "RowError"):
        super().__init__(str(errors[0].message))
        self.errors = list(errors)


@dataclass(frozen=True)
class RowError:
    """`row` as a spreadsheet counts (the header is row 1); 0 = the whole file."""

    row: int
    field: str
    code: str
    message: Any

    def plain(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "code": self.code, "message": str(self.message)}


@dataclass
class Opening:
    """One row: what save_draft takes, and what could not be read in it."""

    row: int
    external_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    fees: list[dict[str, Any]] = field(default_factory=list)
    pay: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read_openings(content: bytes, *, file_name: str, language: str, exponents: Mapping[str, int]) -> list[Opening]:
    """All rows of a file. `language`: how amounts are written in CSV. Raises BadFile."""
    if len(content) > LARGEST_FILE:
        raise _bad("too_large")
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise _bad("empty")
    text = _decoded(content)
    if file_name.lower().endswith(".json") or text.lstrip()[:1] in ("{", "["):
        return _from_json(text)
    return _from_csv(text, language, exponents)


def _bad(code: str, row: int = 0, column: str = "", **params) -> BadFile:
    return BadFile(RowError(row, column, code, MESSAGES[code] % params if params else MESSAGES[code]))


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _bad("encoding") from None
    if "\x00" in text:
        raise _bad("null_char")
    return text


# -- CSV ----------------------------------------------------------------------------------------------------------------


def _from_csv(text: str, language: str, exponents: Mapping[str, int]) -> list[Opening]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=delimiter)
    try:
        header = [cell.strip().casefold() for cell in next(reader)]
        _check_header(header)
        return list(_rows(reader, header, language, exponents))
    except csv.Error as error:
        raise BadFile(RowError(reader.line_num, "", "csv", str(error))) from None


def _check_header(header: list[str]) -> None:
    errors = []
    for position, column in enumerate(header):
        known = not column or column in COLUMNS or FEE_COLUMN.fullmatch(column)
        if not known:
            errors.append(RowError(1, column, "unknown_column", MESSAGES["unknown_column"] % {"column": column[:60]}))
        elif column and column in header[:position]:
            errors.append(RowError(1, column, "twice", MESSAGES["twice"] % {"column": column}))
    for column in NEEDED:
        if column not in header:
            errors.append(RowError(1, column, "missing_column", MESSAGES["missing_column"] % {"column": column}))
    if errors:
        raise BadFile(*errors)


def _rows(reader, header: list[str], language: str, exponents: Mapping[str, int]) -> Iterator[Opening]:
    read = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        read += 1
        if read > MOST_ROWS:
            raise _bad("too_many_rows")
        row = read + 1
        if len(cells) > len(header):
            yield Opening(row, errors=[RowError(row, "", "too_many_cells", MESSAGES["too_many_cells"])])
            continue
        given = {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column and cell.strip()}
        yield _Row(row, given, language, exponents).opening()
    if not read:
        raise _bad("no_rows")


class _Row:
    """One CSV row; each cell is read by its column, mistakes are kept with it."""

    def __init__(self, row: int, given: dict[str, str], language: str, exponents: Mapping[str, int]):
        self.given, self.language, self.exponents = given, language, exponents
        self.found = Opening(row, external_id=given.get("external_id", ""))

    def opening(self) -> Opening:
        for column, cell in self.given.items():
            if column == "wage_base_jpy":
                self._put("wage_base", column, partial(self._amount, cell, "JPY"))
            elif column in DATES:
                self._put(column, column, partial(_day, cell))
            elif column in WHOLE:
                self._put(column, column, partial(_whole, cell))
            elif column in DECIMALS:
                self._put(column, column, partial(_decimal, cell))
            elif column in LISTS:
                self._put(column, column, partial(_list, cell))
            elif column in NAMED:
                self._put(column, column, partial(_code, NAMED[column], cell))
            elif column in PLAIN:
                self._put(column, column, partial(_choice, column, cell))
            elif column in PAY_COLUMNS:
                self._add_pay(column, cell)
        self._add_texts()
        self._add_fees()
        return self.found

    def _put(self, name: str, column: str, read: Callable[[], Any]) -> None:
        try:
            self.found.values[name] = read()
        except ValidationError as error:
            self._mistake(column, error)

    def _mistake(self, column: str, error: ValidationError) -> None:
        self.found.errors += [RowError(self.found.row, column, e.code or "invalid", e.messages[0]) for e in error.error_list]

    def _amount(self, cell: str, currency: str) -> int | None:
        return parse_amount(cell, exponent=self.exponents.get(currency, 0), language=self.language)

    def _add_pay(self, column: str, cell: str) -> None:
        try:
            amount = None if cell in ("?", "-") else self._amount(cell, "JPY")
        except ValidationError as error:
            self._mistake(column, error)
            return
        self.found.pay.append({"kind": PAY_COLUMNS[column], "amount": amount})

    def _add_texts(self) -> None:
        language = self.given.get("text_language", self.language)
        for column, key in TEXT_COLUMNS.items():
            if column in self.given:
                self.found.texts.append({"key": key, "language": language, "text": self.given[column]})

    def _add_fees(self) -> None:
        for number in range(1, MOST_FEES + 1):
            cells = {part: self.given.get(f"fee_{number}_{part}", "") for part in FEE_PARTS}
            if any(cells.values()):
                self._add_fee(number, cells)

    def _add_fee(self, number: int, cells: dict[str, str]) -> None:
        line: dict[str, Any] = {"currency": cells["currency"].upper(), "note": cells["note"]}
        readers: dict[str, Callable[[], Any]] = {
            "item": lambda: _code("items", cells["item"]),
            "payer": lambda: _code("payers", cells["payer"] or "worker"),
            "stage": lambda: _code("stages", cells["stage"]),
            "payee": lambda: _word(FeeCharge.Payee, cells["payee"]),
            "refund": lambda: _word(FeeCharge.Refund, cells["refund"]),
            "receipt": lambda: _yes_no(cells["receipt"]),
            "instalments": lambda: _whole(cells["instalments"]),
            "amount": lambda: None if cells["amount"] in ("", "?") else self._amount(cells["amount"], line["currency"]),
        }
        if line["currency"] not in self.exponents:
            self._mistake(f"fee_{number}_currency", ValidationError(MESSAGES["currency"], code="currency"))
        for part, read in readers.items():
            try:
                line[part] = read()
            except ValidationError as error:
                self._mistake(f"fee_{number}_{part}", error)
        self.found.fees.append(line)


def _whole(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise ValidationError(MESSAGES["number"], code="number_format")
    return int(cell)


def _decimal(cell: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,4})?", cell):
        raise ValidationError(MESSAGES["number"], code="number_format")
    try:
        return Decimal(cell.replace(",", "."))
    except InvalidOperation:
        raise ValidationError(MESSAGES["number"], code="number_format") from None


def _list(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|/]", cell) if part.strip()]


def _day(cell: str) -> date:
    found = re.fullmatch(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})", cell)
    iso = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else cell
    try:
        day = parse_date(iso) if iso.isascii() else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(MESSAGES["date"], code="invalid_date")
    return day


def _code(kind: str, cell: str) -> str | None:
    """The code of a reference row, written as code or by its name in one of the four languages."""
    if not cell:
        return None
    rows = getattr(reference(), kind)
    if cell in rows:
        return cell
    wanted = normalize(cell)
    for code, row in rows.items():
        names = [code, *(getattr(row, f"name_{language}", None) or "" for language in LANGUAGES)]
        names += [getattr(row, f"short_name_{language}", None) or "" for language in LANGUAGES]
        if any(name and normalize(str(name)) == wanted for name in names):
            return code
    raise ValidationError(MESSAGES["name"], code="not_found", params={"value": cell[:60]})


def _choice(column: str, cell: str) -> str:
    """Codes are written in small letters in files; other texts as they are."""
    if column in ("route", "situation", "meals", "housing"):
        return cell.casefold()
    return cell


def _word(choices, cell: str) -> str:
    return cell.casefold() if cell.casefold() in choices.values else cell


def _yes_no(cell: str) -> bool | None:
    if not cell:
        return None
    word = cell.casefold()
    if word not in YES and word not in NO:
        raise ValidationError(MESSAGES["name"], code="choice", params={"value": cell[:60]})
    return word in YES


# -- JSON ---------------------------------------------------------------------------------------------------------------


def _from_json(text: str) -> list[Opening]:
    try:
        data = json.loads(text, parse_constant=_no_constant, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _bad("json", why=str(error)[:200]) from None
    rows = data.get("openings") if isinstance(data, dict) and set(data) == {"openings"} else None
    if not isinstance(rows, list):
        raise _bad("json", why=_("it must be one object with the list “openings”."))
    if len(rows) > MOST_ROWS:
        raise _bad("too_many_rows")
    if not rows:
        raise _bad("no_rows")
    return [_json_opening(number, row) for number, row in enumerate(rows, start=1)]


def _no_constant(name: str):
    raise ValueError(f"{name} is not a number.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"“{key[:60]}” is there twice.")
        found[key] = value
    return found


def _json_opening(number: int, row: Any) -> Opening:
    if not isinstance(row, dict) or any(not isinstance(row.get(name, []), list) for name in ("fees", "pay", "texts")):
        return Opening(number, errors=[RowError(number, "", "json", MESSAGES["json"] % {"why": "{}"})])
    lines = {name: row.get(name, []) for name in ("fees", "pay", "texts")}
    if any(not isinstance(line, dict) for group in lines.values() for line in group):
        return Opening(number, errors=[RowError(number, "", "json", MESSAGES["json"] % {"why": "{}"})])
    found = Opening(number, **lines)
    external_id = row.get("external_id", "")
    found.external_id = external_id if isinstance(external_id, str) else str(external_id)
    for name, value in row.items():
        if name in ("external_id", *lines):
            continue
        try:
            found.values[name] = _day(value) if name in DATES and isinstance(value, str) and value else value
        except ValidationError as error:
            found.errors.append(RowError(number, name, "invalid_date", error.messages[0]))
    return found
