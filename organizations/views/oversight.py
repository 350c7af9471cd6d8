"""The permits an office is responsible for, and a decision by hand about one of them."""

import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.policies import require
from core.tenancy import read_only
from core.views import ListPage, Page, once
from organizations.forms.review import OversightFilterForm, PermitStatusForm
from organizations.policies import review as policies
from organizations.selectors import review as selectors
from organizations.selectors.places import destinations
from organizations.services.permit_status import set_permit_status
from organizations.views import office


class OversightList(ListPage):
    """What the public sees of the permits of this office."""

    selector = selectors.permits_overseen_by
    policy = policies.can_keep_registers
    template_name = "organizations/oversight_list.html"
    ordering = "permit_id"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            statuses = [(status.pk, status.name) for status in selectors.recordable_statuses()]
            form = OversightFilterForm(request.GET, statuses=statuses)
            rows, next_after = self.page(form.filter(self.selector(self.actor)))
            context = {
                **office.frame(request),
                "form": form,
                "rows": rows,
                "clear": request.path,
                "next": office.without(request, after=next_after) if next_after else "",
            }
            return self.render(context)


class OversightStatus(Page):
    """Record a status: a fresh second factor and a reason; openings under a stopped permit vanish with the same commit."""

    selector = selectors.permits_overseen_by
    policy = policies.can_record_permit_status
    template_name = "organizations/oversight_status.html"

    def get(self, request, *args, **kwargs):
        permit = self._load()
        return self._show(permit, self._form({"since": office.office_day(request, timezone.now())}))

    def post(self, request, *args, **kwargs):
        permit = self._load()
        form = self._form(data=request.POST)
        if not form.is_valid():
            return self._show(permit, form)
        return once(request, lambda: self._record(permit, form)) or self._show(permit, form)

    def _load(self):
        permit = self.get_thing()
        require(self.policy(self.actor, permit))
        return permit

    def _form(self, initial=None, data=None):
        statuses = [(status.pk, status.name) for status in selectors.recordable_statuses()]
        return PermitStatusForm(data, initial=initial, statuses=statuses, markets=destinations())

    def _record(self, permit, form):
        try:
            with transaction.atomic():
                set_permit_status(permit=permit, actor=self.actor, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(error.code if error.code in form.fields else None, error)
            return None
        messages.success(self.request, _("The status is recorded and public."))
        return reverse("organizations:oversight_list", args=[self.actor.organization.slug])

    def _show(self, permit, form):
        fresh = self.actor.is_fresh(timezone.now())
        context = {"permit": permit, "form": form, "once": secrets.token_urlsafe(24), "fresh": fresh}
        return self.render({**office.frame(self.request), **context})
