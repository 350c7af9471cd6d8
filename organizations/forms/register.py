"""Handing in a permit register."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 4 * 1024 * 1024


class RegisterForm(forms.Form):
    """`permit_kinds`: those the office is responsible for. The cleaned file is its name and its bytes."""

    permit_kind = forms.ModelChoiceField(label=_("Kind of permit"), queryset=None, empty_label=None)
    file = forms.FileField(
        label=_("The register as a CSV file"),
        help_text=_("At most 5,000 lines and 4 MB. UTF-8 or UTF-16; columns divided by comma, semicolon or tab."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )

    def __init__(self, *args, permit_kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["permit_kind"].queryset = permit_kinds

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 4 MB. Hand it in as several files."), code="too_large")
        return file
