"""Clean input of a worker's identity."""

import datetime
import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

OLDEST = 110


class IdentityForm(forms.Form):
    """Every field may stay empty."""

    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As it stands in your passport or identity card."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )
    document_number = forms.CharField(
        label=_("Passport or identity card number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(label=_("Country of the document"), required=False)

    def __init__(self, *args, countries=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose")), *countries]

    def clean_full_name(self):
        name = " ".join(unicodedata.normalize("NFC", self.cleaned_data["full_name"]).split())
        if any(unicodedata.category(letter).startswith("C") for letter in name):
            raise forms.ValidationError(_("The name contains a sign that cannot be read. Type it again."))
        return name

    def clean_birth_date(self):
        day = self.cleaned_data["birth_date"]
        today = datetime.datetime.now(datetime.UTC).date()
        if day and not (today.year - OLDEST <= day.year and day <= today):
            raise forms.ValidationError(_("Look at the year of birth again."))
        return day

    def clean_document_number(self):
        number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["document_number"])).upper()
        if number and not re.fullmatch(r"[A-Z0-9/]{4,30}", number):
            raise forms.ValidationError(_("Write the number with letters and digits only."))
        return number
