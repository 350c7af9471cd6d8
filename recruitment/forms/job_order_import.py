"""A file of openings."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 10 * 1024 * 1024
MODES = [
    ("check", _("Only check it, store nothing")),
    ("draft", _("Store all rows as drafts")),
    ("submit", _("Store all rows and send them for approval")),
]
WRITTEN = [
    ("vi", _("33.320.000 (as in Vietnamese and Indonesian)")),
    ("en", _("33,320,000 (as in English and Japanese)")),
]


class JobOrderImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or JSON, at most 5,000 openings and 10 MB."),
        error_messages={"required": _("Choose a file.")},
    )
    language = forms.ChoiceField(label=_("How are amounts written in the file?"), choices=WRITTEN, widget=forms.RadioSelect)
    mode = forms.ChoiceField(label=_("What shall happen?"), choices=MODES, initial="check", widget=forms.RadioSelect)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB. Split it."), code="too_large")
        return file
