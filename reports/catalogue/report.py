"""What a report is. One module of this room per report; docs/how-to/add-a-report.md."""

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, BinaryIO, ClassVar

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language

from core.policies import Allowed, Denied
from reports.forms.parameters import ParametersForm
from reports.renderers import FORMATS, Document, Table
from reports.services.reportable import Make

FILES = ("pdf", "xlsx", "csv", "json")
MOST_ON_PAGE = 500


class Report:
    """Title, purpose, parameters, who may have it, and what stands in it.

    `title` and `purpose` are lazy texts. `formats` are the files it can become. `main` is the key of the table that CSV holds.
    `sealed`: anybody who holds a file can check it by its code. `place` orders the list.
    """

    code: ClassVar[str]
    title: ClassVar[Any]
    purpose: ClassVar[Any]
    form_class: ClassVar[type[ParametersForm]] = ParametersForm
    formats: ClassVar[tuple[str, ...]] = FILES
    main: ClassVar[str] = ""
    sealed: ClassVar[bool] = True
    place: ClassVar[int] = 50

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied:
        """Who may have it, acting for this organization. A pure question; asked at the form, by the worker, at the download."""
        raise NotImplementedError

    def scope(self, actor: Any) -> str:
        """Whose eyes it is for, when people of one organization see different rows; such people do not share a file."""
        return ""

    def form(self, actor: Any, now: datetime, data: Any = None) -> ParametersForm:
        """The parameters as a form."""
        return self.form_class(data, actor=actor, now=now)

    def fixed(self, parameters: dict, today: date) -> dict:
        """The parameters with what is relative ("the month before") made absolute on this day."""
        return self.form_class.fixed(parameters, today)

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document:
        """What the report says, in the active language. Figures are counted here; rows are read when a renderer asks for them."""
        raise NotImplementedError

    def most_rows(self, format: str) -> int | None:
        """How many rows a file of this format may have; None = no limit."""
        return min(MOST_ON_PAGE, FORMATS[format].most_rows or 0) if format == "page" else FORMATS[format].most_rows

    def file_name(self, parameters: dict, now: datetime) -> str:
        """The file's name without its ending, in the active language."""
        words = slugify(str(self.title), allow_unicode=True) or self.code
        return f"{words}-{now:%Y-%m-%d}"

    def write(self, document: Document, out: BinaryIO, *, make: Make) -> None:
        """Make the file."""
        if make.format == "csv":
            from reports.renderers import csv_file

            csv_file.write(_main_first(document, self.main), out, progress=make.progress, seal=make.seal, bom=make.bom)
        else:
            FORMATS[make.format].write(document, out, progress=make.progress, seal=make.seal)

    def says(self, *, facts: Iterable, figures: Iterable, parts: Iterable, notes: Iterable = (), actor: Any, now: datetime,
             subtitle: str = "") -> Document:  # fmt: skip
        """A document with what is the same for every report filled in."""
        return Document(
            code=self.code,
            title=str(self.title),
            subtitle=subtitle,
            facts=tuple(facts),
            figures=tuple(figures),
            parts=tuple(parts),
            notes=tuple(notes),
            language=(get_language() or "en")[:2],
            made_at=now,
            organization=actor.organization.legal_name,
            demo=settings.DEMO,
        )


def _main_first(document: Document, key: str) -> Document:
    first = [part for part in document.parts if isinstance(part, Table) and part.key == key]
    return dataclasses.replace(document, parts=(*first, *(part for part in document.parts if part not in first)))
