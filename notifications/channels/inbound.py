"""What messengers call us for: words that people write to our account, and what became of our messages.

Each messenger's `inbound.read(knock)` proves who calls and gives `Word`s and `Receipt`s, as the SMS providers do.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from notifications.channels.sms import NotSigned, Receipt, Word

MESSENGERS = ("line", "zalo", "whatsapp")
# Providers try again for some hours, and marks of what was heard are kept for a week.
FRESH_SECONDS = 24 * 3600
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Knock:
    """A call as it came: the raw body, which is what is signed, and the headers (lower-case names)."""

    body: bytes
    headers: Mapping[str, str]

    def data(self) -> dict[str, Any]:
        """The JSON object of the body, or {} when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def reader(channel: str) -> Callable[[Knock], list[Receipt | Word]]:
    """`read` of a messenger. Raises NotSigned when the call does not prove that it comes from there."""
    return import_string(f"notifications.channels.{channel}.inbound.read")


def word(*, ident: Any, sender: Any, text: Any, seconds: float) -> Iterator[Word]:
    """What somebody wrote, when it is whole, short enough to be a code or a stop word, and of today."""
    whole = all(isinstance(part, str) and part for part in (ident, sender, text))
    if whole and len(text) <= LONGEST_TEXT and abs(time.time() - seconds) <= FRESH_SECONDS:
        yield Word(ident[:200], sender[:100], text)


def number(value: Any) -> float:
    """A moment that came as a number or as its text; 0 for anything else."""
    text = str(value)
    return float(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def objects(value: Any) -> list[dict]:
    """The objects of a list that a stranger sent; anything else counts as none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def inside(value: Any) -> dict:
    """An object that a stranger sent, or {}."""
    return value if isinstance(value, dict) else {}


__all__ = ["MESSENGERS", "Knock", "NotSigned", "Receipt", "Word", "inside", "number", "objects", "reader", "word"]
