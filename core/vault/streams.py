"""Sealing files of any size, piece by piece.

    "TX" 0x01 | stream header (24) | length of sealed note (4) | sealed note | sealed pieces of 64 KiB, the last shorter

The pieces are one libsodium secretstream: they cannot be reordered, dropped or cut off without notice. The plaintext is
content, zeros up to the Padmé length (at most 12 % more), and the true length in 8 bytes. The note is a small text about
the file (its name and type), sealed with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as OVERHEAD,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER_BYTES,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    sodium_pad,
    sodium_unpad,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)
from nacl.exceptions import CryptoError

from core.vault.errors import Tampered
from core.vault.keys import Recipient, Stored, new_data_key, unwrap, wrap
from core.vault.records import Context, subkey

STREAM_MAGIC = b"TX\x01"
PIECE = 64 * 1024
_NOTE_BLOCK = 1024
_NOTE_LIMIT = 64 * 1024
_SMALLEST = 1024
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class SealedStream:
    """What sealing a file gave: the wrapped key to store in the row, and both sizes in bytes."""

    wrapped_key: bytes
    size: int
    stored_size: int


def padme(size: int) -> int:
    """The padded length of `size` bytes: its number of leading bits that show grows only with log log size.

    Source: Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (2019).
    """
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def seal_stream(
    source: IO[bytes],
    target: IO[bytes],
    *,
    context: Context,
    recipients: Sequence[Recipient] | None = None,
    note: bytes = b"",
) -> SealedStream:
    """Seal everything that `source` still holds into `target`, in constant memory.

    `source` and `target` are binary file objects; the target is written from where it stands.
    """
    data_key = new_data_key()
    writer = _Writer(target, subkey(data_key, b"terang.stream"), context)
    writer.start(note)
    size = 0
    while piece := source.read(PIECE):
        size += len(piece)
        writer.add(piece)
    writer.finish(size)
    return SealedStream(wrap(data_key, recipients), size, writer.written)


def open_stream(
    source: IO[bytes], target: IO[bytes], *, wrapped_key: Stored, context: Context, identity: bytes | None = None
) -> bytes:
    """Open a sealed stream into `target` and return its note.

    All or nothing: when any piece does not authenticate, or the end is missing, the target is cut back to where it
    stood and Tampered is raised. The target must be seekable; hand nothing of it on before this returns.
    """
    key = subkey(unwrap(wrapped_key, identity), b"terang.stream")
    start, done = target.tell(), False
    try:
        note = _Reader(source, key, context).copy_to(target, start)
        done = True
        return note
    except CryptoError as error:
        raise Tampered("A sealed file does not authenticate.") from error
    finally:
        if not done:
            target.seek(start)
            target.truncate()


class _Writer:
    def __init__(self, target: IO[bytes], key: bytes, context: Context) -> None:
        self.target, self.context, self.written = target, context, 0
        self.state = crypto_secretstream_xchacha20poly1305_state()
        self._put(STREAM_MAGIC + crypto_secretstream_xchacha20poly1305_init_push(self.state, key))
        self.buffer = bytearray()

    def start(self, note: bytes) -> None:
        if len(note) >= _NOTE_LIMIT:
            raise ValueError("The note is too long.")
        sealed = self._push(sodium_pad(note, _NOTE_BLOCK), b"note", MESSAGE)
        self._put(len(sealed).to_bytes(4, "big") + sealed)

    def add(self, piece: bytes) -> None:
        self.buffer += piece
        # The last piece must carry the closing tag, so a full buffer waits until there is more to come.
        while len(self.buffer) > PIECE:
            self._put(self._push(bytes(self.buffer[:PIECE]), b"data", MESSAGE))
            del self.buffer[:PIECE]

    def finish(self, size: int) -> None:
        missing = _padded(size) - size
        while missing:
            zeros = min(missing, PIECE)
            self.add(bytes(zeros))
            missing -= zeros
        self.add(size.to_bytes(_LENGTH_BYTES, "big"))
        self._put(self._push(bytes(self.buffer), b"data", FINAL))

    def _push(self, plain: bytes, part: bytes, tag: int) -> bytes:
        aad = self.context.encode(STREAM_MAGIC, part)
        return crypto_secretstream_xchacha20poly1305_push(self.state, plain, aad, tag)

    def _put(self, value: bytes) -> None:
        self.target.write(value)
        self.written += len(value)


class _Reader:
    def __init__(self, source: IO[bytes], key: bytes, context: Context) -> None:
        self.source, self.context = source, context
        if self._take(3) != STREAM_MAGIC:
            raise Tampered("This is not a sealed file.")
        self.state = crypto_secretstream_xchacha20poly1305_state()
        crypto_secretstream_xchacha20poly1305_init_pull(self.state, self._take(HEADER_BYTES), key)

    def copy_to(self, target: IO[bytes], start: int) -> bytes:
        note = self._note()
        total, tail, tag = 0, b"", MESSAGE
        while tag == MESSAGE:
            plain, tag = self._pull(self._take_up_to(PIECE + OVERHEAD), b"data")
            target.write(plain)
            total += len(plain)
            tail = (tail + plain)[-_LENGTH_BYTES:]
        size = int.from_bytes(tail, "big")
        if tag != FINAL or self.source.read(1) or _padded(size) + _LENGTH_BYTES != total:
            raise Tampered("A sealed file is longer or shorter than it was.")
        target.seek(start + size)
        target.truncate()
        return note

    def _note(self) -> bytes:
        size = int.from_bytes(self._take(4), "big")
        if size > _NOTE_LIMIT + _NOTE_BLOCK + OVERHEAD:
            raise Tampered("The note of a sealed file is damaged.")
        plain, tag = self._pull(self._take(size), b"note")
        if tag != MESSAGE:
            raise Tampered("The note of a sealed file is damaged.")
        return sodium_unpad(plain, len(plain))

    def _pull(self, sealed: bytes, part: bytes) -> tuple[bytes, int]:
        if len(sealed) <= OVERHEAD:
            raise Tampered("A sealed file was cut short.")
        aad = self.context.encode(STREAM_MAGIC, part)
        return crypto_secretstream_xchacha20poly1305_pull(self.state, sealed, aad)

    def _take(self, size: int) -> bytes:
        value = self._take_up_to(size)
        if len(value) != size:
            raise Tampered("A sealed file was cut short.")
        return value

    def _take_up_to(self, size: int) -> bytes:
        # Sockets and object stores may answer less than asked before the end.
        value = b""
        while len(value) < size and (more := self.source.read(size - len(value))):
            value += more
        return value


def _padded(size: int) -> int:
    return max(padme(size), _SMALLEST)
