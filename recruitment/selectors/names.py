"""Names of codes in the reader's language. Published rows carry codes only; the names come from reference rows.

Reference rows change only with a release, so each process keeps them for some minutes instead of joining them to every page.
"""

import time
from dataclasses import dataclass
from typing import Any

from recruitment.models import Country, Currency, FeeItem, FeePayer, FeeStage, Field, Occupation, Prefecture, Programme

KEEP_SECONDS = 300


@dataclass(frozen=True)
class Reference:
    """Reference rows by code, in the order they are shown."""

    countries: dict[str, Country]
    currencies: dict[str, Currency]
    fields: dict[str, Field]
    occupations: dict[str, Occupation]
    prefectures: dict[str, Prefecture]
    programmes: dict[str, Programme]
    items: dict[str, FeeItem]
    payers: dict[str, FeePayer]
    stages: dict[str, FeeStage]


_kept: tuple[float, Reference] | None = None


def reference() -> Reference:
    """All reference rows that pages name, read once in a while."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEEP_SECONDS:
        _kept = time.monotonic(), _read()
    return _kept[1]


def forget() -> None:
    """Read again at the next question (after reference data was loaded)."""
    global _kept
    _kept = None


def _read() -> Reference:
    kinds: dict[str, Any] = {
        "countries": Country, "currencies": Currency, "fields": Field, "occupations": Occupation, "prefectures": Prefecture,
        "programmes": Programme, "items": FeeItem, "payers": FeePayer, "stages": FeeStage,
    }  # fmt: skip
    return Reference(**{name: {row.pk: row for row in model.objects.all()} for name, model in kinds.items()})


def name(kind: str, code: str | None) -> str:
    """The name of a code of this kind (`fields`, `prefectures`…); the code itself when nobody knows it, "" for none."""
    if not code:
        return ""
    row: Any = getattr(reference(), kind).get(code)
    return str(row.name) if row else code


def work_name(occupation: str, field: str = "", programme: str = "") -> str:
    """What the work is called: the occupation, else its field, else the programme."""
    known = reference()
    for rows, code in (
        (known.occupations, occupation),
        (known.fields, occupation or field),
        (known.programmes, occupation or programme),
    ):
        if code in rows:
            return str(rows[code].name)
    return occupation or field or programme


def programme_name(code: str) -> str:
    """The short name of a programme, as cards and flyers say it."""
    row = reference().programmes.get(code)
    return str(row.short_name or row.name) if row else code
