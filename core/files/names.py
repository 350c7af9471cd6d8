"""File names: one for people, cleaned; one for the storage, random."""

import re
import secrets
import unicodedata

LONGEST = 150
STORED_NAME = re.compile(r"[0-9a-f]{32}")

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def display_name(name: str, extension: str) -> str:
    """A name that is safe to show and to save: no path, control, bidi or invisible character, at most 150 characters.

    `extension` ("jpg") replaces the sender's own, because the content was made anew.
    """
    stem = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = "".join(" " if character.isspace() else character for character in stem if _shown(character))
    stem = " ".join(_FORBIDDEN.sub("", stem).split())
    stem = stem.rpartition(".")[0] if "." in stem else stem
    stem = _cut(stem.strip(" ."), LONGEST - len(extension) - 1)
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"file {stem}".strip()
    return f"{stem}.{extension}"


def stored_name() -> str:
    """128 random bits in hexadecimal; says nothing about content, sender or time."""
    return secrets.token_hex(16)


def _shown(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _cut(text: str, length: int) -> str:
    """Shorten without leaving half a letter: marks that belong to a letter go with it."""
    while length and length < len(text) and unicodedata.combining(text[length]):
        length -= 1
    return text[:length].rstrip(" .")
