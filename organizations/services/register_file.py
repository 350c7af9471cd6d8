"""Reading a permit register as offices keep it: a spreadsheet saved as text, in one of several ways, with title lines on top.

Nothing in it is ever computed: a cell that looks like a formula is text like any other. Dates are year-month-day or day/month/year,
as the offices here write them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from babel import Locale
from django.utils.translation import gettext_noop as _

from organizations.models.calendar import ZONES
from organizations.models.permit import number_key
from organizations.services.words import normalize

MOST_ROWS = 5000
MOST_BYTES = 4 * 1024 * 1024
MOST_ERRORS = 200
TITLE_LINES = 10
DELIMITERS = ";,\t"
LENGTHS = {"number": 80, "holder": 200, "reason": 500}
REQUIRED = ("number", "holder", "status")

# Header words of the lists that offices publish, without marks and case. Columns that are not named here are left aside.
HEADERS = {
    "number": "so giay phep|giay phep so|so gp|so giay phep hoat dong|nomor izin|no izin|nomor sip3mi|nomor|permit number|permit no"
    "|licence number|license number|number",
    "holder": "ten doanh nghiep|doanh nghiep|ten cong ty|cong ty|ten to chuc|nama perusahaan|nama lembaga|nama p3mi|nama lpk"
    "|perusahaan|lembaga|company name|company|holder|name|organization",
    "status": "trang thai|tinh trang|tinh trang giay phep|status|status izin",
    "issued_on": "ngay cap|ngay cap phep|tanggal terbit|tanggal izin|tgl terbit|issued on|issued|issue date",
    "expires_on": "ngay het han|het han|co gia tri den|co hieu luc den|den ngay|berlaku sampai|berlaku hingga|masa berlaku"
    "|tanggal berakhir|valid until|expires on|expires|expiry date|last day",
    "market": "thi truong|thi truong bi dinh chi|negara|negara tujuan|market|country|destination",
    "reason": "ghi chu|ly do|keterangan|alasan|catatan|notes|note|reason|remarks",
}
COLUMNS = {word: column for column, words in HEADERS.items() for word in words.split("|")}

# Words for a status besides the names of the statuses themselves.
STATUS_WORDS = {
    "con hieu luc": "valid",
    "dang hoat dong": "valid",
    "hoat dong": "valid",
    "berlaku": "valid",
    "aktif": "valid",
    "active": "valid",
    "in force": "valid",
    "valid": "valid",
    "het han": "expired",
    "het hieu luc": "expired",
    "kedaluwarsa": "expired",
    "habis masa berlaku": "expired",
    "expired": "expired",
    "dinh chi": "suspended",
    "tam dinh chi": "suspended",
    "bi dinh chi": "suspended",
    "dibekukan": "suspended",
    "skorsing": "suspended",
    "suspended": "suspended",
    "dinh chi thi truong": "suspended_market",
    "suspended for one market": "suspended_market",
    "nop lai": "surrendered",
    "nop lai giay phep": "surrendered",
    "dikembalikan": "surrendered",
    "surrendered": "surrendered",
    "thu hoi": "revoked",
    "bi thu hoi": "revoked",
    "dicabut": "revoked",
    "revoked": "revoked",
}
LANGUAGES = ("vi", "id", "en", "ja")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@dataclass(frozen=True)
class RegisterRow:
    """One line of a register. `line` is the row of the file, the first is 1; dates may be missing; `market` is an ISO code or ''."""

    line: int
    number: str
    number_key: str
    holder: str
    status: str
    issued_on: date | None
    expires_on: date | None
    market: str
    reason: str


@dataclass(frozen=True)
class RegisterError:
    """What is wrong, where: row of the file, column as its header names it ('' for the whole row), a code and the words.

    `text` is the English sentence; the page translates it and puts `data` into it, in the language of whoever reads the report.
    """

    row: int
    column: str
    code: str
    text: str
    data: dict = field(default_factory=dict)

    def as_dict(self) -> dict:
        return asdict(self)


def read_register(content: bytes, *, statuses: Mapping[str, str]) -> tuple[list[RegisterRow], list[RegisterError]]:
    """The rows of a register and everything that is wrong with it; with errors the rows are of no use.

    `statuses`: normalised words to status codes (`status_words`). At most MOST_ERRORS errors are told.
    """
    try:
        table = _table(content)
        place, columns, names = _header(table)
    except _Unreadable as problem:
        return [], [problem.error]
    rows: list[RegisterRow] = []
    errors: list[RegisterError] = []
    seen: dict[str, int] = {}
    for line, cells in table[place + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        reader = _Line(line, cells, columns, names, statuses)
        row = reader.read()
        errors += reader.errors
        if row is None:
            continue
        if row.number_key in seen:
            text = _("Row %(row)s has the same number.")
            errors.append(RegisterError(line, names["number"], "duplicate", text, {"row": seen[row.number_key]}))
        seen.setdefault(row.number_key, line)
        rows.append(row)
    if not rows and not errors:
        errors.append(RegisterError(place + 1, "", "empty", _("The file has a header and no lines.")))
    return rows, errors[:MOST_ERRORS]


def status_words(statuses: Iterable) -> dict[str, str]:
    """Every word that names a status: its code, its name in each language, and what offices write."""
    found = {}
    for status in statuses:
        names = [
            status.code.replace("_", " "),
            *(getattr(status, f"name_{lang if lang != 'id' else 'ind'}", "") for lang in LANGUAGES),
        ]
        found.update({normalize(name): status.code for name in names if name})
    known = set(found.values())
    return {**{word: code for word, code in STATUS_WORDS.items() if code in known}, **found}


def count_rows(content: bytes) -> int:
    """How many lines a file has, quickly, to decide whether it is worked on in the background."""
    return content.count(b"\n")


class _Unreadable(Exception):
    def __init__(self, row: int, code: str, text: str, data: dict | None = None):
        super().__init__(text)
        self.error = RegisterError(row, "", code, text, data or {})


def _table(content: bytes) -> list[tuple[int, list[str]]]:
    """Numbered rows of cells."""
    if len(content) > MOST_BYTES:
        raise _Unreadable(0, "too_large", _("The file is larger than 4 MB. Hand it in as several files."))
    text = _decode(content)
    lines = text.split("\n", TITLE_LINES + 1)[:TITLE_LINES]
    delimiter = max(DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
    table: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            table.append((reader.line_num, cells))
            if len(table) > MOST_ROWS + TITLE_LINES + 1:
                raise _Unreadable(
                    reader.line_num, "too_many", _("A register has at most 5,000 lines. Hand it in as several files.")
                )
    except csv.Error as problem:
        raise _Unreadable(
            reader.line_num, "not_csv", _("From this row on the file cannot be read: a quotation mark is not closed.")
        ) from problem
    return table


def _decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 as spreadsheets write it. Anything else is refused: guessing would change names."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif content[:200].count(0) > len(content[:200]) // 4:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        row = content[: problem.start].count(b"\n") + 1
        raise _Unreadable(row, "encoding", _("The letters cannot be read. Save the file as “CSV UTF-8”.")) from problem
    if "\0" in text:
        raise _Unreadable(
            text[: text.index("\0")].count("\n") + 1, "encoding", _("This is not a text file. Save it as “CSV UTF-8”.")
        )
    return text.removeprefix("\ufeff")


def _header(table) -> tuple[int, dict[str, int], dict[str, str]]:
    """Place of the header among the first lines, the cell of each column, and its name in the file."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, (_line, cells) in enumerate(table[: TITLE_LINES + 1]):
        columns: dict[str, int] = {}
        for cell, text in enumerate(cells):
            column = COLUMNS.get(" ".join(re.findall(r"\w+", normalize(text))))
            if column:
                columns.setdefault(column, cell)
        if len(columns) > len(best[1]):
            best = (place, columns)
    place, columns = best
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        text = _("The header is not complete. These columns are missing: %(columns)s.")
        raise _Unreadable(1, "no_header", text, {"columns": missing})
    if len(table) - place - 1 > MOST_ROWS:
        raise _Unreadable(MOST_ROWS, "too_many", _("A register has at most 5,000 lines. Hand it in as several files."))
    return place, columns, {name: table[place][1][cell].strip() for name, cell in columns.items()}


class _Line:
    """One line being read; what is wrong gathers in `errors`."""

    def __init__(self, line: int, cells: list[str], columns: dict[str, int], names: dict[str, str], statuses: Mapping[str, str]):
        self.line, self.cells, self.columns, self.names, self.statuses = line, cells, columns, names, statuses
        self.errors: list[RegisterError] = []

    def read(self) -> RegisterRow | None:
        number, holder = self._text("number", required=True), self._text("holder", required=True)
        if number and not number_key(number):
            self._wrong("number", "number", _("A permit number has letters or digits."))
        status = self._status()
        issued_on, expires_on = self._day("issued_on"), self._day("expires_on")
        if issued_on and expires_on and expires_on < issued_on:
            self._wrong("expires_on", "dates", _("The last day is before the day of issue."))
        row = RegisterRow(
            line=self.line,
            number=number,
            number_key=number_key(number),
            holder=holder,
            status=status,
            issued_on=issued_on,
            expires_on=expires_on,
            market=self._market(status),
            reason=self._text("reason"),
        )
        return None if self.errors else row

    def _wrong(self, column: str, code: str, text: str, **data) -> None:
        self.errors.append(RegisterError(self.line, self.names.get(column, column), code, text, data))

    def _cell(self, column: str) -> str:
        cell = self.columns.get(column)
        return self.cells[cell] if cell is not None and cell < len(self.cells) else ""

    def _text(self, column: str, *, required: bool = False) -> str:
        text = " ".join(unicodedata.normalize("NFC", self._cell(column)).split())
        if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in text):
            self._wrong(column, "hidden_sign", _("There is a hidden sign in this cell. Type it again by hand."))
        elif required and not text:
            self._wrong(column, "blank", _("This cell is empty."))
        elif len(text) > LENGTHS[column]:
            self._wrong(column, "too_long", _("At most %(n)s letters."), n=LENGTHS[column])
        return text

    def _status(self) -> str:
        typed = " ".join(self._cell("status").split())
        code = self.statuses.get(normalize(typed), "")
        if not code or code == "not_checked":
            self._wrong("status", "status", _("“%(typed)s” is not a status. Write one of: %(allowed)s."), typed=typed[:60])
        return code

    def _day(self, column: str) -> date | None:
        typed = self._cell(column).strip()
        if not typed or typed in ("-", "–"):
            return None
        try:
            if found := _ISO.fullmatch(typed):
                year, month, day = map(int, found.groups())
            elif found := _LOCAL.fullmatch(typed):
                day, month, year = map(int, found.groups())
            else:
                raise ValueError
            if not 1900 <= year <= 2199:
                raise ValueError
            return date(year, month, day)
        except ValueError:
            self._wrong(column, "date", _("Write a date as 31/12/2027 or 2027-12-31."))
            return None

    def _market(self, status: str) -> str:
        """Only a stop for one market has one; other lists of markets are left aside."""
        if status != "suspended_market":
            return ""
        typed = self._cell("market").strip()
        code = typed.upper() if typed.upper() in ZONES else _markets().get(normalize(typed), "")
        if not code:
            self._wrong("market", "market", _("Name the one country for which it is suspended."))
        return code


def _markets() -> dict[str, str]:
    """Country names in the four languages, normalised."""
    found = {}
    for language in LANGUAGES:
        names = Locale.parse(language).territories
        found.update({normalize(names[code]): code for code in ZONES if code in names})
    return found
