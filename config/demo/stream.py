"""Openings by the hundred thousand: published rows only, streamed into PostgreSQL by COPY with bounded memory.

A number of openings ("moulds") is cleaned, judged and computed like all others; each streamed row is a mould in another town with
another employer, code and number of places, and carries the fingerprint of exactly what it says. Rows of the tenants are not
written: nobody walks through a million drafts. Their ids begin at FIRST_ID, far above every real job order. The history table gets
its line only up to MOST_VERSIONS rows; above it the posting alone answers.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import count, islice
from typing import Any

from django.db import connection

from config.demo import names, places
from config.demo.ledger import Entry, entry, fate_of, office_of
from config.demo.rows import code_at
from core import tenancy
from organizations.models import PublishedOrganization, PublishedPermit
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services import search_index
from recruitment.services.fee import LawBook
from recruitment.services.publication import opening_values
from recruitment.services.version import OUTSIDE

FIRST_ID = 10**12
MOULDS = 1500
CHUNK = 2_000
MOST_VERSIONS = 50_000
OPENING = (
    "job_order_id", "code", "permit_id", "organization_id", "origin", "programme", "field", "occupation", "prefecture", "city",
    "months", "cost_jpy", "cost_home", "home_currency", "at_least", "take_home_jpy", "take_home_home", "zero_fee", "places_left",
    "published_at", "is_demo", "cost_band", "pay_band", "cost_order", "pay_order", "new_order", "search",
)  # fmt: skip
POSTING = (
    "code", "job_order_id", "organization_id", "permit_id", "state", "state_since", "number", "content_hash", "document",
    "published_at", "updated_at",
)  # fmt: skip
VERSION = ("code", "number", "content_hash", "approved_at", "changes", "document")
CHANGING = ("prefecture", "city", "workplace", "employer_name", "places", "places_left", "code", "hash")


@dataclass(frozen=True)
class Place:
    """Where the rows of an office hang in the published tables."""

    organization_id: int
    permit_id: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Mould:
    """A published opening with holes: `content` is canonical JSON for the fingerprint, `document` the same with code and hash.

    Both are cut at the holes: text, name of the hole, text, name … `fixed` are the columns that are the same in every copy.
    """

    place: Place
    field: str
    content: tuple[str, ...]
    document: tuple[str, ...]
    fixed: dict[str, Any]
    approved: datetime


def stream(
    numbers: range,
    *,
    seed: int,
    now: datetime,
    book: LawBook,
    moulds: int = MOULDS,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, int]:
    """Publish an opening for each number. Returns rows and bytes sent. Offices with their permits must be published already."""
    words: dict[str, str] = {}
    sent = 0
    for done, copies in parts(numbers, seed=seed, now=now, book=book, moulds=moulds, words=words):
        sent += send(copies)
        if done % 100_000 < CHUNK:
            say(f"{done} openings")
    with tenancy.publishing():
        search_index.remember_words(words)
    return {"rows": len(numbers), "bytes": sent}


@dataclass(frozen=True)
class Copy:
    """Lines for one table, in the text form of COPY."""

    table: str
    columns: tuple[str, ...]
    data: bytes

    @property
    def statement(self) -> str:
        return f"copy {self.table} ({', '.join(self.columns)}) from stdin"


def parts(
    numbers: range, *, seed: int, now: datetime, book: LawBook, words: dict[str, str], moulds: int = MOULDS
) -> Iterator[tuple[int, list[Copy]]]:
    """After each CHUNK of openings: how far it is, and what to send. `words` collects the free words to remember."""
    shapes = list(islice(_moulds(seed=seed, now=now, book=book), moulds))
    tables = [("recruitment_publishedopening", OPENING, opening_line), ("recruitment_publishedposting", POSTING, posting_line)]
    if len(numbers) <= MOST_VERSIONS:
        tables.append(("recruitment_publishedversion", VERSION, version_line))
    for start in range(numbers.start, numbers.stop, CHUNK):
        stop = min(start + CHUNK, numbers.stop)
        rows = [_fill(number, shapes, seed, words) for number in range(start, stop)]
        yield stop, [Copy(table, columns, "".join(line(row, now) for row in rows).encode()) for table, columns, line in tables]


def send(copies: Iterable[Copy]) -> int:
    """COPY into the published tables, in one transaction. Returns the bytes sent."""
    sent = 0
    with tenancy.publishing(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        for part in copies:
            with cursor.copy(part.statement) as copy:
                copy.write(part.data)
            sent += len(part.data)
    return sent


def _moulds(*, seed: int, now: datetime, book: LawBook) -> Iterator[Mould]:
    known = _places()
    for number in count(1):
        if office_of(number, seed=seed).key in known and fate_of(number, seed=seed) == "published":
            sample = entry(number, seed=seed, now=now, book=book, brief=True)
            yield _mould(sample, known[sample.said.office.key])


def _places() -> dict[str, Place]:
    """Offices whose openings are visible now, or would be if their permit were in force."""
    slugs = {office.key: office for office in names.SENDERS + names.EMPLOYERS}
    found = {}
    for row in PublishedOrganization.objects.filter(is_demo=True, slug__in=slugs):
        permit = PublishedPermit.objects.filter(organization=row, permit_kind=slugs[row.slug].claims[0].kind).first()
        if permit is not None:
            found[row.slug] = Place(row.pk, permit.pk, tuple(_lexemes(row.legal_name) + _lexemes(row.latin_name)))
    return found


def _mould(sample: Entry, place: Place) -> Mould:
    version = sample.rows.version
    version.state, version.approved_at = JobOrderVersion.State.APPROVED, sample.approved
    document = sample.rows.document(JobOrder(code="", organization_id=place.organization_id))
    fixed = opening_values(document, published_at=sample.approved)
    holes = {**document, **{name: f"\x00{name}\x00" for name in CHANGING}}
    content = {name: value for name, value in holes.items() if name not in OUTSIDE}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    whole = json.dumps(holes, separators=(",", ":"), ensure_ascii=False).replace("\\", "\\\\")
    return Mould(place, document["field"], _cut(canonical), _cut(whole.replace("\\\\u0000", "\\u0000")), fixed, sample.approved)


def _cut(text: str) -> tuple[str, ...]:
    """At the holes, which JSON writes as "\\u0000name\\u0000" with its quotes."""
    for name in CHANGING:
        text = text.replace(f'"\\u0000{name}\\u0000"', f"\x00{name}\x00")
    return tuple(text.split("\x00"))


def _fill(number: int, moulds: list[Mould], seed: int, words: dict[str, str]) -> dict[str, Any]:
    """One row: everything that the tables need."""
    mould, lap = moulds[number % len(moulds)], number // len(moulds)
    prefecture = places.PREFECTURES[(number * 13 + lap) % len(places.PREFECTURES)]
    town = places.city(prefecture, lap)
    employer = places.employer(mould.field, town, lap)
    workplace = f"{town} {lap % 9 + 1}-{number % 19 + 1} (sample)"
    seats = 2 + (number * 7 + lap) % 24
    code = code_at(number, seed=seed)
    filled = {
        "prefecture": f'"{prefecture}"', "city": f'"{town}"', "workplace": f'"{workplace}"', "employer_name": f'"{employer}"',
        "places": str(seats), "places_left": str(seats), "code": f'"{code}"',
    }  # fmt: skip
    fingerprint = hashlib.sha256(_pour(mould.content, filled).encode()).hexdigest()
    filled["hash"] = f'"{fingerprint}"'
    found = [*_lexemes(town), *_lexemes(employer), *mould.place.words]
    for text in (town, employer):
        words.update(_free(text))
    return {
        **mould.fixed,
        "job_order_id": FIRST_ID + number,
        "code": code,
        "permit_id": mould.place.permit_id,
        "organization_id": mould.place.organization_id,
        "prefecture": prefecture,
        "city": town,
        "places_left": seats,
        "is_demo": True,
        "published_at": mould.approved,
        "new_order": mould.fixed["new_order"] + lap % 3600,
        "search": _vector(frozenset(found), mould.fixed["occupation"], prefecture),
        "hash": fingerprint,
        "document": _pour(mould.document, filled),
    }


def _pour(parts: tuple[str, ...], filled: dict[str, str]) -> str:
    """Parts stand at even places, names of holes at odd ones."""
    return "".join(filled[part] if place % 2 else part for place, part in enumerate(parts))


@lru_cache(maxsize=4096)
def _free(text: str) -> dict[str, str]:
    return search_index.free_words(text)


def _lexemes(text: str) -> list[str]:
    return list(_free(text))


@lru_cache(maxsize=16_384)
def _vector(found: frozenset[str], occupation: str, prefecture: str) -> str:
    """As PostgreSQL reads a tsvector: each lexeme in quotes."""
    lexemes = search_index.row_lexemes(dict.fromkeys(found, ""), occupation=occupation, prefecture=prefecture)
    return " ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes)


def opening_line(row: dict[str, Any], now: datetime) -> str:
    return "\t".join([_text(row[column]) for column in OPENING]) + "\n"


def posting_line(row: dict[str, Any], now: datetime) -> str:
    at, today = row["published_at"].isoformat(), now.isoformat()
    values = (row["code"], row["job_order_id"], row["organization_id"], row["permit_id"], "published", at, 1, row["hash"])
    return "\t".join([*map(str, values), row["document"], at, today]) + "\n"


def version_line(row: dict[str, Any], now: datetime) -> str:
    return "\t".join((row["code"], "1", row["hash"], row["published_at"].isoformat(), "[]", row["document"])) + "\n"


def _text(value: Any) -> str:
    """A value in the text form of COPY. Free text here holds neither tab nor backslash."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, datetime) else str(value).replace("\\", "\\\\")
