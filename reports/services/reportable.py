"""What services know of a report. The catalogue above them fills it; they are handed one and never look for it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Protocol

from core.policies import Allowed, Denied
from reports.renderers import Document, Seal


class Unable(Exception):
    """A report cannot be made, and trying again changes nothing. `error`: a code of ReportJob.Error."""

    def __init__(self, error: str):
        super().__init__(error)
        self.error = error


class Reportable(Protocol):
    """A report of the catalogue. `scope` names whose eyes it is made for ('' = the same for everybody who may have it); `sealed`: its
    files can be checked by their code."""

    code: str
    main: str
    sealed: bool

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied: ...

    def scope(self, actor: Any) -> str: ...

    def fixed(self, parameters: dict, today: date) -> dict: ...

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document: ...

    def most_rows(self, format: str) -> int | None: ...

    def file_name(self, parameters: dict, now: datetime) -> str: ...

    def write(self, document: Document, out: BinaryIO, *, make: "Make") -> None: ...


@dataclass(frozen=True)
class Make:
    """What a report needs to write a file: for whom, of what, as what, and whom to tell how many rows are done.

    `progress` raises when the work shall stop; let it pass.
    """

    actor: Any
    parameters: dict
    now: datetime
    format: str
    bom: bool
    progress: Callable[[int], None]
    seal: Seal | None = None


# Gives a report by its code; None when the catalogue has no such report any more.
Find = Callable[[str], "Reportable | None"]


@dataclass(frozen=True)
class Wish:
    """What somebody wants: which report with which (cleaned, plain) parameters, as what file, in which language.

    `bom` puts the mark in front of CSV by which old spreadsheets know UTF-8.
    """

    report: str
    parameters: dict
    format: str
    language: str
    bom: bool = False

    def key(self, scope: str) -> str:
        """Equal for wishes that lead to the same file. SHA-256, hexadecimal."""
        plain = [self.report, self.parameters, self.format, self.language, self.bom and self.format == "csv", scope]
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def scope_hash(parts: Any) -> str:
    """A short name for whose eyes a file is for; '' for nothing in particular."""
    parts = sorted(parts)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32] if parts else ""


def rows_of(document: Document, only: str = "") -> int | None:
    """How many rows its tables have together (or the table `only`); None when one does not know."""
    counts = [table.count for table in document.tables if only in ("", table.key)]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def rows_in(report: Reportable, document: Document, format: str) -> int | None:
    """How many rows a file of this format has: CSV holds the main table alone."""
    return rows_of(document, report.main if format == "csv" else "")


def fits(report: Reportable, document: Document, format: str) -> bool:
    """Whether a file of this format can hold it."""
    most, rows = report.most_rows(format), rows_in(report, document, format)
    return most is None or rows is None or rows <= most
