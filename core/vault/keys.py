"""Who may open: key services, recipients and wrapped data keys.

A *data key* (32 random bytes) is made for each record and never stored bare. It is stored *wrapped*, once for each
recipient, in one compact value:

    "TK" 0x01 | number of copies | copies…
    copy = kind (1 byte) | length of id (1) | id | length of sealed key (2) | sealed key

kind 1: the platform's key service; id = key id. kind 2: the holder of an X25519 private key; id = the public key.
A value with no copies is what crypto-erasure leaves behind.
"""

import base64
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES as TAG_BYTES,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random

from core.vault.errors import KeyUnavailable, Shredded, Tampered, WrongKey

KEY_BYTES = 32
NONCE_BYTES = 24
WRAPPED_MAGIC = b"TK\x01"
SHREDDED = WRAPPED_MAGIC + b"\x00"

_KID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_PLATFORM, _HOLDER = 1, 2
_WRAP_PURPOSE = b"terang.wrap.1:"

Stored = bytes | bytearray | memoryview


def encrypt(plain: bytes, aad: bytes, key: bytes) -> bytes:
    """XChaCha20-Poly1305 with a random nonce in front; 192 bits of nonce make chance repeats impossible in practice."""
    nonce = random(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, nonce, key)


def decrypt(sealed: bytes, aad: bytes, key: bytes) -> bytes:
    """What `encrypt` was given. Raises nacl's CryptoError."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if len(body) < TAG_BYTES:
        raise CryptoError("too short")
    return crypto_aead_xchacha20poly1305_ietf_decrypt(body, aad, nonce, key)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a data key is sealed to: the platform's key service, or the holder of an X25519 private key."""

    kind: Literal["platform", "holder"]
    public_key: bytes = b""

    @classmethod
    def platform(cls) -> "Recipient":
        return cls("platform")

    @classmethod
    def holder(cls, public_key: bytes) -> "Recipient":
        """`public_key`: 32 bytes, X25519. Only the owner of the private half can open, the platform cannot."""
        if len(public_key) != KEY_BYTES:
            raise ValueError("An X25519 public key has 32 bytes.")
        return cls("holder", bytes(public_key))


class KeyService(Protocol):
    """Keeps the key-encryption keys outside the database and its backups.

    `FileKeyService` is the one built in. A cloud key service or a hardware module is another class with these three
    methods and a constructor without arguments, named by dotted path in `settings.VAULT_KEY_SERVICE`.
    """

    def current(self) -> str:
        """The id of the key that wraps new data keys: lower-case letters, digits, hyphens, at most 32."""

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        """Wrap 32 bytes with the current key; answer its id and the sealed bytes. May raise KeyUnavailable."""

    def unwrap(self, kid: str, sealed: bytes) -> bytes:
        """The 32 bytes again. Raises WrongKey for an unknown id, Tampered, or KeyUnavailable."""


class FileKeyService:
    """Key-encryption keys in a text file: lines `<kid> <base64 of 32 bytes>`, the first line is current.

    The file is read again whenever it changes, so a rotation needs no restart.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        if path is None:
            from django.conf import settings

            path = getattr(settings, "VAULT_KEYS_FILE", None)
        if not path:
            raise KeyUnavailable("VAULT_KEYS_FILE is not set.")
        self.path = Path(path)
        self._stamp: tuple[int, int, int] | None = None
        self._keys: dict[str, bytes] = {}

    def current(self) -> str:
        return next(iter(self._load()))

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        kid, key = next(iter(self._load().items()))
        return kid, encrypt(data_key, _WRAP_PURPOSE + kid.encode(), key)

    def unwrap(self, kid: str, sealed: bytes) -> bytes:
        key = self._load().get(kid)
        if key is None:
            raise WrongKey(f"The key {kid!r} is not in the key file.")
        try:
            return decrypt(sealed, _WRAP_PURPOSE + kid.encode(), key)
        except CryptoError as error:
            raise Tampered("A wrapped data key does not authenticate.") from error

    def _load(self) -> dict[str, bytes]:
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._keys = _parse_key_file(self.path.read_text("ascii"))
                self._stamp = stamp
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnavailable("The key file cannot be read.") from error
        return self._keys


def _parse_key_file(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        kid, _, encoded = line.strip().partition(" ")
        try:
            key = base64.b64decode(encoded.strip(), validate=True)
        except ValueError:
            key = b""
        if not _KID.fullmatch(kid) or len(key) != KEY_BYTES or kid in keys:
            raise KeyUnavailable(f"Line {number} of the key file is not '<kid> <base64 of 32 bytes>'.")
        keys[kid] = key
    if not keys:
        raise KeyUnavailable("The key file holds no key.")
    return keys


def add_key(path: str | os.PathLike[str], kid: str) -> None:
    """Put a new random key on the first line, so that it becomes current; the file is made if it is not there.

    Written beside and renamed, mode 0600, so that a crash leaves either the old file or the new one.
    """
    path = Path(path)
    old = path.read_text("ascii") if path.exists() else ""
    if not _KID.fullmatch(kid) or kid in (_parse_key_file(old) if old.strip() else {}):
        raise ValueError("A key id is new, and made of lower-case letters, digits and hyphens.")
    _write_key_file(path, f"{kid} {base64.b64encode(random(KEY_BYTES)).decode()}\n{old}")


def remove_key(path: str | os.PathLike[str], kid: str) -> None:
    """Take a key out of the file for good. What is still wrapped by it, backups included, is then unreadable."""
    path = Path(path)
    keys = _parse_key_file(path.read_text("ascii"))
    if kid == next(iter(keys)):
        raise ValueError("The current key cannot be removed.")
    del keys[kid]
    _write_key_file(path, "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in keys.items()))


def _write_key_file(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    os.replace(beside, path)


def key_service() -> KeyService:
    """The platform's key service: `settings.VAULT_KEY_SERVICE`, or the key file of `settings.VAULT_KEYS_FILE`."""
    from django.conf import settings

    dotted = getattr(settings, "VAULT_KEY_SERVICE", None) or "core.vault.FileKeyService"
    return _service(dotted, str(getattr(settings, "VAULT_KEYS_FILE", "") or ""))


@lru_cache(maxsize=8)
def _service(dotted: str, _keys_file: str) -> KeyService:
    from django.utils.module_loading import import_string

    service: KeyService = import_string(dotted)()
    return service


@dataclass(frozen=True, slots=True)
class _Copy:
    kind: int
    id: bytes
    sealed: bytes


def new_data_key() -> bytes:
    return random(KEY_BYTES)


def wrap(data_key: bytes, recipients: Sequence[Recipient] | None = None) -> bytes:
    """Wrap a data key for each recipient; without any, for the platform alone.

    Sealing to holders only needs no key service at all: a web process can write what it can never read.
    """
    return _write([_copy_for(data_key, recipient) for recipient in recipients or (Recipient.platform(),)])


def unwrap(wrapped_key: Stored, identity: bytes | None = None) -> bytes:
    """The data key again: by the private key `identity` (32 bytes, X25519) if given, else by the key service."""
    copies = _read(wrapped_key)
    if not copies:
        raise Shredded("The keys of this record were destroyed.")
    if identity is None:
        return _unwrap_platform(copies)
    try:
        private = PrivateKey(identity)
    except CryptoError as error:
        raise WrongKey("A private key has 32 bytes.") from error
    for copy in copies:
        if copy.kind == _HOLDER and copy.id == bytes(private.public_key):
            return _unsealed(private, copy.sealed)
    raise WrongKey("This was not sealed to the holder of that private key.")


def recipients_of(wrapped_key: Stored) -> list[Recipient]:
    """Who can open, read from the wrapped key without opening it."""
    return [_recipient(copy) for copy in _read(wrapped_key)]


def key_ids(wrapped_key: Stored) -> set[str]:
    """The key-service keys that wrap this; empty when it is sealed to holders only, or shredded."""
    return {copy.id.decode("ascii") for copy in _read(wrapped_key) if copy.kind == _PLATFORM}


def rewrap(wrapped_key: Stored, recipients: Iterable[Recipient], identity: bytes | None = None) -> bytes:
    """Seal the same data key to another set of recipients, by somebody who can open it.

    Taking a recipient away stops future reads of this value only: who could read before may have kept the data key.
    Seal later messages with `seal_record`, which makes a new one.
    """
    return wrap(unwrap(wrapped_key, identity), tuple(recipients))


def rotate_wrapped(wrapped_key: Stored) -> bytes:
    """Move the platform's copy to the current key; holders' copies and the sealed data stay as they are."""
    copies, service = _read(wrapped_key), key_service()
    old = [copy for copy in copies if copy.kind == _PLATFORM and copy.id != service.current().encode()]
    if not old:
        return bytes(wrapped_key)
    fresh = _copy_for(_unwrap_platform(copies), Recipient.platform())
    return _write([fresh] + [copy for copy in copies if copy.kind != _PLATFORM])


def shred() -> bytes:
    """What to store in place of a wrapped key to destroy a record for good: no copy is left, so no key opens it.

    Backups taken before still hold the wrapped copy; they too become unreadable when the key-encryption key of their
    time is retired (`rotate_keys --retire`). See docs/encryption.md.
    """
    return SHREDDED


def _copy_for(data_key: bytes, recipient: Recipient) -> _Copy:
    if recipient.kind == "platform":
        kid, sealed = key_service().wrap(data_key)
        return _Copy(_PLATFORM, kid.encode("ascii"), sealed)
    return _Copy(_HOLDER, recipient.public_key, SealedBox(PublicKey(recipient.public_key)).encrypt(data_key))


def _recipient(copy: _Copy) -> Recipient:
    return Recipient.platform() if copy.kind == _PLATFORM else Recipient.holder(copy.id)


def _unwrap_platform(copies: list[_Copy]) -> bytes:
    for copy in copies:
        if copy.kind == _PLATFORM:
            return _data_key(key_service().unwrap(copy.id.decode("ascii"), copy.sealed))
    raise WrongKey("This was not sealed to the platform: a recipient's private key is needed.")


def _unsealed(private: PrivateKey, sealed: bytes) -> bytes:
    try:
        return _data_key(SealedBox(private).decrypt(sealed))
    except CryptoError as error:
        raise Tampered("A sealed data key does not authenticate.") from error


def _data_key(value: bytes) -> bytes:
    if len(value) != KEY_BYTES:
        raise Tampered("A data key has the wrong length.")
    return value


def _write(copies: list[_Copy]) -> bytes:
    if len(copies) > 255:
        raise ValueError("At most 255 recipients.")
    parts = [WRAPPED_MAGIC, bytes([len(copies)])]
    for copy in copies:
        parts += [bytes([copy.kind, len(copy.id)]), copy.id, len(copy.sealed).to_bytes(2, "big"), copy.sealed]
    return b"".join(parts)


def _read(wrapped_key: Stored) -> list[_Copy]:
    value = bytes(wrapped_key)
    if value[:3] != WRAPPED_MAGIC or len(value) < 4:
        raise Tampered("This is not a wrapped key.")
    copies, at = [], 4
    for _ in range(value[3]):
        kind, id_size = value[at : at + 1], value[at + 1 : at + 2]
        id_end = at + 2 + (id_size[0] if id_size else 0)
        end = id_end + 2 + int.from_bytes(value[id_end : id_end + 2], "big")
        if end > len(value) or kind not in (b"\x01", b"\x02"):
            raise Tampered("A wrapped key is damaged.")
        copies.append(_Copy(kind[0], value[at + 2 : id_end], value[id_end + 2 : end]))
        at = end
    if at != len(value):
        raise Tampered("A wrapped key is damaged.")
    return copies
