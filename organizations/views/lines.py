"""Steps and pages whose content is lines: contacts, account holders, representatives, permits."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import FileError, pace
from core.policies import require
from core.views import ActionPage
from organizations.forms.lines import LINE_FORMS, MOST_LINES, BankLine, ContactLine, Lines, PermitLine, PersonLine, Surroundings
from organizations.forms.registration import ConfirmForm
from organizations.models import Organization
from organizations.policies import registration as policies
from organizations.selectors import places
from organizations.selectors import registration as selectors
from organizations.services import evidence as files
from organizations.services import line as services
from organizations.services import registration as registration
from organizations.views.registration import CheckStep, FieldsStep, Step

OPTIONAL = ("bank",)
EDITING = {"contacts": "contact", "bank": "contact", "representatives": "person", "permits": "permit"}
ADD_WORDS = {
    "contacts": gettext_lazy("Add another phone, page or account"),
    "bank": gettext_lazy("Add another account holder"),
    "representatives": gettext_lazy("Add another representative"),
    "permits": gettext_lazy("Add another permit"),
}
HINTS = {
    "contacts": gettext_lazy("Everything workers are called or written to from. They can check whether a number is yours."),
    "bank": gettext_lazy("The names on the accounts to which workers may pay you. Leave this empty if nobody pays you anything."),
    "representatives": gettext_lazy(
        "The people who speak for you. Their names are shown in public, so that workers can tell a stranger."
    ),
    "permits": gettext_lazy("Every permit under which you work. The regulator compares number, dates and scan."),
}


def line_of(row) -> dict:
    """A stored row as the line of a form."""
    line = {"id": row.pk}
    if hasattr(row, "permit_kind_id"):
        fields = ("number", "issued_on", "expires_on", "markets")
        return {**line, **_pick(row, fields), "permit_kind": row.permit_kind_id, "file": row.scan_id}
    if hasattr(row, "photo_id"):
        phones = ", ".join(contact.value for contact in row.contacts.all())
        return {**line, **_pick(row, ("name", "latin_name", "title")), "phones": phones, "file": row.photo_id}
    return {**line, **_pick(row, ("kind", "value", "label"))}


def _pick(row, names) -> dict:
    return {name: getattr(row, name) for name in names}


def surroundings(actor, organization, *, taken=frozenset()) -> Surroundings:
    return Surroundings(
        country=organization.country,
        evidence=selectors.own_evidence(actor),
        taken=set(taken),
        permit_kinds=selectors.permit_kinds_for(organization),
        destinations=places.destinations(),
    )


def keep_uploads(forms, around: Surroundings, data, *, organization, actor, now) -> bool:
    """Seal what was uploaded, even when another answer is wrong: nobody chooses a file twice. `data`: a mutable QueryDict.

    False when the organization has no room left; the form then says so beside the file.
    """
    kept_all = True
    for form in forms:
        clean = getattr(form, "cleaned_data", {}).get("upload")
        if not clean:
            continue
        purpose = form.upload_name
        try:
            kept = files.store_evidence(organization=organization, clean=clean, purpose=purpose, actor=actor, now=now)
        except FileError as error:
            form.add_error("upload", error)
            kept_all = False
            continue
        around.evidence[kept.pk] = kept
        data[form.add_prefix("file")] = str(kept.pk)
        form.cleaned_data["file"] = kept
    return kept_all


def refuse_uploads(forms, files, wait: int) -> None:
    """Say beside each file that it came too early."""
    for form in forms:
        if form.add_prefix("upload") in files:
            form.errors.pop("upload", None)
            form.add_error("upload", pace.in_words(wait))


class LinesStep(Step):
    """A step of lines. The buttons `add` and `drop` keep everything typed; saving goes on to the next step."""

    template_name = "organizations/registration_lines.html"

    def ids(self) -> set[int] | None:
        """After a return only these rows may be changed; None = all of them."""
        if not self.is_returned or self.step in {item.item for item in self.items}:
            return None
        return {item.row_id for item in self.items}

    def rows(self) -> list:
        rows = selectors.profile(self.actor)[self.step]
        ids = self.ids()
        return [row for row in rows if ids is None or row.pk in ids]

    def around(self) -> Surroundings:
        edited = {row.pk for row in self.rows()}
        others = selectors.contacts_visible_to(self.actor)
        if self.step == "representatives":
            taken = {(c.kind, c.normalized) for c in others if c.representative_id not in edited or c.representative_id is None}
        else:
            taken = {(c.kind, c.normalized) for c in others if c.pk not in edited}
        return surroundings(self.actor, self.organization, taken=taken)

    def lines(self) -> list[dict]:
        kept = self.draft.get("lines")
        if kept is not None:
            return kept
        lines = [line_of(row) for row in self.rows()]
        return lines or ([] if self.step in OPTIONAL else [{}])

    def show(self, lines: Lines, **context):
        may_add = self.ids() is None and lines.count < MOST_LINES
        return self.render(
            self.context(lines=lines, may_add=may_add, add_words=ADD_WORDS[self.step], hint=HINTS[self.step], **context)
        )

    def get(self, request, *args, **kwargs):
        return self.show(Lines(LINE_FORMS[self.step], self.around(), lines=self.lines(), reasons=self.reasons()))

    def post(self, request, *args, **kwargs):
        data, around, now = request.POST.copy(), self.around(), timezone.now()
        saves = "add" not in data and "drop" not in data
        if wait := pace.wait_before(request):
            return self._later(data, around, now, wait)
        lines = Lines(LINE_FORMS[self.step], around, data=data, files=request.FILES, reasons=self.reasons(), skip_blank=saves)
        valid = lines.is_valid()
        known = {"organization": self.organization, "actor": self.actor, "now": now}
        valid = keep_uploads(lines.forms, around, data, **known) and valid
        if not saves:
            return self._rearrange(lines, data, known)
        if not valid:
            registration.keep_draft(step=self.step, data={"lines": lines.typed()}, **known)
            return self.show(lines, saved_at=now, errors=lines.errors)
        registration.save_lines(step=self.step, lines=lines.cleaned(), only=self.ids(), **known)
        return HttpResponseRedirect(self.neighbour(1))

    def _later(self, data, around, now, wait: int):
        """Too many files: what was typed is kept, the files are asked for once more."""
        lines = Lines(LINE_FORMS[self.step], around, data=data, files=None, reasons=self.reasons())
        lines.is_valid()
        refuse_uploads(lines.forms, self.request.FILES, wait)
        registration.keep_draft(
            step=self.step, data={"lines": lines.typed()}, organization=self.organization, actor=self.actor, now=now
        )
        return pace.ask_to_wait(self.show(lines, saved_at=now, errors=lines.errors), wait)

    def _rearrange(self, lines: Lines, data, known):
        typed = lines.typed()
        dropped = data.get("drop", "")
        place = len(typed) + 1
        if dropped.isascii() and dropped.isdigit() and 0 < int(dropped[:4]) <= len(typed):
            place = int(dropped)
            del typed[place - 1]
        elif "add" in data and self.ids() is None and len(typed) < MOST_LINES:
            typed.append({})
        for form in lines.forms:
            for text in form.errors.get("upload", []):
                messages.error(self.request, text)
        registration.keep_draft(step=self.step, data={"lines": typed}, **known)
        return HttpResponseRedirect(f"{self.request.path}#line-{min(place, len(typed)) or 'add'}")


_PAGES = {
    **dict.fromkeys(("names", "office"), FieldsStep.as_view()),
    **dict.fromkeys(LINE_FORMS, LinesStep.as_view()),
    "check": CheckStep.as_view(),
}


def registration_step(request, organization, step):
    """One address for all steps; each kind of step has a page of its own."""
    page = _PAGES.get(step)
    if page is None:
        raise Http404
    return page(request, organization=organization, step=step)


registration_step.policy = policies.can_edit_registration

# After verification each line goes to the regulator by itself.
NOUN_FORMS = {"contact": ContactLine, "bank": BankLine, "person": PersonLine, "permit": PermitLine}
NOUN_OF = {"contact": "contact", "bank": "contact", "person": "person", "permit": "permit"}
NOUN_TITLES = {
    "contact": gettext_lazy("Add a phone, page or account"),
    "bank": gettext_lazy("Add an account holder"),
    "person": gettext_lazy("Add a representative"),
    "permit": gettext_lazy("Add a permit"),
}


class _ProfileLine(ActionPage):
    """Common ground: a verified organization, one noun, one line."""

    policy = policies.can_edit_registration
    template_name = "organizations/profile_line.html"

    def load(self):
        require(self.policy(self.actor))
        self.organization = selectors.own_organization(self.actor)
        self.kind = self.kwargs["noun"]
        if self.kind not in NOUN_FORMS or self.organization.state != Organization.State.VERIFIED:
            raise Http404
        self.noun = NOUN_OF[self.kind]
        return self.find()

    def find(self):
        return None

    def get_form(self, thing, data=None, files=None):
        taken = selectors.taken_keys(self.actor, editing=self.noun, pks={thing.pk} if thing else set())
        around = surroundings(self.actor, self.organization, taken=taken)
        bound = {"data": data.copy(), "files": files} if data is not None else {"initial": line_of(thing) if thing else {}}
        self.form = NOUN_FORMS[self.kind](around=around, **bound)
        return self.form

    def context(self, **context):
        reasons = [item for item in selectors.returned_lines(self.actor) if thing_is(item, self.noun, self.kwargs.get("pk"))]
        return {**context, "organization": self.organization, "title": self.title(), "hint": "", "returned": reasons}

    def title(self):
        return NOUN_TITLES[self.kind]

    def post(self, request, *args, **kwargs):
        wait = pace.wait_before(request)
        if not wait:
            return super().post(request, *args, **kwargs)
        thing = self.load()
        form = self.get_form(thing, request.POST)
        form.is_valid()
        refuse_uploads([form], request.FILES, wait)
        return pace.ask_to_wait(self.show(thing, form), wait)

    def show(self, thing, form, status=200):
        self.keep(form)
        return super().show(thing, form, status)

    def keep(self, form) -> bool:
        if not form.is_bound:
            return True
        known = {"organization": self.organization, "actor": self.actor, "now": timezone.now()}
        return keep_uploads([form], form.around, form.data, **known)

    def act(self, thing, form):
        if not self.keep(form):
            return None
        line = {**form.cleaned_data, "id": thing.pk if thing else None}
        row = {"row": thing} if thing else {}
        try:
            with transaction.atomic():
                self.service(
                    organization=self.organization, noun=self.noun, line=line, actor=self.actor, now=timezone.now(), **row
                )
        except ValidationError as error:
            form.add_error(None, error)
            return None
        messages.success(self.request, _("Saved and sent to the regulator. Two people will check it before workers see it."))
        return reverse("organizations:registration", args=[self.organization.slug])


def thing_is(item, noun: str, pk) -> bool:
    return item.subject_type == services.NOUNS[noun] and item.subject_id == pk


class AddLine(_ProfileLine):
    service = services.add_line


class ChangeLine(_ProfileLine):
    """A line that is not approved yet."""

    service = services.change_line

    def find(self):
        row = selectors.lines_visible_to(self.actor, self.noun).filter(pk=self.kwargs["pk"]).first()
        if row is None or not services.is_changeable(self.noun, row):
            raise Http404
        if self.noun == "contact" and (row.representative_id or (row.kind == services.BANK) != (self.kind == "bank")):
            raise Http404
        return row

    def title(self):
        return _("Correct this line")


class RemoveLine(_ProfileLine):
    """Take a line out of the profile; asked on a page of its own."""

    template_name = "organizations/profile_line_remove.html"
    service = services.remove_line

    def find(self):
        row = selectors.lines_visible_to(self.actor, self.noun).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.row = row
        return row

    def get_form(self, thing, data=None, files=None):
        return ConfirmForm(data)

    def keep(self, form) -> None:
        """Nothing is uploaded here."""

    def title(self):
        return _("Remove “%(line)s” from the profile?") % {"line": services.title_of(self.noun, self.row)}

    def act(self, thing, form):
        self.service(organization=self.organization, noun=self.noun, row=thing, actor=self.actor, now=timezone.now())
        messages.success(self.request, _("Removed. Workers do not see it any more."))
        return reverse("organizations:registration", args=[self.organization.slug])
