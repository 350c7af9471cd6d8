"""What the address of a search says. A wrong part is left out and named on the page; it never breaks the page."""

import hashlib
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from django.core import signing
from django.utils.translation import gettext as _

from recruitment.selectors.search import MOST_TERMS, SORTS, Search

LONGEST_QUESTION = 200
PARAMETERS = (
    "q", "field", "prefecture", "programme", "origin", "organization", "max_cost", "min_pay", "zero_fee", "sort", "after",
)  # fmt: skip
MOST_MONTHS = Decimal(999)
MOST_PAY = 10_000_000
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


@dataclass
class Asked:
    """The question, what was typed word for word, and sentences about what was not understood."""

    search: Search
    typed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    organization_slug: str = ""


class _Reader:
    """Reads one parameter after the other from the address; keeps the notes."""

    def __init__(self, data):
        self.data = data
        self.typed: dict[str, str] = {}
        self.notes: list[str] = []

    def one(self, name: str) -> str:
        values = self.data.getlist(name)
        if len(values) > 1 and len(set(values)) > 1:
            self.misunderstood(name, _("it stands there more than once"))
            return ""
        return _clean(values[0]) if values else ""

    def choice(self, name: str, known) -> str:
        value = self.one(name)
        if value and value not in known:
            self.misunderstood(name, _("we do not know this value"))
            return ""
        return self.keep(name, value)

    def keep(self, name: str, value: str) -> str:
        if value:
            self.typed[name] = value
        return value

    def misunderstood(self, name: str, why: str) -> None:
        self.notes.append(_("We left out “%(name)s”: %(why)s.") % {"name": name, "why": why})


def read_search(data, reference, *, organizations=lambda slug: None) -> Asked:
    """The question in a QueryDict. `organizations(slug)` gives an organization's id or None.

    `max_cost` is in months of take-home pay, `min_pay` in yen a month. Nothing here raises.
    """
    reader = _Reader(data)
    for name in sorted(set(data) - set(PARAMETERS))[:5]:
        reader.misunderstood(_clean(name)[:40], _("we do not know this word"))
    slug = reader.one("organization")[:80]
    organization = organizations(slug) if slug else None
    if slug and organization is None:
        reader.misunderstood("organization", _("we do not know this value"))
    q = reader.one("q")
    if len(q) > LONGEST_QUESTION:
        q = q[:LONGEST_QUESTION]
        reader.notes.append(_("Your words were very long. We used the first part."))
    if len(q.split()) > MOST_TERMS:
        reader.notes.append(_("We used the first %(n)s words.") % {"n": MOST_TERMS})
    search = Search(
        q=reader.keep("q", q),
        field=reader.choice("field", reference.fields),
        prefecture=reader.choice("prefecture", reference.prefectures),
        programme=reader.choice("programme", reference.programmes),
        origin=reader.choice("origin", reference.countries),
        organization=organization,
        max_cost=_number(reader, "max_cost", MOST_MONTHS),
        min_pay=_whole(reader, "min_pay", MOST_PAY),
        zero_fee=_flag(reader, "zero_fee"),
        sort=reader.choice("sort", SORTS) or ("relevance" if q.strip() else "cost"),
    )
    if organization is not None:
        reader.keep("organization", slug)
    if search.sort == "relevance" and not q.strip():
        search = replace(search, sort="cost")
    search = replace(search, after=_read_cursor(reader, search))
    return Asked(search, reader.typed, reader.notes, slug if organization is not None else "")


def cursor_for(search: Search, last: tuple[int, int, int]) -> str:
    """The `after` of the next page: signed, and good for this question only."""
    return signing.Signer(salt=_salt(search), sep="~").sign(".".join(str(part) for part in last))


def _read_cursor(reader: _Reader, search: Search) -> tuple[int, int, int] | None:
    value = reader.one("after")
    if not value:
        return None
    try:
        tier, key, row = signing.Signer(salt=_salt(search), sep="~").unsign(value).split(".")
        return int(tier), int(key), int(row)
    except (signing.BadSignature, ValueError):
        reader.misunderstood("after", _("this page number belongs to another search"))
        return None


def _salt(search: Search) -> str:
    question = repr(replace(search, after=None))
    return f"recruitment.search.{hashlib.sha256(question.encode()).hexdigest()[:16]}"


def _clean(value: str) -> str:
    """NFC, without control and invisible direction characters; spaces at the end stay (they end the last word)."""
    text = unicodedata.normalize("NFC", value[:2000].encode("utf-8", "ignore").decode())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).lstrip()


def _ascii(value: str) -> bool:
    return value.isascii() and len(value) <= 12


def _number(reader: _Reader, name: str, most: Decimal) -> Decimal | None:
    value = reader.one(name).strip().replace(",", ".")
    if not value:
        return None
    try:
        number = Decimal(value) if _ascii(value) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= most:
        reader.misunderstood(name, _("this is not a number we can use"))
        return None
    reader.keep(name, value)
    return number


def _whole(reader: _Reader, name: str, most: int) -> int | None:
    value = reader.one(name).strip()
    if not value:
        return None
    if not (_ascii(value) and value.isdigit() and int(value) <= most):
        reader.misunderstood(name, _("this is not a number we can use"))
        return None
    reader.keep(name, value)
    return int(value) or None


def _flag(reader: _Reader, name: str) -> bool:
    value = reader.one(name).strip().lower()
    if value not in _TRUE | _FALSE:
        reader.misunderstood(name, _("write 1 or leave it out"))
    return reader.keep(name, "1") == "1" if value in _TRUE else False
