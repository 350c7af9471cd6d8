"""Invitations, roles, handing over, keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import LineField
from organizations.models import Role

ROLE_HINTS = {
    Role.OWNER: _("Owner: everything, also giving this role to others"),
    Role.MANAGER: _("Manager: the registration, people, and everything the other roles do"),
    Role.RECRUITER: _("Recruiter: writes and sends openings"),
    Role.CASEWORKER: _("Caseworker: answers questions and complaints"),
    Role.OFFICER: _("Review officer: checks registrations and openings for a regulator"),
    Role.TRAINER: _("Trainer: courses and attendance"),
    Role.VIEWER: _("Viewer: reads, changes nothing"),
}


class _RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one role.")}
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, ROLE_HINTS[role]) for role in roles]


class RolesForm(_RolesForm):
    """`roles`: the Role members that the person may give."""


class InviteForm(_RolesForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The link works only for the person of this address."),
        error_messages={"required": _("Write the e-mail address."), "invalid": _("This is not an e-mail address.")},
    )
    field_order = ["email", "roles"]


class HandOverForm(forms.Form):
    """`heirs`: memberships to choose from; the cleaned value is one of them, or None when nobody must take over."""

    heir = forms.ChoiceField(
        label=_("Who takes over?"),
        error_messages={"required": _("Choose who takes over."), "invalid_choice": _("This person does not exist.")},
    )

    def __init__(self, *args, heirs, needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self._heirs = {str(heir.pk): heir for heir in heirs}
        self.fields["heir"].choices = [("", _("Choose")), *((pk, str(heir.user)) for pk, heir in self._heirs.items())]
        if not needed:
            del self.fields["heir"]

    def clean_heir(self):
        return self._heirs.get(self.cleaned_data["heir"])


class KeyForm(forms.Form):
    name = LineField(
        label=_("What is the key for?"),
        max_length=80,
        help_text=_("The program that will use it, for example: our recruitment software."),
        error_messages={"required": _("Write what the key is for.")},
    )
