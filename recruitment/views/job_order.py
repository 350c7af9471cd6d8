"""An organization's openings: the list, a new one, one opening with its versions and history, and where it stands."""

import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.policies import require
from core.tenancy import read_only
from core.views import ListPage, Page, once
from organizations.selectors import desk
from organizations.selectors.log import log_lines
from recruitment import policies
from recruitment.forms.job_order import CountForm, CreateForm, JobOrderFilterForm, StandingForm
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.selectors import job_order as selectors
from recruitment.selectors.changes import change_rows
from recruitment.selectors.names import work_name
from recruitment.services import job_order as services
from recruitment.services import standing
from recruitment.services.code import parse
from recruitment.states import JOB_ORDER
from recruitment.views import rooms  # noqa: F401  (puts openings into the menu of the desk)
from recruitment.views.job_order_show import summary

STATE_SIGNS = {
    "published": "ok",
    "submitted": "warn",
    "returned": "stop",
    "suspended": "stop",
    "paused": "pause",
    "withdrawn": "stop",
}


def frame(request) -> dict:
    """Header and menu of the desk."""
    actor = request.actor
    return {
        "desk_name": desk.desk_name(actor),
        "desk_nav": desk.desk_nav(actor, request.path),
        "slug": actor.organization.slug,
        "actor": actor,
    }


class OpeningPage(Page):
    """Common ground: one opening of the organization by its code."""

    selector = selectors.job_orders_visible_to
    policy = policies.can_view

    def opening(self) -> JobOrder:
        code = parse(self.kwargs["code"])
        row = self.selector(self.actor).filter(code=code or "").first()
        if row is None:
            raise Http404
        require(self.policy(self.actor, row))
        return row

    def address(self, name: str, *args) -> str:
        return reverse(f"recruitment:{name}", args=[self.actor.organization.slug, self.kwargs["code"], *args])


class JobOrderList(ListPage):
    """Newest first, in keyset pages; the filter stays in the address."""

    selector = selectors.job_orders_visible_to
    policy = policies.can_list
    template_name = "recruitment/desk/list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            form = JobOrderFilterForm(request.GET, states=JobOrder.State.choices)
            given = form.given()
            rows, next_after = self.page(selectors.search(self.selector(self.actor), **given))
            versions = selectors.current_versions(rows)
            counts = selectors.state_counts(self.actor)
            return self.render(
                {
                    **frame(request),
                    "form": form,
                    "filters": len(given),
                    "rows": [_line(row, versions.get(row.pk)) for row in rows],
                    "has_any": bool(counts),
                    "tabs": _tabs(request.path, counts, given),
                    "next": _address(request, after=next_after) if next_after else "",
                    "may_create": bool(policies.can_create(self.actor)),
                }
            )


def _line(row: JobOrder, version: JobOrderVersion | None) -> dict:
    return {"row": row, "version": version, "title": _title(version), "sign": STATE_SIGNS.get(row.state, "unk")}


def _title(version: JobOrderVersion | None) -> str:
    title = services.title_of(version) if version else ""
    return title or _("An opening without a name yet")


def _address(request, **changes) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _tabs(path: str, counts: dict[str, int], given: dict[str, str]) -> list[dict]:
    shown = [("", _("All"), sum(counts.values()))]
    shown += [(value, label, counts[value]) for value, label in JobOrder.State.choices if counts.get(value)]
    return [
        {
            "url": f"{path}?state={value}" if value else path,
            "label": label,
            "count": count,
            "current": given.get("state", "") == value,
        }
        for value, label, count in shown
    ]


class JobOrderCreate(Page):
    """Begin an opening: blank, or with what an earlier one said."""

    policy = policies.can_create
    template_name = "recruitment/desk/new.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        return self._show(CreateForm(earlier=self._earlier(), initial={"copy_from": request.GET.get("from", "")}))

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        form = CreateForm(request.POST, earlier=self._earlier())
        if not form.is_valid():
            return self._show(form)
        return once(request, lambda: self._create(form))

    def _create(self, form) -> str:
        source = None
        if form.cleaned_data["copy_from"]:
            source = selectors.job_orders_visible_to(self.actor).get(code=form.cleaned_data["copy_from"])
        row = services.create_job_order(actor=self.actor, now=timezone.now(), copy_from=source)
        return reverse("recruitment:job_order_edit", args=[self.actor.organization.slug, row.code, "parties"])

    def _earlier(self) -> list[tuple[str, str]]:
        rows = list(selectors.job_orders_visible_to(self.actor).order_by("-pk")[:50])
        versions = selectors.current_versions(rows)
        return [(row.code, f"{row} · {_title(versions.get(row.pk))}") for row in rows]

    def _show(self, form):
        return self.render({**frame(self.request), "form": form, "once": secrets.token_urlsafe(24)})


class JobOrderDetail(OpeningPage):
    """One opening: what it says, its versions with what changed, who did what, and what may be done now."""

    template_name = "recruitment/desk/detail.html"

    def get(self, request, *args, **kwargs):
        with read_only():
            return self.show(self.opening())

    def show(self, row: JobOrder, count_form=None):
        versions = selectors.versions_of(row)
        shown = next((v for v in versions if v.state != JobOrderVersion.State.DROPPED), versions[0])
        open_one = next((v for v in versions if v.state in selectors.OPEN_STATES), None)
        may_edit = bool(policies.can_edit(self.actor, row))
        return self.render(
            {
                **frame(self.request),
                "row": row,
                "sign": STATE_SIGNS.get(row.state, "unk"),
                "version": shown,
                "open": open_one,
                "title": _title(shown),
                "summary": summary(selectors.content_of(shown)),
                "versions": [{"version": v, "changes": change_rows(v.changes)} for v in versions],
                "returned": list(selectors.returned_items(row).values()),
                "log": log_lines(row),
                "actions": self._actions(row) if may_edit else [],
                "may_edit": may_edit,
                "may_write": may_edit and open_one is not None and open_one.state != JobOrderVersion.State.SUBMITTED,
                "may_take_back": may_edit and open_one is not None and open_one.state == JobOrderVersion.State.SUBMITTED,
                "may_change": may_edit and open_one is None and row.state in ("published", "paused", "approved"),
                "may_drop": may_edit and open_one is not None and open_one.number > 1 and open_one.state != "submitted",
                "may_count": may_edit and row.state in ("published", "paused"),
                "count_form": count_form or CountForm(initial={"filled": row.places_filled}),
                "once": secrets.token_urlsafe(24),
            }
        )

    def _actions(self, row: JobOrder) -> list[dict]:
        words = {
            "pause": _("Pause"),
            "resume": _("Open again"),
            "publish": _("Publish now"),
            "fill": _("All places are filled"),
            "close": _("Close"),
            "withdraw": _("Withdraw"),
        }
        names = [t.name for t in JOB_ORDER.available(row, self.actor) if t.name in words]
        return [{"name": name, "label": words[name], "url": self.address("job_order_act", name)} for name in names]

    def post(self, request, *args, **kwargs):
        """The buttons of the page that need no question: begin a change, take back, count places."""
        row = self.opening()
        form = CountForm(request.POST) if request.POST.get("action") == "count" else None
        actions = {"change": self._change, "take_back": self._take_back, "drop": self._drop}
        if form is not None:
            action = self._count
        elif request.POST.get("action") in actions:
            action = actions[request.POST["action"]]
        else:
            raise Http404
        return once(request, lambda: action(row, form)) or self.show(row, form)

    def _change(self, row, form) -> str:
        services.start_change(job_order=row, actor=self.actor, now=timezone.now())
        return self.address("job_order_edit", "parties")

    def _take_back(self, row, form) -> str:
        services.take_back_job_order(job_order=row, actor=self.actor, now=timezone.now())
        messages.success(self.request, _("Taken back. You can change it and send it again."))
        return self.request.path

    def _drop(self, row, form) -> str:
        services.drop_version(job_order=row, actor=self.actor, now=timezone.now())
        messages.success(self.request, _("The change is dropped. The published version stays as it is."))
        return self.request.path

    def _count(self, row, form) -> str | None:
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                standing.count_places(job_order=row, filled=form.cleaned_data["filled"], actor=self.actor, now=timezone.now())
        except ValidationError as error:
            form.add_error("filled", error.error_dict["filled"] if hasattr(error, "error_dict") else error)
            return None
        messages.success(self.request, _("Saved. The public page shows the places that are left."))
        return self.request.path


class JobOrderVersionPage(OpeningPage):
    """One version as it was, beside the one before it."""

    template_name = "recruitment/desk/version.html"

    def get(self, request, *args, **kwargs):
        with read_only():
            row = self.opening()
            found = [v for v in selectors.versions_of(row) if v.number == self.kwargs["number"]]
            if not found:
                raise Http404
            version = found[0]
            return self.render(
                {
                    **frame(request),
                    "row": row,
                    "version": version,
                    "title": work_name(version.occupation_id or "", version.field_id or "", version.programme_id or ""),
                    "before": selectors.version_before(version),
                    "changes": change_rows(version.changes),
                    "summary": summary(selectors.content_of(version)),
                    "log": log_lines(version),
                }
            )


class JobOrderAct(OpeningPage):
    """A question on its own page: pause, open again, publish, fill, close, withdraw."""

    policy = policies.can_edit
    template_name = "recruitment/desk/act.html"

    def get(self, request, *args, **kwargs):
        row = self._row()
        return self._show(row, self._form())

    def post(self, request, *args, **kwargs):
        row = self._row()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(row, form)
        return once(request, lambda: self._act(row, form)) or self._show(row, form)

    def _row(self) -> JobOrder:
        if self.kwargs["verb"] not in standing.REASONS:
            raise Http404
        row = self.opening()
        require(JOB_ORDER.transitions[self.kwargs["verb"]].policy(self.actor, row))
        return row

    def _form(self, data=None) -> StandingForm:
        reasons = [(code, standing.REASON_WORDS[code]) for code in standing.REASONS[self.kwargs["verb"]]]
        return StandingForm(data, reasons=reasons)

    def _act(self, row, form) -> str | None:
        try:
            with transaction.atomic():
                standing.change_state(
                    job_order=row,
                    name=self.kwargs["verb"],
                    reason=form.cleaned_data.get("reason", ""),
                    actor=self.actor,
                    now=timezone.now(),
                )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return None
        messages.success(self.request, _("Done. The public page has changed too."))
        return self.address("job_order_detail")

    def _show(self, row, form):
        words = {
            "pause": (
                _("Pause this opening?"),
                _("Nobody finds it while it is paused. An old flyer says that it is paused."),
                _("Pause"),
            ),
            "resume": (_("Open this opening again?"), _("It is found again at once."), _("Open again")),
            "publish": (
                _("Publish this opening now?"),
                _("It was approved while your permit was not in force."),
                _("Publish now"),
            ),
            "fill": (
                _("Are all places filled?"),
                _("The opening ends. An old flyer says that it is filled."),
                _("Mark as filled"),
            ),
            "close": (_("Close this opening?"), _("It ends for good. An old flyer says that it is closed."), _("Close")),
            "withdraw": (
                _("Withdraw this opening?"),
                _("It ends for good. An old flyer says that it was withdrawn."),
                _("Withdraw"),
            ),
        }
        title, text, action = words[self.kwargs["verb"]]
        return self.render(
            {
                **frame(self.request),
                "row": row,
                "form": form,
                "question": title,
                "text": text,
                "button": action,
                "danger": self.kwargs["verb"] in ("close", "withdraw"),
                "back": self.address("job_order_detail"),
                "once": secrets.token_urlsafe(24),
            }
        )


def to_detail(request, code: str) -> HttpResponseRedirect:
    """Where a page leads when nothing can be written now."""
    return HttpResponseRedirect(reverse("recruitment:job_order_detail", args=[request.actor.organization.slug, code]))
