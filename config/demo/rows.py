"""Openings as rows in memory: cleaned, judged and computed by the product's own functions, not yet stored."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from config.demo.terms import Saying
from recruitment.models import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.selectors.names import reference
from recruitment.services import fee as fees
from recruitment.services.code import ALPHABET, check_character
from recruitment.services.publication import document_from
from recruitment.services.text import clean_texts
from recruitment.services.values import clean_values
from recruitment.services.verdict import Judgement, LineVerdict
from recruitment.services.version import OUTSIDE, fingerprint

_BODY = 7
_STEP = 1_777_777_771  # a prime, so that counting by it meets every code once


def code_at(number: int, *, seed: int) -> str:
    """The code of the opening with this number: the same for the same seed, no two alike below 3.4 thousand million."""
    rest = ((number + 1) * _STEP + seed * 7_919) % len(ALPHABET) ** _BODY
    body = ""
    for _place in range(_BODY):
        rest, digit = divmod(rest, len(ALPHABET))
        body += ALPHABET[digit]
    return body + check_character(body)


@dataclass
class Rows:
    """One version with its lines. `judgement` in the order of `fees`."""

    version: JobOrderVersion
    fees: list[FeeCharge]
    pay: list[PayLine]
    texts: list[JobOrderText]
    judgement: Judgement

    def document(self, order: JobOrder) -> dict[str, Any]:
        """What the public would read of it."""
        ordered = sorted(self.texts, key=lambda text: (text.key, text.position))
        return document_from(order, self.version, self.fees, self.pay, ordered)

    def content(self, order: JobOrder) -> dict[str, Any]:
        return {key: value for key, value in self.document(order).items() if key not in OUTSIDE}

    def seal(self, order: JobOrder) -> dict[str, Any]:
        """Write the fingerprint of what the version says; gives the content."""
        content = self.content(order)
        self.version.content_hash = fingerprint(content)
        return content

    def lines(self) -> list[Any]:
        return [*self.fees, *self.pay, *self.texts]


def rows_of(said: Saying, *, on: datetime.date, at: datetime.datetime, book: fees.LawBook, number: int = 1) -> Rows:
    """The rows of a version that says this, under the law of the day `on`."""
    version = JobOrderVersion(number=number, **clean_values(said.values, today=on))
    _point(version)
    charges = [
        FeeCharge(position=place, **fees.clean_fee(line, currencies=book.currencies)) for place, line in enumerate(said.fees)
    ]
    pay = [PayLine(position=place, **fees.clean_pay(line)) for place, line in enumerate(said.pay)]
    texts = [JobOrderText(position=place, written_at=at, **line) for place, line in enumerate(clean_texts(said.texts))]
    return Rows(version, charges, pay, texts, fees.settle(version, charges, pay, on=on, book=book))


def _point(version: JobOrderVersion) -> None:
    """Reference rows are at hand: no query for each."""
    known = reference()
    tables = {"programme": known.programmes, "field": known.fields, "occupation": known.occupations, "origin": known.countries}
    for name, table in tables.items():
        code = getattr(version, f"{name}_id")
        if code:
            setattr(version, name, table[code])


def lawful(said: Saying, *, on: datetime.date, book: fees.LawBook) -> Saying:
    """The same opening with every refused line lowered below its ceiling, or left out where nothing may be asked."""
    return lawful_rows(said, on=on, at=datetime.datetime.combine(on, datetime.time(), datetime.UTC), book=book)[0]


def lawful_rows(said: Saying, *, on: datetime.date, at: datetime.datetime, book: fees.LawBook) -> tuple[Saying, Rows]:
    """The lawful opening and its rows."""
    for _try in range(6):
        rows = rows_of(said, on=on, at=at, book=book)
        if not rows.judgement.blocks:
            return said, rows
        lines = [_lowered(line, verdict) for line, verdict in zip(said.fees, rows.judgement.lines, strict=True)]
        said = replace(said, fees=[line for line in lines if line is not None])
    raise AssertionError(f"Opening {said.number} cannot be made lawful.")


def _lowered(line: dict, verdict: LineVerdict) -> dict | None:
    if not verdict.blocks:
        return line
    check = verdict.binding
    if check is None or not check.allowed or line["amount"] is None:
        return None
    left, own = check.allowed - check.by_others, check.charged - check.by_others
    if left <= 0 or own <= 0:
        return None
    amount = int(line["amount"] * left / own * 92 // 100) // 10_000 * 10_000
    return {**line, "amount": amount} if amount else None
