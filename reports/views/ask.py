"""The list of reports, and the form of one: see it here, or have it made as a file."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.policies import Refused, require
from core.tenancy import read_only
from core.views import once
from organizations.models.calendar import today_in
from organizations.services.words import normalize
from reports.catalogue import Report
from reports.forms.delivery import FORMATS, DeliveryForm
from reports.renderers import Document
from reports.renderers.page import context as page_context
from reports.services.asking import request_report
from reports.services.reportable import Wish, fits, rows_in, rows_of
from reports.views.frame import ReportsPage, line_of

LONG = 8  # more reports than this get a search field
NEWEST = 5


class ReportList(ReportsPage):
    """Which reports there are for me, and the newest that were asked for."""

    template_name = "reports/report_list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            q = request.GET.get("q", "")[:100]
            wanted = normalize(q)
            shown = [report for report in self.reports.values() if wanted in normalize(f"{report.title} {report.purpose}")]
            newest = [line_of(job, self.reports) for job in self.jobs().order_by("-pk")[:NEWEST]]
            context = {"tabs": self.tabs("report_list"), "reports": shown, "q": q, "searchable": len(self.reports) > LONG}
            return self.render(self.context(**context, any=bool(self.reports), lines=newest))


class ReportForm(ReportsPage):
    """Parameters and the kind of file. `?see=1` with parameters shows the report on the page."""

    template_name = "reports/report_form.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        report, now = self.report(), timezone.now()
        with read_only():
            seen = "see" in request.GET
            given = request.GET if seen or set(request.GET) & set(report.form_class.base_fields) else None
            form = report.form(self.actor, now, given)
            formats = report.formats
            first = {name: request.GET[name] for name in ("format", "language") if name in request.GET}
            delivery = DeliveryForm(formats=formats, initial=first)
            shown = self._document(report, form, now) if seen and form.is_valid() else None
            return self._show(report, form if seen else _unbound(report, form, self.actor, now), delivery, shown)

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        report, now = self.report(), timezone.now()
        form = report.form(self.actor, now, request.POST)
        delivery = DeliveryForm(request.POST, formats=report.formats)
        if "see" in request.POST:
            if form.is_valid():
                chosen = urlencode({"see": 1, **form.parameters()}, doseq=True)
                return HttpResponseRedirect(f"{request.path}?{chosen}")
            return self._show(report, form, DeliveryForm(formats=report.formats))
        if not (form.is_valid() & delivery.is_valid()) or not self._fits(report, form, delivery, now):
            return self._show(report, form, delivery)
        return once(request, lambda: self._ask(report, form, delivery, now))

    def _ask(self, report: Report, form, delivery: DeliveryForm, now: datetime) -> str:
        wish = Wish(report.code, form.parameters(), **delivery.wanted())
        asked = request_report(report=report, wish=wish, actor=self.actor, now=now)
        return reverse("reports:job_detail", args=[self.actor.organization.slug, asked.job_id])

    def _document(self, report: Report, form, now: datetime) -> Document | None:
        """What the report says; None with the refusal beside the form."""
        today = today_in(self.actor.organization.country, now)
        try:
            return report.document(self.actor, report.fixed(form.parameters(), today), now)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
            return None

    def _fits(self, report: Report, form, delivery: DeliveryForm, now: datetime) -> bool:
        """Before anything is begun: whether this kind of file can hold it, and which one can."""
        with read_only():
            document = self._document(report, form, now)
        if document is None:
            return False
        chosen = delivery.cleaned_data["format"]
        if fits(report, document, chosen):
            return True
        larger = [str(FORMATS[code]) for code in report.formats if code != chosen and fits(report, document, code)]
        words = {
            "rows": number_format(rows_in(report, document, chosen) or 0),
            "most": number_format(report.most_rows(chosen) or 0),
        }
        text = _("This report has %(rows)s rows; a file of this kind holds at most %(most)s.") % words
        way = _("Choose: %(formats)s.") % {"formats": "; ".join(larger)} if larger else _("Choose fewer.")
        delivery.add_error("format", f"{text} {way}")
        return False

    def _show(self, report: Report, form, delivery: DeliveryForm, document: Document | None = None):
        body, too_long = None, False
        if document is not None:
            too_long = not fits(report, document, "page")
            body = None if too_long else page_context(document)
        return self.render(
            self.context(
                report=report,
                form=form,
                delivery=delivery,
                document=document,
                body=body,
                too_long=too_long,
                rows=rows_of(document) if document else None,
                once=secrets.token_urlsafe(24),
            )
        )


def _unbound(report: Report, form, actor: Any, now: datetime):
    """The first look at a form: empty, or with values an address brought, and no mistakes shown."""
    if form.is_bound:
        form.full_clean()
        fresh = report.form(actor, now)
        fresh.initial = {name: form.data.getlist(name) if name == "codes" else form.data.get(name) for name in form.data}
        return fresh
    return form
