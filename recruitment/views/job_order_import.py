"""Many openings from a file: hand it in, watch it, read what is wrong row by row."""

import secrets

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from core.files import pace
from core.policies import require
from core.tenancy import read_only
from core.views import Page, once
from recruitment import policies
from recruitment.forms.job_order_import import JobOrderImportForm
from recruitment.models import JobOrderImport
from recruitment.selectors import job_order as selectors
from recruitment.services.bulk import SMALL, hand_in
from recruitment.services.opening_file import COLUMNS, FEE_PARTS
from recruitment.views.job_order import frame

EARLIER = 10


class JobOrderImportPage(Page):
    """Choose a file. Sent twice, it is read once."""

    policy = policies.can_import
    template_name = "recruitment/desk/import.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        language = "vi" if (get_language() or "")[:2] in ("vi", "id") else "en"
        return self._show(JobOrderImportForm(initial={"language": language, "mode": "check"}))

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        wait = pace.wait_before(request)
        form = JobOrderImportForm(request.POST, request.FILES)
        if form.is_valid() and wait:
            form.add_error("file", pace.in_words(wait))
            return pace.ask_to_wait(self._show(form), wait)
        if not form.is_valid():
            return self._show(form)
        return once(request, lambda: self._hand_in(form))

    def _hand_in(self, form) -> str:
        given = form.cleaned_data
        row = hand_in(
            file_name=given["file"].name,
            content=given["file"].read(),
            language=given["language"],
            dry_run=given["mode"] == "check",
            submit=given["mode"] == "submit",
            actor=self.actor,
            now=timezone.now(),
        )
        return reverse("recruitment:job_order_import_detail", args=[self.actor.organization.slug, row.pk])

    def _show(self, form):
        earlier, older = self._earlier()
        context = {"form": form, "earlier": earlier, "older": older, "columns": COLUMNS, "fee_parts": FEE_PARTS, "small": SMALL}
        return self.render({**frame(self.request), **context, "once": secrets.token_urlsafe(24)})

    def _earlier(self):
        """Ten files handed in before, the newest first, and the address of the ten before them."""
        rows = selectors.imports_visible_to(self.actor).order_by("-pk")
        after = self.request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 19:
            rows = rows.filter(pk__lt=int(after))
        found = list(rows[: EARLIER + 1])
        return found[:EARLIER], f"?after={found[EARLIER - 1].pk}" if len(found) > EARLIER else ""


class JobOrderImportDetail(Page):
    """How far it is, and what was wrong or stored."""

    selector = selectors.imports_visible_to
    policy = policies.can_list
    template_name = "recruitment/desk/import_detail.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            row = self.get_thing()
            waiting = row.state in JobOrderImport.UNFINISHED
            codes = row.report.get("openings", [])
            return self.render(
                {
                    **frame(request),
                    "row": row,
                    "waiting": waiting,
                    "errors_found": row.report.get("errors", []),
                    "more": row.report.get("more", 0),
                    "codes": codes[:50],
                    "stored": len(codes),
                    "unsent": row.report.get("unsent", []),
                }
            )
