"""The flyers of an organization's published openings in one PDF, ready for the printer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import Allowed, Denied
from recruitment import policies
from recruitment.selectors import names
from recruitment.selectors.cards import shown_code
from reports.catalogue.report import Report
from reports.forms.openings import MOST_FLYERS, FlyersForm
from reports.models import ReportJob
from reports.renderers import Column, Document, Figure, Table
from reports.selectors import flyers as selectors
from reports.services.reportable import Make, Unable


class Flyers(Report):
    """For the organization itself. The paper is made of the flyers, the page lists what will be on it."""

    code = "flyers"
    title = gettext_lazy("Flyers to print")
    purpose = gettext_lazy("The flyers of your published openings in one PDF, each with its code, its QR square and every fee.")
    form_class = FlyersForm
    formats = ("pdf",)
    main = "flyers"
    sealed = False  # each flyer has the code of its opening
    place = 20

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied:
        return policies.can_list(actor)

    def most_rows(self, format: str) -> int | None:
        return MOST_FLYERS if format == "pdf" else super().most_rows(format)

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document:
        postings = selectors.postings(actor, parameters.get("codes", []), now=now)
        size = "A6" if parameters.get("size") == "a6" else "A4"
        columns = (
            Column("code", _("Code"), "code"),
            Column("work", _("Work")),
            Column("employer", _("Employer")),
            Column("prefecture", _("Prefecture")),
            Column("version", _("Version"), "integer"),
        )
        return self.says(
            actor=actor,
            now=now,
            facts=((_("Size"), size),),
            figures=(Figure(_("Flyers"), len(postings)),),
            parts=(Table("flyers", _("Flyers in this file"), columns, lambda: _lines(postings), count=len(postings)),),
            notes=(_("Print them again when an opening changes: a flyer says on which day it was printed."),),
        )

    def write(self, document: Document, out: BinaryIO, *, make: Make) -> None:
        from recruitment.services.flyer import write_flyers  # WeasyPrint is large: a worker loads it with the first flyer

        postings = selectors.postings(make.actor, make.parameters.get("codes", []), now=make.now)
        if not postings:
            raise Unable(ReportJob.Error.EMPTY)
        write_flyers(
            _sheets(postings, make), out, title=str(self.title), size="a6" if make.parameters.get("size") == "a6" else "a4"
        )


def _sheets(postings: list, make: Make) -> Iterator[dict[str, Any]]:
    """What each flyer says, one after the other, telling how far it is."""
    for number, row in enumerate(postings, start=1):
        yield selectors.flyer(row, now=make.now) | {
            "short_url": f"{settings.BASE_URL}{reverse('posting_short', args=[row.code])}?v={row.number}",
            "host": settings.BASE_URL.split("://", 1)[-1],
            "demo": settings.DEMO,
        }
        make.progress(number)


def _lines(postings) -> Iterator[tuple]:
    for row in postings:
        said = row.document
        work = names.work_name(said["occupation"], said["field"], said["programme"])
        place = names.name("prefectures", said["prefecture"])
        yield shown_code(row.code), work, said["employer_name"], place, row.number
