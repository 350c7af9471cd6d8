"""Amounts as people write them, read strictly: what is not clear is refused with a way to write it, never guessed.

Vietnamese and Indonesian group by dots and use a decimal comma, English and Japanese the other way round. When both signs
stand in one amount, the last one is the decimal sign in every language.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 10**12
DECIMAL_COMMA = ("vi", "id")
_LONGEST = 40
_SIGNS = re.compile(r"(VND|JPY|IDR|PHP|MMK|USD|Rp\.?|US\$|đ|₫|¥|円|₱|\$)", re.IGNORECASE)
_SPACES = re.compile(r"[\s']+")
_NUMBER = re.compile(r"-?\d[\d.,]*")

MESSAGES = {
    "number_format": _("Write the amount in figures, for example 33.320.000."),
    "min_value": _("The amount cannot be below 0."),
    "max_value": _("This amount is too large. Look at the number of zeros."),
    "currency_exponent": _("This currency has no such decimals. Write the amount without them and without separators."),
}


def parse_amount(text: str, *, exponent: int, language: str) -> int | None:
    """An amount as typed, in minor units of a currency with `exponent` decimals; None for an empty text.

    Digits of any script and currency signs are read. Raises ValidationError: number_format, min_value, max_value,
    currency_exponent.
    """
    plain = _plain(text)
    if not plain:
        return None
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        _refuse("number_format")
    whole, decimals = _split(plain.lstrip("-"), exponent, language)
    if len(decimals) > exponent:
        if len(decimals) > 2 or decimals.strip("0"):
            _refuse("currency_exponent")
        decimals = decimals[:exponent]
    value = int(whole + decimals.ljust(exponent, "0"))
    if plain.startswith("-") and value:
        _refuse("min_value")
    return check_amount(value)


def check_amount(value: int | None) -> int | None:
    """An amount in minor units that is a whole number from 0 to the largest that is believable; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        _refuse("number_format")
    if value < 0:
        _refuse("min_value")
    if value > LARGEST:
        _refuse("max_value")
    return value


def _plain(text: str) -> str:
    """Half-width, ASCII digits, no spaces and no currency sign."""
    text = _SIGNS.sub("", unicodedata.normalize("NFKC", text or "").replace("\u2212", "-"))
    return "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in _SPACES.sub("", text))


def _split(number: str, exponent: int, language: str) -> tuple[str, str]:
    """Whole part and decimals as digits."""
    decimal = "," if language in DECIMAL_COMMA else "."
    if "," in number and "." in number:
        decimal = max(",.", key=number.rfind)
    elif exponent == 0 and number.count(decimal) > 1:
        decimal = ".,"[decimal == "."]
    group = "." if decimal == "," else ","
    whole, _sign, decimals = number.partition(decimal)
    if not re.fullmatch(r"\d*", decimals) or (_sign and not decimals):
        _refuse("number_format")
    if group in whole and not re.fullmatch(rf"\d{{1,3}}(\{group}\d{{3}})+", whole):
        _refuse("number_format")
    return whole.replace(group, ""), decimals


def _refuse(code: str) -> None:
    raise ValidationError(MESSAGES[code], code=code)
