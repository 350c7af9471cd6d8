"""Phones, pages, accounts and bank account holders in a form that can be compared.

Each way of writing one account gives one `normalized` value: a phone in E.164, an account in small letters without its address,
a bank account holder in capitals without marks, as banks print it. Only equality of these values is ever asked.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.vault import lookup_hash

MESSAGES = {
    "phone": _("This is not a phone number. Write it with all its digits, for example +84 912 345 678."),
    "email": _("This is not an e-mail address. It needs a name, the sign @ and a place."),
    "account": _("This is not an account or page. Write its name or its address."),
    "website": _("This is not a web address. It looks like www.example.com."),
    "bank_holder": _("Write the name of the account holder in letters, as the bank prints it."),
}


def normalize_contact(kind: str, value: str, *, country: str) -> str:
    """The comparable form of what a person typed. `country` (ISO alpha-2) completes phone numbers without a country code.

    Raises ValidationError with code `phone`, `email`, `account`, `website` or `bank_holder`.
    """
    text = " ".join(unicodedata.normalize("NFKC", value or "").split())
    return _NORMALIZERS[kind](text, country)


def contact_lookup(kind: str, normalized: str) -> bytes:
    """The keyed hash that the public check compares; 32 bytes. One purpose for each kind, so that equal values do not show."""
    return lookup_hash(normalized, purpose=f"contact:{kind}")


def contact_candidates(value: str, *, countries: Iterable[str] = ("VN", "ID", "JP")) -> list[tuple[str, str]]:
    """Everything that a text typed into the check box may be: (kind, normalized) pairs, each once, likely ones first.

    A bare phone number is tried in each of these countries, an account name with every service.
    """
    found: dict[tuple[str, str], None] = {}
    for kind in _NORMALIZERS:
        for country in countries:
            try:
                found[kind, normalize_contact(kind, value, country=country)] = None
            except ValidationError:
                continue
    return list(found)


def _refuse(code: str) -> NoReturn:
    raise ValidationError(MESSAGES[code], code=code)


def _phone(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        _refuse("phone")
    if not phonenumbers.is_possible_number(number) or re.search(r"[^\W\d_]", text):
        _refuse("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str, country: str) -> str:
    address = text.casefold().removeprefix("mailto:").replace(" ", "")
    try:
        validate_email(address)
    except ValidationError:
        _refuse("email")
    name, _at, place = address.rpartition("@")
    return f"{name}@{_host(place)}"


def _host(place: str) -> str:
    try:
        return place.encode("idna").decode("ascii").removeprefix("www.")
    except UnicodeError:
        return place


def _split(text: str, kind: str) -> SplitResult:
    """The parts of an address without its scheme; what only looks like one (`[[`, `[::1`) is refused as this kind."""
    try:
        return urlsplit("//" + re.sub(r"^[a-z]+://", "", text, flags=re.IGNORECASE))
    except ValueError:
        _refuse(kind)


def _parts(text: str, hosts: tuple[str, ...]) -> tuple[list[str], dict[str, list[str]]] | None:
    """Path segments and query of an address on one of these hosts; None when the text is no such address."""
    bare = re.sub(r"^[a-z]+://", "", text, flags=re.IGNORECASE)
    place = _split(text, "account")
    host = (place.hostname or "").casefold()
    if not any(host == known or host.endswith(f".{known}") for known in hosts):
        if "/" in bare or ":" in text:
            _refuse("account")
        return None
    return [unquote(part) for part in place.path.split("/") if part], parse_qs(place.query)


def _account(name: str, allowed: str = r"[\w.\-+]{2,80}") -> str:
    name = unicodedata.normalize("NFC", name).casefold().removeprefix("@").strip("/")
    if not re.fullmatch(allowed, name):
        _refuse("account")
    return name


def _facebook(text: str, country: str) -> str:
    """Page, profile or group. Facebook itself ignores dots and capitals in names."""
    parts = _parts(text, ("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com", "fb.watch"))
    if parts is None:
        return _account(text).replace(".", "")
    path, query = parts
    if path and path[0] == "profile.php" and query.get("id"):
        return _account(query["id"][0], r"\d{5,20}")
    if len(path) > 1 and path[0] == "groups":
        return f"groups/{_account(path[1])}"
    if len(path) > 2 and path[0] in ("people", "pages"):
        return _account(path[2], r"\d{5,20}")
    path = [part for part in path if part not in ("pg", "t", "p", "@")]
    return _account(path[0]).replace(".", "") if path else _refuse("account")


def _with_phone(*hosts: str, strip: tuple[str, ...] = ()) -> Callable[[str, str], str]:
    """Services whose accounts are phone numbers, or names under an address of theirs."""

    def normalize(text: str, country: str) -> str:
        parts = _parts(text, hosts)
        if parts is not None:
            path, query = parts
            names = query.get("phone", []) + [part for part in path if part not in strip]
            if not names:
                _refuse("account")
            text = names[-1] if not names[0].lstrip("+").isdigit() else names[0]
        try:
            return _phone(text if parts is None or text.startswith("+") else _international(text, country), country)
        except ValidationError:
            return _account(text)

    return normalize


def _international(digits: str, country: str) -> str:
    """wa.me and zalo.me write numbers with the country code and without the plus sign."""
    code = str(phonenumbers.country_code_for_region(country))
    return f"+{digits}" if digits.isdigit() and (digits.startswith(code) or len(digits) > 10) else digits


def _line(text: str, country: str) -> str:
    parts = _parts(text, ("line.me", "lin.ee"))
    if parts is None:
        return _account(text)
    names = [part for part in parts[0] if part.casefold() not in ("r", "ti", "p", "g")]
    return _account(names[-1].removeprefix("~")) if names else _refuse("account")


def _tiktok(text: str, country: str) -> str:
    parts = _parts(text, ("tiktok.com",))
    if parts is None:
        return _account(text)
    names = [part for part in parts[0] if part.startswith("@")] or parts[0]
    return _account(names[0]) if names else _refuse("account")


def _website(text: str, country: str) -> str:
    place = _split(text, "website")
    host = _host((place.hostname or "").casefold())
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
        _refuse("website")
    return f"{host}{place.path.rstrip('/')}"


def _bank_holder(text: str, country: str) -> str:
    letters = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    plain = "".join(c for c in letters if not "\u0300" <= c <= "\u036f")
    name = " ".join(re.sub(r"[^\w\s]|_", " ", unicodedata.normalize("NFC", plain)).split())
    if len(name) < 2 or not any(c.isalpha() for c in name):
        _refuse("bank_holder")
    return name


_NORMALIZERS: dict[str, Callable[[str, str], str]] = {
    "phone": _phone,
    "zalo": _with_phone("zalo.me", strip=("pc", "g")),
    "whatsapp": _with_phone("wa.me", "whatsapp.com", strip=("send", "message")),
    "facebook": _facebook,
    "line": _line,
    "tiktok": _tiktok,
    "email": _email,
    "website": _website,
    "bank_holder": _bank_holder,
}
