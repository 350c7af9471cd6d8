"""The codes that stand on flyers: seven characters and a check character, easy to read aloud and hard to mistype.

The alphabet has 23 characters, a prime: no 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U. Character i (1 to 8) has the weight i, and the sum
of weight x value over all eight is a multiple of 23. One wrong character changes the sum by weight x difference, two
characters that changed places by (difference of weights) x (difference of values): neither can be a multiple of the prime
23, so every single slip and every swap of two different characters is caught, neighbours or not.
"""

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
LENGTH = 8
LONGEST_INPUT = 64
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_SEPARATORS = frozenset("-_.:/'\"()[]#*")


def check_character(body: str) -> str:
    """The character that makes seven others a code. `body`: seven characters of the alphabet; KeyError for any other."""
    total = sum(weight * _VALUE[character] for weight, character in enumerate(body, start=1))
    return next(c for c in ALPHABET if (total + LENGTH * _VALUE[c]) % len(ALPHABET) == 0)


def is_code(code: str) -> bool:
    """True for eight characters of the alphabet whose weighted sum fits."""
    if len(code) != LENGTH or any(character not in _VALUE for character in code):
        return False
    return sum(weight * _VALUE[c] for weight, c in enumerate(code, start=1)) % len(ALPHABET) == 0


def parse(text: str | None) -> str | None:
    """What a person typed as the eight stored characters, or None when it is no code.

    Any case, full-width letters, any dash, spaces and invisible characters are accepted and left out.
    """
    if not text or len(text) > LONGEST_INPUT:
        return None
    code = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if not _is_separator(c))
    return code if is_code(code) else None


def show(code: str) -> str:
    """`ABCDEFGH` as people read it: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"


def random_code() -> str:
    """A new code; one of 23^7 = 3.4 thousand million."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def unused_code(is_taken: Callable[[str], bool], *, attempts: int = 20) -> str:
    """A random code that `is_taken(code)` does not know. The unique constraint has the last word."""
    for _ in range(attempts):
        code = random_code()
        if not is_taken(code):
            return code
    raise RuntimeError("No free code was found.")


def _is_separator(character: str) -> bool:
    return character in _SEPARATORS or unicodedata.category(character) in ("Zs", "Cc", "Cf", "Pd")
