"""Reports that were asked for: the list, one with its progress, and what may be done with it."""

import tempfile
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.files import FileMissing, serve_made
from core.policies import require
from core.tenancy import read_only
from core.vault import VaultError
from core.views import once
from reports import policies
from reports.forms.delivery import JobFilterForm
from reports.models import ReportJob
from reports.renderers import FORMATS
from reports.selectors import job as selectors
from reports.services import asking, handing_out
from reports.views.frame import VERDICTS, ReportsPage, line_of

PAGE = 20


class JobList(ReportsPage):
    """Everything that was asked for here, the newest first, in keyset pages."""

    template_name = "reports/job_list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            form = JobFilterForm(request.GET, reports=[(code, report.title) for code, report in self.reports.items()])
            given = form.given()
            rows = self.jobs()
            rows = rows.filter(**{name: given[name] for name in ("report", "state") if name in given})
            if given.get("mine"):
                rows = rows.filter(is_mine=True)
            found, following = _page(rows, request.GET.get("after", ""))
            return self.render(
                self.context(
                    tabs=self.tabs("job_list"),
                    form=form,
                    filters=len(given),
                    lines=[line_of(job, self.reports) for job in found],
                    next=_with(request, after=following) if following else "",
                )
            )


def _page(rows, after: str) -> tuple[list[ReportJob], int | None]:
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return found, found[-1].pk if more else None


def _with(request, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


class JobDetail(ReportsPage):
    """How far it is, or the file, or why there is none."""

    template_name = "reports/job_detail.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            job = self.job()
            report, now = self.reports[job.report], timezone.now()
            form = report.form(self.actor, now)
            again = urlencode({**job.parameters, "format": job.format, "language": job.language}, doseq=True)
            return self.render(
                self.context(
                    job=job,
                    report=report,
                    verdict=VERDICTS[job.state],
                    is_open=job.is_open,
                    all_read=bool(job.rows) and job.done >= job.rows,
                    left=selectors.seconds_left(job, now),
                    may_download=bool(handing_out.may_download(self.actor, report, job)),
                    may_cancel=bool(policies.can_cancel(self.actor, job)),
                    others=len(job.asked_by) - int(job.is_mine),
                    people=[str(request.user) for request in job.asked_by],
                    format_name=FORMATS[job.format].code.upper(),
                    again=f"{reverse('reports:report_form', args=[self.actor.organization.slug, job.report])}?{again}",
                    has_parameters=bool(form.fields),
                )
            )


class JobAct(ReportsPage):
    """Cancel, try again, make a link to the file. Only by a form that was sent."""

    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        job = self.job()
        verb = self.kwargs["verb"]
        if verb == "download":
            return HttpResponseRedirect(self._link(job))
        return once(request, lambda: self._act(verb, job))

    def _act(self, verb: str, job: ReportJob) -> str:
        report, now = self.reports[job.report], timezone.now()
        if verb == "cancel":
            asking.cancel_report(job=job, actor=self.actor, now=now)
            messages.success(self.request, _("You no longer wait for this report."))
        elif verb == "retry":
            job = asking.retry_report(report=report, job=job, actor=self.actor, now=now)
        else:
            raise Http404
        return reverse("reports:job_detail", args=[self.actor.organization.slug, job.pk])

    def _link(self, job: ReportJob) -> str:
        report = self.reports[job.report]
        session = self.request.session.session_key or ""
        token = handing_out.make_link(report=report, job=job, session=session, actor=self.actor, now=timezone.now())
        return reverse("reports:job_file", args=[self.actor.organization.slug, job.pk, token])


class JobFile(ReportsPage):
    """The file, once. The address alone opens nothing: it is asked who comes, for whom they act, and in which session."""

    http_method_names = ("get",)
    template_name = "reports/link_over.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        now = timezone.now()
        job = self.jobs().filter(pk=self.kwargs["pk"]).first()
        if job is None:
            return self._over(None, 404)
        session = request.session.session_key or ""
        good = handing_out.use_link(job=job, token=self.kwargs["token"], session=session, actor=self.actor, now=now)
        if not good:
            return self._over(job, 404 if good is None else 410)
        return self._serve(job, now)

    def _serve(self, job: ReportJob, now):
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        try:
            handing_out.copy_file(report=self.reports[job.report], job=job, target=file, actor=self.actor, now=now)
        except (FileMissing, VaultError):
            file.close()
            return self._over(job, 410)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        media_type = FORMATS[job.format].media_type
        return serve_made(file, media_type=media_type, display_name=job.display_name, size=job.size or 0)

    def _over(self, job: ReportJob | None, status: int):
        return self.render(self.context(job=job), status)
