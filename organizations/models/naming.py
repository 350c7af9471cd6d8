"""Names: what may stand in one, and the key by which two look-alike names are found.

The key follows Unicode Technical Standard 39 (skeletons of confusable characters), with its data from `confusable_homoglyphs`,
and then folds case and marks, because a flyer is read without them: "Việt Nam", "Viet Nam" and "Vіet Nam" with a Cyrillic
letter are one name to the eye.
"""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "blank": _("Write at least one letter that can be seen."),
    "bidi_control": _("A hidden sign turns the direction of writing here. Type the text again by hand."),
    "control_char": _("A line break or another control sign is in here. Write everything on one line."),
    "invisible_char": _("A letter that cannot be seen is in here. Type the text again by hand."),
    "too_many_marks": _("A letter carries too many marks. Write it as on the official paper."),
}
MOST_MARKS = 4
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0")
_KEEP_KEY = re.compile(r"[\W_]+")


def clean_name(text: str) -> str:
    """The name in NFC with single spaces. Raises ValidationError with a code of MESSAGES.

    Joiners stay where a script needs them (after the virama of Indic scripts, between parts of an emoji).
    """
    text = unicodedata.normalize("NFC", text)
    if not any(_visible(character) for character in text):
        _refuse("blank")
    for place, character in enumerate(text):
        if character in _BIDI:
            _refuse("bidi_control")
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            _refuse("control_char")
        if _is_hidden(text, place):
            _refuse("invisible_char")
    _check_marks(text)
    return " ".join(text.split())


def name_key(text: str) -> str:
    """What the eye sees: two names with one key cannot be told apart on a flyer. At most 220 characters; '' for no letters."""
    letters = [c for c in unicodedata.normalize("NFKD", text or "") if not unicodedata.combining(c)]
    # Before and after folding case: a Greek capital eta looks like H, its small letter does not.
    seen = "".join(map(_prototype, letters)).casefold()
    plain = unicodedata.normalize("NFKD", "".join(map(_prototype, seen)))
    return _KEEP_KEY.sub("", "".join(c for c in plain if not unicodedata.combining(c)))[:220]


def name_keys(*names: str) -> set[str]:
    """The keys of the names one organization goes by, each as written, in capitals and in small letters: scripts other than
    Latin look alike in one case only. Two organizations look alike when their sets touch."""
    return {key for name in names for written in (name, name.upper(), name.lower()) if (key := name_key(written))}


def _refuse(code: str) -> None:
    raise ValidationError(MESSAGES[code], code=code)


def _visible(character: str) -> bool:
    return not character.isspace() and character not in _INVISIBLE and unicodedata.category(character)[0] not in "CMZ"


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    if character in _JOINERS:
        before = text[place - 1] if place else ""
        return not before or not (unicodedata.combining(before) == 9 or unicodedata.category(before) in ("So", "Sk", "Mn"))
    return character in _INVISIBLE or unicodedata.category(character) in ("Cf", "Cs", "Co", "Cn")


def _check_marks(text: str) -> None:
    run = 0
    for character in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run > MOST_MARKS:
            _refuse("too_many_marks")


def _prototype(character: str) -> str:
    if character.isascii() and character.isalnum():
        return _ASCII.get(character, character)
    return _prototypes().get(character, character)


# After case folding these can no longer be told apart in common typefaces, and i comes from a capital I.
_ASCII = {"i": "l", "1": "l", "0": "o"}
_OWN = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "l", "ß": "ss", "|": "l"}


@lru_cache(maxsize=1)
def _prototypes() -> dict[str, str]:
    """Every confusable character to one letter that stands for its group: an ASCII one where the group has it."""
    groups = _groups()
    found = {}
    for group in groups:
        ascii_letters = sorted(_ASCII.get(c.casefold(), c.casefold()) for c in group if c.isascii() and c.isalnum())
        stands = ascii_letters[0] if ascii_letters else min(group)
        found.update(dict.fromkeys(group, stands))
    return {**found, **_OWN}


def _groups() -> list[set[str]]:
    """Characters joined to their look-alikes. Pairs with more than one character on a side (m and rn) are left out."""
    from confusable_homoglyphs.confusables import confusables_data

    group_of: dict[str, set[str]] = {}
    for character, likes in confusables_data.items():
        for like in [other["c"] for other in likes]:
            if len(character) != 1 or len(like) != 1:
                continue
            joined = group_of.get(character, {character}) | group_of.get(like, {like})
            for member in joined:
                group_of[member] = joined
    return list({id(group): group for group in group_of.values()}.values())
