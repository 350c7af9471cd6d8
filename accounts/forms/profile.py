"""Clean input of a person's own settings."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

NATIVE = {"vi": "Tiếng Việt", "id": "Bahasa Indonesia", "en": "English", "ja": "日本語"}


class ProfileForm(forms.Form):
    """What the person is called, and the language for pages and messages."""

    name = forms.CharField(
        label=_("What should we call you?"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language for pages and messages"), choices=(), widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, NATIVE.get(code, name)) for code, name in settings.LANGUAGES]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class DeleteAccountForm(forms.Form):
    """The second of two questions."""

    sure = forms.BooleanField(
        label=_("Yes, delete my account for good"), error_messages={"required": _("Tick the box, or go back.")}
    )
