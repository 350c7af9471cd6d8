"""Fields for what organizations write about themselves; pages and API share them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models.contacting import normalize_contact
from organizations.models.naming import clean_name

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"]


class LineField(forms.CharField):
    """Text on one line: NFC, no hidden signs, no line breaks. A name, an address, a number."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 200)
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if not text or not text.strip(" \t\r\n\u3000"):
            return ""
        return clean_name(text.strip(" \t\r\n\u3000"))


class DayField(forms.DateField):
    """A day, from the browser's own calendar or typed day first."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs):
        super().__init__(input_formats=DATE_FORMATS, **kwargs)


class PhonesField(LineField):
    """Several phone numbers with commas between; the cleaned value is a list of (as typed, normalized) pairs, each once.

    Needs `country` set by its form.
    """

    country = ""

    def clean(self, value):
        text = super().clean(value)
        found: dict[str, str] = {}
        wrong = []
        for typed in filter(None, (part.strip() for part in text.replace(";", ",").replace("、", ",").split(","))):
            try:
                found.setdefault(normalize_contact("phone", typed, country=self.country), typed)
            except ValidationError:
                wrong.append(typed)
        if wrong:
            raise ValidationError(
                _("This is not a phone number: %(wrong)s. Write it with all its digits."),
                code="phone",
                params={"wrong": ", ".join(wrong)[:100]},
            )
        return [(typed, normalized) for normalized, typed in found.items()]
