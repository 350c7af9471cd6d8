"""The question to the directory. A part that is not understood is left aside; nothing here can fail."""

from django import forms
from django.utils.translation import gettext_lazy as _

NAMES = ("kind", "country", "status")


class DirectoryForm(forms.Form):
    """`choices`: (value, words) pairs for kind, country and status."""

    q = forms.CharField(label=_("Name or permit number"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What it does"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    status = forms.ChoiceField(label=_("Permit"), required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        everything = {"kind": _("All kinds"), "country": _("All countries"), "status": _("All")}
        for name in NAMES:
            self.fields[name].choices = [("", everything[name]), *choices[name]]

    def question(self) -> dict[str, str]:
        """What was understood: q, kind, country, status."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    @property
    def in_use(self) -> int:
        return sum(bool(self.cleaned_data.get(name)) for name in NAMES) if hasattr(self, "cleaned_data") else 0
