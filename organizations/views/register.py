"""Permit registers: hand in, read the report of the dry run, take over."""

import secrets

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.files import pace
from core.policies import require
from core.tenancy import read_only
from core.views import ListPage, Page, once
from organizations.forms.register import RegisterForm
from organizations.models import RegisterImport
from organizations.policies import review as policies
from organizations.selectors import review as selectors
from organizations.services import register as services
from organizations.views import office

LINES = 100
State = RegisterImport.State


class RegisterList(ListPage):
    """Every register the office handed in, newest first."""

    selector = selectors.registers_visible_to
    policy = policies.can_keep_registers
    template_name = "organizations/register_list.html"

    def context(self, *, rows, next_after, form, actor):
        following = office.without(self.request, after=next_after) if next_after else ""
        return {**office.frame(self.request), "rows": rows, "next": following}


class RegisterNew(Page):
    """Nothing changes before the report was read and confirmed."""

    policy = policies.can_keep_registers
    template_name = "organizations/register_new.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        return self._show(self._form())

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        wait = pace.wait_before(request)
        form = self._form(request.POST, request.FILES)
        if form.is_valid() and wait:
            form.add_error("file", pace.in_words(wait))
            return pace.ask_to_wait(self._show(form), wait)
        if not form.is_valid():
            return self._show(form)
        return once(request, lambda: self._receive(form)) or self._show(form)

    def _form(self, data=None, files=None):
        return RegisterForm(data, files, permit_kinds=selectors.permit_kinds_of(self.actor))

    def _receive(self, form):
        file = form.cleaned_data["file"]
        register = services.receive_register(
            permit_kind=form.cleaned_data["permit_kind"],
            file_name=file.name,
            content=file.read(),
            actor=self.actor,
            now=timezone.now(),
        )
        return reverse("organizations:register_detail", args=[self.actor.organization.slug, register.pk])

    def _show(self, form):
        context = {"form": form, "once": secrets.token_urlsafe(24), "statuses": selectors.recordable_statuses()}
        return self.render({**office.frame(self.request), **context})


class RegisterDetail(Page):
    """The report: mistakes by row and column, or what would change; while it is worked on, how far it is."""

    selector = selectors.registers_visible_to
    policy = policies.can_keep_registers
    template_name = "organizations/register_detail.html"

    def get(self, request, *args, **kwargs):
        with read_only():
            register = self.get_thing()
            require(self.policy(self.actor, register))
            lines, counts = register.report.get("lines", []), register.report.get("counts", {})
            shown = lines if request.GET.get("all") else [line for line in lines if line["effect"] != "same" or line["permits"]]
            start = _number(request.GET.get("after", ""))
            page = shown[start : start + LINES]
            more = start + LINES if start + LINES < len(shown) else 0
            return self.render(
                {
                    **office.frame(request),
                    "register": register,
                    "counts": counts,
                    "tiles": _tiles(counts) if counts else [],
                    "mistakes": _in_words(register.report.get("errors", [])),
                    "lines": page,
                    "working": register.state in (State.WAITING, State.APPLYING),
                    "next": office.without(request, after=more) if more else "",
                    "previous": office.without(request, after=max(0, start - LINES)) if start else "",
                    "all": bool(request.GET.get("all")),
                }
            )


class RegisterApply(Page):
    """The question on a page of its own; yes needs a fresh second factor."""

    selector = selectors.registers_visible_to
    policy = policies.can_keep_registers
    template_name = "organizations/register_apply.html"

    def get(self, request, *args, **kwargs):
        return self._show(self._load())

    def post(self, request, *args, **kwargs):
        register = self._load()
        return once(request, lambda: self._confirm(register)) or self._show(register)

    def _load(self):
        register = self.get_thing()
        require(self.policy(self.actor, register))
        return register

    def _confirm(self, register):
        register = services.confirm_register(register_import=register, actor=self.actor, now=timezone.now())
        if register.state == State.APPLIED:
            messages.success(self.request, _("The register is taken over."))
        else:
            messages.success(self.request, _("The register is being taken over. You may close the page."))
        return reverse("organizations:register_detail", args=[self.actor.organization.slug, register.pk])

    def _show(self, register):
        stopped = [
            {"organization": permit["organization"], "number": line["number"], "status": line["status"]}
            for line in register.report.get("lines", [])
            for permit in line["permits"]
        ]
        context = {"register": register, "counts": register.report.get("counts", {}), "changes": stopped[:50]}
        return self.render(
            {**office.frame(self.request), **context, "once": secrets.token_urlsafe(24), "more": max(0, len(stopped) - 50)}
        )


def _in_words(errors: list[dict]) -> list[dict]:
    """Mistakes in the reader's language."""
    columns = {"number": _("permit number"), "holder": _("company"), "status": _("status")}
    allowed = ", ".join(status.name for status in selectors.recordable_statuses()) if errors else ""
    found = []
    for error in errors:
        data, words = {**error.get("data", {}), "allowed": allowed}, _(error["text"])
        if error["code"] == "no_header":
            data["columns"] = ", ".join(columns[name] for name in data["columns"])
        found.append({**error, "text": words % data if "%(" in words else words})
    return found


def _tiles(counts: dict) -> list[dict]:
    return [
        {"label": _("Permits here that change"), "value": counts["permits"], "lit": True},
        {"label": _("Lines"), "value": counts["rows"]},
        {"label": _("New in your register"), "value": counts["new"]},
        {"label": _("Changed in your register"), "value": counts["changed"]},
        {"label": _("Nobody here has this number"), "value": counts["unknown"]},
    ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
