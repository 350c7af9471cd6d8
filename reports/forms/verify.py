"""The file that somebody wants to compare with a sealed one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.receiving import FILE_BYTES


class CompareForm(forms.Form):
    """Any file, of any kind; only its hash is looked at."""

    file = forms.FileField(
        label=_("The file you have"),
        help_text=_("It is compared and not kept."),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose the file."),
            "missing": _("Choose the file."),
            "invalid": _("Choose the file."),
        },
    )

    def clean_file(self):
        """Larger files do not arrive whole; their hash can be compared by hand."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 12 MB. Compare its hash with the one above by hand."), code="too_large"
            )
        return file
