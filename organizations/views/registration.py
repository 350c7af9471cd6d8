"""Registration: begun by anybody with an account, then step by step inside the organization's own desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import tenancy
from core.policies import require
from core.views import ActionPage, Page
from organizations.forms.registration import STEP_FORMS, ConfirmForm, StartForm, SubmitForm
from organizations.models import Organization
from organizations.models.registration import GROUPS
from organizations.policies import registration as policies
from organizations.selectors import membership as people
from organizations.selectors import places
from organizations.selectors import registration as selectors
from organizations.services import registration as services

EDITABLE = (Organization.State.DRAFT, Organization.State.RETURNED)
TITLES = {
    "names": gettext_lazy("Names"),
    "office": gettext_lazy("Address and website"),
    "contacts": gettext_lazy("Phones, pages and accounts"),
    "bank": gettext_lazy("Bank account holders"),
    "representatives": gettext_lazy("Representatives"),
    "permits": gettext_lazy("Permits"),
    "check": gettext_lazy("Check and send"),
}


def step_url(organization: Organization, step: str) -> str:
    return reverse("organizations:registration_step", args=[organization.slug, step])


class StartRegistration(ActionPage):
    """Outside any organization: the person is active, the organization does not exist yet."""

    policy = policies.can_register
    service = services.start_registration
    template_name = "organizations/registration_start.html"

    def dispatch(self, request, *args, **kwargs):
        with tenancy.activate(request.user.pk):
            return super().dispatch(request, *args, **kwargs)

    def get_form(self, thing, data=None, files=None):
        return StartForm(data, kinds=selectors.kinds_for_registration(), countries=places.countries())

    def act(self, thing, form):
        form.cleaned_data["language"] = (get_language() or "en")[:2]
        return super().act(thing, form)

    def context(self, **context):
        return {**context, "memberships": people.memberships_of(self.request.user)}

    def success_url(self, thing, result):
        return step_url(result, "names")


class RegistrationPage(Page):
    """Where the registration stands, and everything the organization says about itself."""

    policy = policies.can_see_desk
    template_name = "organizations/registration.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        organization = selectors.own_organization(self.actor)
        sent_back = organization.state == Organization.State.RETURNED
        returned = selectors.returned_items(self.actor) if sent_back else []
        steps = selectors.steps_of(organization, returned)
        may_edit = bool(policies.can_edit_registration(self.actor, organization))
        context = {
            "organization": organization,
            "country": places.country_name(organization.country),
            "regulator": selectors.regulator_of(organization),
            "profile": selectors.profile(self.actor),
            "may_edit": may_edit,
            "may_close": bool(policies.can_close_organization(self.actor, organization)) and organization.state in EDITABLE,
            "returned": _by_step(organization, returned),
            "returned_lines": _by_line(selectors.returned_lines(self.actor)),
            "steps": _overview(organization, steps) if organization.state == Organization.State.DRAFT else [],
            "next_url": step_url(organization, steps[0] if sent_back else _first_open(organization, steps)),
        }
        return self.render(context)


def _by_step(organization, returned) -> list[dict]:
    grouped = selectors.returned_by_step(returned)
    return [{"title": TITLES[step], "url": step_url(organization, step), "items": items} for step, items in grouped.items()]


def _by_line(items) -> dict[str, list]:
    found: dict[str, list] = {}
    for item in items:
        found.setdefault(f"{item.subject_type}:{item.subject_id}", []).append(item)
    return found


def _overview(organization, steps) -> list[dict]:
    gaps: dict[str, str] = {}
    for step, sentence in services.missing(organization):
        gaps.setdefault(step, sentence)
    return [
        {"title": TITLES[step], "url": step_url(organization, step), "gap": gaps.get(step)} for step in steps if step != "check"
    ]


def _first_open(organization, steps) -> str:
    gaps = {step for step, _sentence in services.missing(organization)}
    return next((step for step in steps if step in gaps), "check")


class Step(Page):
    """Common ground of the steps: the organization in draft or sent back, the place of this step, the time of the last save."""

    policy = policies.can_edit_registration
    step = ""

    def dispatch(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        self.step = kwargs["step"]
        self.organization = selectors.own_organization(self.actor)
        if self.organization.state not in EDITABLE:
            return HttpResponseRedirect(reverse("organizations:registration", args=[self.organization.slug]))
        self.returned = selectors.returned_items(self.actor) if self.is_returned else []
        # A step that was just corrected stays open for another look until everything is sent again.
        sent_back = self.returned + selectors.mended_items(self.actor) if self.is_returned else []
        self.steps = selectors.steps_of(self.organization, sent_back)
        if self.step not in self.steps:
            raise Http404
        self.items = selectors.returned_by_step(sent_back).get(self.step, [])
        self.drafts = selectors.drafts(self.actor)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_returned(self) -> bool:
        return self.organization.state == Organization.State.RETURNED

    @property
    def draft(self) -> dict:
        kept = self.drafts.get(self.step)
        return kept.data if kept else {}

    def reasons(self) -> dict[str, list[str]]:
        """Why things came back, by field name or line id."""
        found: dict[str, list[str]] = {}
        for item in self.items:
            found.setdefault(str(item.row_id or item.item), []).append(item.reason)
        return found

    def neighbour(self, distance: int) -> str:
        place = self.steps.index(self.step) + distance
        return step_url(self.organization, self.steps[place]) if 0 <= place < len(self.steps) else ""

    def context(self, **context):
        times = [draft.saved_at for draft in self.drafts.values()]
        return {
            "organization": self.organization,
            "step": self.step,
            "title": TITLES[self.step],
            "place": self.steps.index(self.step) + 1,
            "total": len(self.steps),
            "saved_at": max(times, default=None),
            "back_url": self.neighbour(-1) or reverse("organizations:registration", args=[self.organization.slug]),
            "is_returned": self.is_returned,
            "group_reasons": self.reasons().get(self.step, []),
            **context,
        }


class FieldsStep(Step):
    """A step of single answers."""

    template_name = "organizations/registration_fields.html"

    def only(self) -> set[str] | None:
        """After a return only what came back may be changed."""
        named = {item.item for item in self.items}
        return None if not self.is_returned or self.step in named else named & set(GROUPS[self.step])

    def form(self, data=None):
        stored = {name: getattr(self.organization, name) for name in GROUPS[self.step]}
        initial = {**stored, **self.draft.get("fields", {})}
        return STEP_FORMS[self.step](data, initial=initial, only=self.only(), reasons=self.reasons())

    def get(self, request, *args, **kwargs):
        return self.render(self.context(form=self.form()))

    def post(self, request, *args, **kwargs):
        form = self.form(request.POST)
        known = {"organization": self.organization, "step": self.step, "actor": self.actor, "now": timezone.now()}
        if not form.is_valid():
            services.keep_draft(data={"fields": form.typed()}, **known)
            return self.render(self.context(form=form, saved_at=known["now"]))
        services.save_fields(fields=form.cleaned_data, only=self.only(), **known)
        return HttpResponseRedirect(self.neighbour(1))


class CheckStep(Step):
    """Everything once more, what is missing, and the button that sends."""

    template_name = "organizations/registration_check.html"

    def show(self, form):
        gaps = services.missing(self.organization)
        return self.render(
            self.context(
                form=form,
                country=places.country_name(self.organization.country),
                profile=selectors.profile(self.actor),
                regulator=selectors.regulator_of(self.organization),
                gaps=[{"url": step_url(self.organization, step), "title": TITLES[step], "text": text} for step, text in gaps],
                open_items=_by_step(self.organization, self.returned),
            )
        )

    def get(self, request, *args, **kwargs):
        return self.show(SubmitForm())

    def post(self, request, *args, **kwargs):
        form = SubmitForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            with transaction.atomic():
                services.submit_registration(organization=self.organization, actor=self.actor, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form)
        messages.success(request, _("Your registration was sent. Two people of the regulator will check it."))
        return HttpResponseRedirect(reverse("organizations:registration", args=[self.organization.slug]))


class CloseOrganization(ActionPage):
    """Give up a registration."""

    policy = policies.can_close_organization
    form_class = ConfirmForm
    service = services.close_organization
    template_name = "organizations/registration_close.html"
    thing_name = "organization"

    def load(self):
        organization = selectors.own_organization(self.actor)
        require(self.policy(self.actor, organization))
        if organization.state not in EDITABLE:
            raise Http404
        return organization

    def show(self, thing, form, status=200):
        return self.render(self.context(form=form, organization=thing, once=""), status)

    def act(self, thing, form):
        self.service(organization=thing, actor=self.actor, now=timezone.now())
        return reverse("organizations:desk", args=[thing.slug])
