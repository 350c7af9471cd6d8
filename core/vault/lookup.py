"""Blind indexes: finding an exact value without storing it in clear."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from core.vault.errors import KeyUnavailable
from core.vault.keys import KEY_BYTES

LOOKUP_BYTES = 32


def lookup_hash(value: str, *, purpose: str) -> bytes:
    """A keyed hash (BLAKE2b, 32 bytes) to store in an indexed column and compare for equality.

    `value` must come normalised (a phone in E.164, an account in lower case without its address): the vault knows no
    noun. `purpose` ("phone", "bank-holder") separates the columns, so that equal values in two of them do not show.
    The key is in `settings.LOOKUP_KEY_FILE`, outside the database; whoever has key and database can try all phone
    numbers, so the caller limits the rate of lookups. Changing the key means hashing every stored value again.
    """
    if not value or not purpose:
        raise ValueError("A lookup hash needs a value and a purpose.")
    return _blake2b(value.encode(), _blake2b(purpose.encode(), _lookup_key()))


def _blake2b(message: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(message, key=key, digest_size=LOOKUP_BYTES, person=b"terang.lookup").digest()


def _lookup_key() -> bytes:
    from django.conf import settings

    path = getattr(settings, "LOOKUP_KEY_FILE", None)
    if not path:
        raise KeyUnavailable("LOOKUP_KEY_FILE is not set.")
    return _read_key(str(path))


@lru_cache(maxsize=8)
def _read_key(path: str) -> bytes:
    try:
        key = base64.b64decode(Path(path).read_text("ascii").strip(), validate=True)
    except (OSError, ValueError) as error:
        raise KeyUnavailable("The lookup key cannot be read.") from error
    if len(key) != KEY_BYTES:
        raise KeyUnavailable("The lookup key must be 32 bytes in base64.")
    return key
