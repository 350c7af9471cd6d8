"""The first questions of a registration, and its steps with single answers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import LineField


class StartForm(forms.Form):
    """`kinds`: OrganizationKind rows; `countries`: (code, name) pairs. The cleaned kind is the row."""

    organization_kind = forms.ChoiceField(
        label=_("What is your organization?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your organization is."), "invalid_choice": _("Choose one of the answers.")},
    )
    country = forms.ChoiceField(label=_("In which country is its office?"), error_messages={"required": _("Choose the country.")})
    legal_name = LineField(
        label=_("Its legal name, in its own script"),
        help_text=_("As on the business licence."),
        error_messages={"required": _("Write the legal name.")},
    )

    def __init__(self, *args, kinds, countries, **kwargs):
        super().__init__(*args, **kwargs)
        self._kinds = {kind.pk: kind for kind in kinds}
        self.fields["organization_kind"].choices = [(kind.pk, kind.name) for kind in kinds]
        self.fields["country"].choices = [("", _("Choose")), *countries]

    def clean_organization_kind(self):
        return self._kinds[self.cleaned_data["organization_kind"]]


class StepForm(forms.Form):
    """Answers of one step; `only` leaves the fields that came back from the regulator."""

    def __init__(self, *args, only: set[str] | None = None, reasons=None, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.reasons = reasons or {}
        for name in [name for name in self.fields if only is not None and name not in only]:
            del self.fields[name]

    def typed(self) -> dict:
        return {name: self.data.get(self.add_prefix(name), "")[:1000] for name in self.fields}

    def with_reasons(self):
        """(field, why it came back) pairs for the page."""
        return [(bound, self.reasons.get(bound.name, [])) for bound in self]


class NamesForm(StepForm):
    legal_name = LineField(
        label=_("Legal name, in its own script"),
        help_text=_("As on the business licence."),
        error_messages={"required": _("Write the legal name.")},
    )
    latin_name = LineField(
        label=_("Name in Latin letters"),
        required=False,
        help_text=_("The international name. Needed when the legal name is written in another script."),
    )
    registration_number = LineField(
        label=_("Registration number"),
        max_length=60,
        help_text=_("The number of the company or office in its official register."),
        error_messages={"required": _("Write the registration number.")},
    )

    def clean(self):
        cleaned = super().clean()
        legal = cleaned.get("legal_name", "")
        missing = "latin_name" in self.fields and not cleaned.get("latin_name") and "latin_name" not in self.errors
        if missing and any(letter.isalpha() and ord(letter) > 0x24F and not 0x1E00 <= ord(letter) <= 0x1EFF for letter in legal):
            self.add_error("latin_name", ValidationError(_("Write the name in Latin letters too."), code="required"))
        return cleaned


class OfficeForm(StepForm):
    address = LineField(
        label=_("Address of the office"),
        max_length=300,
        help_text=_("Street, place and region, as on the business licence."),
        error_messages={"required": _("Write the address.")},
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is not a web address. It looks like https://www.example.com.")},
    )


STEP_FORMS = {"names": NamesForm, "office": OfficeForm}


class SubmitForm(forms.Form):
    """The last look before sending."""

    true = forms.BooleanField(
        label=_("Everything here is true. I may speak for this organization."),
        error_messages={"required": _("Confirm that everything is true.")},
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""
