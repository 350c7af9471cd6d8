"""Countries in the reader's language, and the days of their offices."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

from organizations.models.calendar import ZONES

# Where workers are sent; a permit may be limited to some of them. recruitment/reference/countries.csv marks the same ones.
DESTINATIONS = ("JP", "KR", "TW", "MY", "BN", "AU", "TH")


@lru_cache(maxsize=16)
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)


def country_name(code: str) -> str:
    """The name of an ISO 3166 country in the reader's language; the code itself when nobody knows it."""
    return _names((get_language() or "en")[:2]).get(code, code)


def countries() -> list[tuple[str, str]]:
    """(code, name) of the countries an organization may sit in, by name."""
    return sorted(((code, country_name(code)) for code in ZONES), key=lambda pair: pair[1])


def destinations() -> list[tuple[str, str]]:
    """(code, name) of the countries workers are sent to."""
    return [(code, country_name(code)) for code in DESTINATIONS]
