"""A phone number as people type it."""

import unicodedata

import phonenumbers
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

REGIONS = {"vi": "VN", "id": "ID", "ja": "JP", "en": "JP"}


def normal_phone(raw: str, language: str = "vi") -> str | None:
    """The number in E.164, read as a number of the language's country unless it carries its prefix; None when it is none."""
    if len(raw) > 40:
        return None
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", raw), REGIONS.get(language, "VN"))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class PhoneField(forms.CharField):
    """Gives back E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("help_text", _("As you write it at home, or with + and the country code."))
        super().__init__(**kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return text
        number = normal_phone(text, get_language() or "vi")
        if number is None:
            raise forms.ValidationError(_("This is not a phone number we can read. Write it with the country code."), "invalid")
        return number
