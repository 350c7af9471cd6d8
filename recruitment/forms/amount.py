"""Amounts in forms: read by the reader's language, shown back as they were understood."""

from decimal import Decimal

from django import forms
from django.utils.translation import get_language

from recruitment.models.amount import DECIMAL_COMMA, parse_amount


class AmountField(forms.CharField):
    """Text; the form that knows the currency calls `parse`."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_length=60, **kwargs)

    @staticmethod
    def parse(text: str, *, exponent: int) -> int | None:
        """Minor units, None for nothing. Raises ValidationError with a code of recruitment.models.amount."""
        return parse_amount(text, exponent=exponent, language=(get_language() or "en")[:2])


def shown_amount(amount: int | None, exponent: int) -> str:
    """An amount as the reader's language writes it, so that what was understood can be seen: 33.320.000 in Vietnamese."""
    if amount is None:
        return ""
    text = f"{Decimal(amount).scaleb(-exponent):,.{exponent}f}"
    if (get_language() or "en")[:2] in DECIMAL_COMMA:
        text = text.translate(str.maketrans(",.", ".,"))
    return text
