"""Writing an opening step by step. Each step is saved by itself; lines are added and dropped without JavaScript."""

import secrets

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import require
from core.tenancy import read_only
from core.views import once
from recruitment import policies
from recruitment.forms.job_order import PartiesForm, PayForm, TermsForm, WorkForm
from recruitment.forms.job_order_lines import FeeForm, Lines, PayLineForm, TextForm, here, without_line
from recruitment.models import JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.selectors import job_order as selectors
from recruitment.selectors.changes import LABELS, change_rows
from recruitment.selectors.names import reference
from recruitment.services import fee as fees
from recruitment.services import job_order as services
from recruitment.services.refusal import refusals
from recruitment.services.version import approved_version, changes_between
from recruitment.services.version import content_of as document_of
from recruitment.services.warning import describe
from recruitment.views.job_order import OpeningPage, frame, to_detail
from recruitment.views.job_order_show import GROUPS, cost, fee_line, item_label, summary

STEPS = {
    "parties": gettext_lazy("Who and under which programme"),
    "work": gettext_lazy("The work and the place"),
    "pay": gettext_lazy("Wage and deductions"),
    "fees": gettext_lazy("The fees"),
    "terms": gettext_lazy("Requirements, days and texts"),
    "check": gettext_lazy("Check and send"),
}
ORDER = list(STEPS)
FORMS = {"parties": PartiesForm, "work": WorkForm, "pay": PayForm, "terms": TermsForm}
USUAL_PAY = (PayLine.Kind.TAX, PayLine.Kind.SOCIAL, PayLine.Kind.RENT, PayLine.Kind.UTILITIES)
USUAL_TEXTS = (JobOrderText.Key.WORK, JobOrderText.Key.EARLY_END, JobOrderText.Key.DISPUTE)
STEP_OF = {name: step for step, names in GROUPS for name in names}


class JobOrderEdit(OpeningPage):
    """One step of the version that is being written."""

    policy = policies.can_edit
    template_name = "recruitment/desk/step.html"

    def get(self, request, *args, **kwargs):
        with read_only():
            row, version = self._load()
            if version is None:
                return to_detail(request, row.code)
            if self.step == "check":
                return self._check(row, version)
            return self._show(row, version, *self._forms(version))

    def post(self, request, *args, **kwargs):
        row, version = self._load()
        if version is None:
            return to_detail(request, row.code)
        if self.step == "check":
            return once(request, lambda: self._send(row)) or self._check(row, version, self.refused)
        data = self._without_dropped(request.POST)
        form, lines = self._forms(version, data)
        return once(request, lambda: self._save(row, version, form, lines)) or self._show(row, version, form, lines)

    def _load(self) -> tuple[JobOrder, JobOrderVersion | None]:
        self.step, self.refused = self.kwargs["step"], None
        if self.step not in STEPS:
            raise Http404
        row = self.opening()
        version = selectors.open_version_of(row)
        return row, None if version is None or version.state == JobOrderVersion.State.SUBMITTED else version

    # -- the forms of a step --------------------------------------------------------------------------------------------

    def _forms(self, version: JobOrderVersion, data=None):
        form_class = FORMS.get(self.step)
        form = form_class(data, initial=None if data is not None else form_class.initial_of(version)) if form_class else None
        return form, self._lines(version, data)

    def _lines(self, version: JobOrderVersion, data) -> Lines | None:
        content = selectors.content_of(version)
        one_more = data is None and self.request.GET.get("add") == "1"
        if self.step == "fees":
            currency = self._home_currency(version)
            blank = {"currency": currency, "payer": "worker"}
            blanks = [blank] if one_more or not content.fees else []
            return Lines(FeeForm, "fees", rows=content.fees, data=data, blanks=blanks, currencies=self._currencies(currency))
        if self.step == "pay":
            blanks = [{}] if one_more else [] if content.pay else [{"kind": kind} for kind in USUAL_PAY]
            return Lines(PayLineForm, "pay", rows=content.pay, data=data, blanks=blanks)
        if self.step == "terms":
            new = {"language": here(), "origin": "original"}
            blanks = [new] if one_more else [] if content.texts else [{**new, "key": key} for key in USUAL_TEXTS]
            return Lines(TextForm, "texts", rows=content.texts, data=data, blanks=blanks)
        return None

    def _home_currency(self, version: JobOrderVersion) -> str:
        country = reference().countries.get(version.origin_id or "")
        return country.currency_id if country else "JPY"

    def _currencies(self, first: str) -> dict[str, int]:
        """The worker's own currency first, then yen and dollar, then the others."""
        known = fees.LawBook().currencies
        order = [code for code in dict.fromkeys([first, "JPY", "USD", *sorted(known)]) if code in known]
        return {code: known[code] for code in order}

    def _without_dropped(self, data):
        prefix, _sep, number = data.get("drop", "").partition(":")
        if prefix in ("fees", "pay", "texts") and number.isascii() and number.isdigit() and len(number) < 4:
            return without_line(data, prefix, int(number))
        return data

    # -- saving ---------------------------------------------------------------------------------------------------------

    def _save(self, row, version, form, lines) -> str | None:
        valid = [part.is_valid() for part in (form, lines) if part is not None]
        if not all(valid) or not self._still_the_same(version, form or lines):
            return None
        given = {"values": form.values()} if form else {}
        if lines is not None:
            given[{"fees": "fee_lines", "pay": "pay_lines", "texts": "texts"}[lines.prefix]] = lines.lines()
        try:
            with transaction.atomic():
                services.save_draft(job_order=row, actor=self.actor, now=timezone.now(), **given)
        except ValidationError as error:
            self._tell(error, form, lines)
            return None
        return self._next()

    def _still_the_same(self, version, part) -> bool:
        """Somebody else saved meanwhile: say so once; saving again replaces what they wrote."""
        seen = self.request.POST.get("seen", "")
        if not seen or seen == version.saved_at.isoformat():
            return True
        self.notice = _(
            "Somebody saved this draft after you opened it. Look at it in another tab. Save again to replace it with yours."
        )
        return False

    def _tell(self, error: ValidationError, form, lines) -> None:
        errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        rest = lines.put_errors(errors, lines.prefix) if lines is not None else dict(errors)
        for name, mistakes in rest.items():
            if form is not None:
                form.add_error(name if name in form.fields else None, mistakes)
            else:
                self.notice = " ".join(str(text) for mistake in mistakes for text in mistake.messages)

    def _next(self) -> str:
        if "add" in self.request.POST:
            return f"{self.request.path}?add=1#last"
        if "next" in self.request.POST:
            return self.address("job_order_edit", ORDER[ORDER.index(self.step) + 1])
        return self.request.path

    # -- showing --------------------------------------------------------------------------------------------------------

    notice = ""

    def _show(self, row, version, form, lines):
        content = selectors.content_of(version)
        returned = [
            {"label": item_label(item, content), "reason": entry.reason}
            for item, entry in selectors.returned_items(row).items()
            if self._belongs(item)
        ]
        rows = self._line_rows(version, content, lines)
        return self.render(
            {
                **self._frame(row, version),
                "form": form,
                "lines": lines,
                "errors": [part.errors for part in lines.forms if part.errors] if lines is not None and lines.is_bound else [],
                "line_rows": rows,
                "refused": [line for line in rows if line["shown"] and line["shown"]["refusal"]],
                "returned": returned,
                "notice": self.notice,
                "seen": version.saved_at.isoformat(),
                "once": secrets.token_urlsafe(24),
            }
        )

    def _frame(self, row, version) -> dict:
        place = ORDER.index(self.step)
        back = self.address("job_order_edit", ORDER[place - 1]) if place else self.address("job_order_detail")
        return {
            **frame(self.request),
            "row": row,
            "version": version,
            "title": services.title_of(version) or _("An opening without a name yet"),
            "step": self.step,
            "heading": STEPS[self.step],
            "number": place + 1,
            "total_steps": len(ORDER),
            "steps": [
                {"name": n, "label": STEPS[n], "url": self.address("job_order_edit", n), "here": n == self.step} for n in ORDER
            ],
            "back": back,
            "detail": self.address("job_order_detail"),
            "cost": cost(version),
        }

    def _belongs(self, item: str) -> bool:
        kind = item.partition(":")[0]
        return {"fee": "fees", "pay": "pay", "text": "terms"}.get(kind, STEP_OF.get(kind, "parties")) == self.step

    def _line_rows(self, version, content, lines) -> list[dict]:
        """Each form of a line with what law says of the line as it is stored."""
        if lines is None:
            return []
        shown = self._verdicts(version, content) if self.step == "fees" and not lines.is_bound else []
        return [
            {"form": form, "shown": shown[n] if n < len(shown) else None, "number": n + 1} for n, form in enumerate(lines.forms)
        ]

    def _verdicts(self, version, content) -> list[dict]:
        on = version.judged_on or services.today_of(version.job_order, timezone.now())
        judgement = fees.judge_version(version, content.fees, on=on)
        refused = {refusal.position: refusal for refusal in refusals(judgement, content.fees)}
        pairs = zip(content.fees, judgement.lines, strict=True)
        return [fee_line(line, refused.get(position), verdict) for position, (line, verdict) in enumerate(pairs)]

    # -- the last step --------------------------------------------------------------------------------------------------

    def _check(self, row, version, refused: ValidationError | None = None):
        self.template_name = "recruitment/desk/check.html"
        check = services.check_version(row, version, now=timezone.now())
        before = approved_version(row)
        content = selectors.content_of(version)
        changes = changes_between(document_of(before), document_of(version)) if before else []
        return self.render(
            {
                **self._frame(row, version),
                "problems": self._problems(check.errors, version, content),
                "refused": refused.messages if refused and not check.errors else [],
                "warnings": [describe(warning) for warning in check.warnings],
                "permit": check.permit,
                "before": before,
                "changes": change_rows(changes),
                "summary": summary(content),
                "returned": [
                    {"label": item_label(item, content), "reason": entry.reason}
                    for item, entry in selectors.returned_items(row).items()
                ],
                "once": secrets.token_urlsafe(24),
            }
        )

    def _problems(self, errors: dict[str, ValidationError], version, content) -> list[dict]:
        """Each with the step that mends it; a refused fee with its amounts, so that the page writes them as people do."""
        refused = {line["refusal"].position: line for line in self._verdicts(version, content) if line["refusal"]}
        found = []
        for name, error in errors.items():
            kind, _dot, rest = name.partition(".")
            position = int(rest.split(".")[0]) if rest.split(".")[0].isdigit() else None
            step = {"fees": "fees", "pay": "pay", "texts": "terms"}.get(kind, STEP_OF.get(kind))
            label = _("Line %(n)s") % {"n": position + 1} if position is not None else str(LABELS.get(kind, ""))
            found += [
                {
                    "label": label,
                    "text": text,
                    "url": self._mending(step),
                    "line": refused.get(position) if kind == "fees" else None,
                }
                for text in error.messages
            ]
        return found

    def _mending(self, step: str | None) -> str:
        if step:
            return self.address("job_order_edit", step)
        return reverse("organizations:registration", args=[self.actor.organization.slug])

    def _send(self, row) -> str | None:
        try:
            with transaction.atomic():
                services.submit_job_order(job_order=row, actor=self.actor, now=timezone.now())
        except ValidationError as error:
            self.refused = error
            return None
        messages.success(self.request, _("Sent. Two people of the regulator must approve it. You find the answer here."))
        return self.address("job_order_detail")


def first_step(request, organization, code):
    """`…/edit/` alone leads to the first step."""
    require(first_step.policy(request.actor))
    return HttpResponseRedirect(reverse("recruitment:job_order_edit", args=[organization, code, ORDER[0]]))


first_step.policy = policies.can_list
