"""Sealing the fields of a record.

A sealed field:      "TF" 0x01 | type ("t" text, "b" bytes) | nonce (24) | XChaCha20-Poly1305 of the padded value
A value by itself:   "TS" 0x01 | length of wrapped key (4) | wrapped key | sealed field

The additional data of each field is its address: record, id, version and field name. Text moved to another row, another
field or another version does not open.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError

from core.vault.errors import Tampered
from core.vault.keys import (
    KEY_BYTES,
    WRAPPED_MAGIC,
    Recipient,
    Stored,
    decrypt,
    encrypt,
    new_data_key,
    recipients_of,
    rotate_wrapped,
    unwrap,
    wrap,
)

FIELD_MAGIC = b"TF\x01"
SEALED_MAGIC = b"TS\x01"

STEP = 4096
"""Text longer than 1,023 bytes is padded to multiples of this."""
NARRATIVE = 4 * STEP
"""Padding for a story of up to 4,000 characters in any script: UTF-8 needs at most four bytes for one."""
_SMALL = (256, 1024)


@dataclass(frozen=True, slots=True)
class Context:
    """The address that sealed data is bound to.

    record   what it is, e.g. "organizations.PermitScan"; never changes, though the model may be renamed
    id       which one: a reference or UUID that exists before the row is inserted and never changes
    version  counts up whenever the record is sealed again; the row stores it beside the ciphertext
    """

    record: str
    id: str | int | UUID
    version: int = 1

    def encode(self, purpose: bytes, *more: bytes) -> bytes:
        """Unambiguous bytes: each part is preceded by its length."""
        parts = (purpose, self.record.encode(), str(self.id).encode(), str(self.version).encode(), *more)
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """What to store: one wrapped key for the row, one ciphertext for each field (all in BinaryFields)."""

    wrapped_key: bytes
    fields: dict[str, bytes]


def seal_record(
    fields: Mapping[str, str | bytes],
    *,
    context: Context,
    recipients: Sequence[Recipient] | None = None,
    pad: int | Mapping[str, int] | None = None,
) -> SealedRecord:
    """Seal all the fields of one record under a new data key.

    `recipients`: who can open; the platform when not given. `pad`: a block size in bytes for all fields or by field;
    without it, lengths grow in buckets of 256 bytes, 1 KiB, then multiples of 4 KiB.
    """
    data_key = new_data_key()
    blocks = pad if isinstance(pad, Mapping) else dict.fromkeys(fields, pad)
    sealed = {name: _seal(value, name, data_key, context, blocks.get(name)) for name, value in fields.items()}
    return SealedRecord(wrap(data_key, recipients), sealed)


def reseal_record(
    fields: Mapping[str, str | bytes],
    *,
    context: Context,
    like: Stored,
    pad: int | Mapping[str, int] | None = None,
) -> SealedRecord:
    """Seal a changed record again for those who could open `like` (its old wrapped key), under a new data key.

    Raise `context.version` by one: the old ciphertexts then do not open any more, even put back by hand.
    """
    return seal_record(fields, context=context, recipients=recipients_of(like), pad=pad)


def open_field(
    sealed: Stored, *, field: str, wrapped_key: Stored, context: Context, identity: bytes | None = None
) -> str | bytes:
    """One field in clear, of the type that was sealed. Raises Tampered, WrongKey, Shredded, KeyUnavailable."""
    return _open(sealed, field, unwrap(wrapped_key, identity), context)


def open_text(sealed: Stored, *, field: str, wrapped_key: Stored, context: Context, identity: bytes | None = None) -> str:
    """`open_field` for a field that was sealed as text."""
    return _text(open_field(sealed, field=field, wrapped_key=wrapped_key, context=context, identity=identity))


def open_record(
    fields: Mapping[str, Stored], *, wrapped_key: Stored, context: Context, identity: bytes | None = None
) -> dict[str, str | bytes]:
    """All fields in clear, or none: the data key is unwrapped once, and one bad field fails the whole record."""
    data_key = unwrap(wrapped_key, identity)
    return {name: _open(sealed, name, data_key, context) for name, sealed in fields.items()}


def seal(
    value: str | bytes,
    *,
    context: Context,
    field: str = "value",
    recipients: Sequence[Recipient] | None = None,
    pad: int | None = None,
) -> bytes:
    """Seal a single value into one self-contained column: wrapped key and ciphertext together."""
    record = seal_record({field: value}, context=context, recipients=recipients, pad=pad)
    return SEALED_MAGIC + len(record.wrapped_key).to_bytes(4, "big") + record.wrapped_key + record.fields[field]


def open_sealed(sealed: Stored, *, context: Context, field: str = "value", identity: bytes | None = None) -> str | bytes:
    """What `seal` was given, of the same type."""
    wrapped_key, body = _split(sealed)
    return open_field(body, field=field, wrapped_key=wrapped_key, context=context, identity=identity)


def is_wrapped(value: Stored | None) -> bool:
    """Whether a stored value holds a wrapped key, so that `rotate` concerns it."""
    return value is not None and bytes(value[:3]) in (WRAPPED_MAGIC, SEALED_MAGIC)


def wrapped_key_in(value: Stored) -> bytes:
    """The wrapped key of a stored value: itself, or the one inside a value of `seal`."""
    return bytes(value) if bytes(value[:3]) == WRAPPED_MAGIC else _split(value)[0]


def rotate(value: Stored) -> bytes:
    """Re-wrap to the current key-encryption key; takes a wrapped key or a value of `seal`. The data is not touched."""
    if bytes(value[:3]) != SEALED_MAGIC:
        return rotate_wrapped(value)
    wrapped_key, body = _split(value)
    fresh = rotate_wrapped(wrapped_key)
    return SEALED_MAGIC + len(fresh).to_bytes(4, "big") + fresh + body


def subkey(data_key: bytes, purpose: bytes) -> bytes:
    """A key for one use of the data key, so that fields and files never share one. `purpose`: at most 16 bytes."""
    return hashlib.blake2b(key=data_key, digest_size=KEY_BYTES, person=purpose).digest()


def _split(sealed: Stored) -> tuple[bytes, bytes]:
    value = bytes(sealed)
    end = 7 + int.from_bytes(value[3:7], "big")
    if value[:3] != SEALED_MAGIC or end > len(value):
        raise Tampered("This is not a sealed value.")
    return value[7:end], value[end:]


def _block(size: int, pad: int | None) -> int:
    if pad is not None:
        return pad
    return next((bucket for bucket in _SMALL if size < bucket), STEP)


def _seal(value: str | bytes, field: str, data_key: bytes, context: Context, pad: int | None) -> bytes:
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"Only text and bytes can be sealed; {field!r} is {type(value).__name__}.")
    plain = value.encode() if isinstance(value, str) else value
    head = FIELD_MAGIC + (b"t" if isinstance(value, str) else b"b")
    padded = sodium_pad(plain, _block(len(plain), pad))
    return head + encrypt(padded, context.encode(head, field.encode()), subkey(data_key, b"terang.field"))


def _open(sealed: Stored, field: str, data_key: bytes, context: Context) -> str | bytes:
    value = bytes(sealed)
    head = value[:4]
    if head[:3] != FIELD_MAGIC or head[3:] not in (b"t", b"b"):
        raise Tampered("This is not a sealed field.")
    try:
        padded = decrypt(value[4:], context.encode(head, field.encode()), subkey(data_key, b"terang.field"))
        # The block size only bounds the search for the mark, so the whole length is right for every bucket.
        plain = sodium_unpad(padded, len(padded))
        return plain.decode() if head[3:] == b"t" else plain
    except (CryptoError, UnicodeDecodeError) as error:
        raise Tampered(f"The field {field!r} does not authenticate.") from error


def _text(value: str | bytes) -> str:
    if isinstance(value, bytes):
        raise TypeError("This field holds bytes, not text.")
    return value
