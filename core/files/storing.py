"""Keeping clean files: sealed, under random names, so that files and rows agree whatever dies in between.

    pending/<name>        sealed and on disk, its row not yet committed
    sealed/<aa>/<name>    its row is committed

A row names a file by its random name alone. Reading looks in both places, so a row never dangles between commit and
promotion; `reconcile` finishes what was interrupted and finds what nobody names.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import transaction

from core import vault
from core.files.cleaning import CleanFile
from core.files.errors import FileError, FileMissing
from core.files.names import STORED_NAME, stored_name

_PIECE = 64 * 1024
_LEAST_FREE_SHARE = 10
_LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True)
class StoredFile:
    """What sealing a file gave. The row keeps `name` (32 characters) and `wrapped_key`; the rest is sealed inside too.

    `size` is in bytes, of the content in clear; `sha256` is hexadecimal, of the same.
    """

    name: str
    wrapped_key: bytes
    media_type: str
    display_name: str
    size: int
    sha256: str
    pages: int


@dataclass(frozen=True)
class OpenedFile:
    """A stored file in clear: hand it to `core.files.serve`, after the policy said yes."""

    content: bytes
    media_type: str
    display_name: str
    sha256: str
    pages: int


@dataclass
class Reconciled:
    """What `reconcile` found: names it promoted, names nobody knows, names with no file."""

    promoted: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def store_sealed(
    clean: CleanFile,
    *,
    context: vault.Context,
    recipients: Sequence[vault.Recipient] | None = None,
    storage: Storage | None = None,
) -> StoredFile:
    """Seal a clean file into pending/ and make sure that it is on disk before this returns.

    `context` binds it to its row (see core.vault). Save the row in the same transaction and call `promote_on_commit`.
    Raises FileError("no_space"), VaultError.
    """
    name, wrapped_key = _seal(
        io.BytesIO(clean.content),
        [clean.media_type, clean.display_name, clean.sha256, clean.pages],
        context=context,
        recipients=recipients,
        storage=storage or default_storage,
    )
    return StoredFile(name, wrapped_key, clean.media_type, clean.display_name, clean.size, clean.sha256, clean.pages)


def store_made(
    source: IO[bytes],
    *,
    media_type: str,
    display_name: str,
    context: vault.Context,
    storage: Storage | None = None,
) -> StoredFile:
    """Seal a file that this product made itself, from where `source` stands to its end, in constant memory.

    Like `store_sealed` in everything else. `source` must be seekable: it is read twice.
    """
    start, size, digest = source.tell(), 0, hashlib.sha256()
    while piece := source.read(_PIECE):
        size += len(piece)
        digest.update(piece)
    source.seek(start)
    name, wrapped_key = _seal(
        source,
        [media_type, display_name, digest.hexdigest(), 0],
        context=context,
        recipients=None,
        storage=storage or default_storage,
    )
    return StoredFile(name, wrapped_key, media_type, display_name, size, digest.hexdigest(), 0)


def _seal(source: IO[bytes], facts: list, *, context, recipients, storage: Storage) -> tuple[str, bytes]:
    """The new name in pending/ and the wrapped key. `facts` are sealed with the content as its note."""
    _check_space(storage)
    name = stored_name()
    note = json.dumps(facts).encode()

    def write(target: IO[bytes]) -> bytes:
        return vault.seal_stream(source, target, context=context, recipients=recipients, note=note).wrapped_key

    try:
        if isinstance(storage, FileSystemStorage):
            wrapped_key = _write_local(storage, _pending(name), write)
        else:
            wrapped_key = _write_remote(storage, _pending(name), write)
    except OSError as error:
        raise FileError("no_space") from error
    return name, wrapped_key


def promote_on_commit(name: str, *, storage: Storage | None = None) -> None:
    """Promote after the surrounding transaction commits; if it rolls back, `reconcile` removes the file later."""
    transaction.on_commit(lambda: promote(name, storage=storage), robust=True)


def promote(name: str, *, storage: Storage | None = None) -> None:
    """Move a file from pending/ to its place. Repeatable. Raises FileMissing when it is in neither."""
    storage = storage or default_storage
    pending, final = _pending(name), _final(name)
    if not storage.exists(pending):
        if not storage.exists(final):
            raise FileMissing(name)
        return
    if isinstance(storage, FileSystemStorage):
        _move(Path(storage.path(pending)), Path(storage.path(final)), Path(storage.location))
        return
    if not storage.exists(final):
        with storage.open(pending) as source:
            _save_exactly(storage, final, cast(IO[bytes], source))
    storage.delete(pending)


def discard(name: str, *, storage: Storage | None = None) -> None:
    """Remove a file. The erasure that counts is the row's `vault.shred()`: backups keep files longer."""
    storage = storage or default_storage
    for place in (_pending(name), _final(name)):
        storage.delete(place)


def open_stored(
    name: str,
    *,
    wrapped_key: bytes | memoryview,
    context: vault.Context,
    identity: bytes | None = None,
    storage: Storage | None = None,
) -> OpenedFile:
    """A stored file in clear, verified to its last byte. Raises FileMissing, VaultError (Tampered, WrongKey, Shredded)."""
    target = io.BytesIO()
    with _find(storage or default_storage, name) as source:
        note = vault.open_stream(source, target, wrapped_key=wrapped_key, context=context, identity=identity)
    media_type, display_name, sha256, pages = json.loads(note)
    return OpenedFile(target.getvalue(), media_type, display_name, sha256, pages)


def copy_stored(
    name: str,
    target: IO[bytes],
    *,
    wrapped_key: bytes | memoryview,
    context: vault.Context,
    storage: Storage | None = None,
) -> None:
    """A stored file in clear into `target` (seekable), in constant memory, verified to its last byte. Raises as `open_stored`."""
    with _find(storage or default_storage, name) as source:
        vault.open_stream(source, target, wrapped_key=wrapped_key, context=context)


def reconcile(
    known: Iterable[str],
    *,
    now: datetime,
    older_than: timedelta = timedelta(days=1),
    delete: bool = False,
    storage: Storage | None = None,
) -> Reconciled:
    """Make files and rows agree. `known`: the names that committed rows hold, of all tenants.

    Known files in pending/ are promoted. Unknown ones older than `older_than` are orphans, removed with `delete`; younger
    ones may belong to a transaction that is not yet over. Known names without a file are reported as missing.
    """
    storage, known, found = storage or default_storage, set(known), Reconciled()
    pending, final = _list(storage, "pending"), _list_final(storage)
    for name in pending.values():
        if name in known:
            promote(name, storage=storage)
            found.promoted.append(name)
    for place, name in {**pending, **final}.items():
        if name not in known and storage.get_modified_time(place) < now - older_than:
            found.orphans.append(place)
            if delete:
                storage.delete(place)
    found.missing = sorted(known - set(pending.values()) - set(final.values()))
    return found


def _pending(name: str) -> str:
    return f"pending/{_checked(name)}"


def _final(name: str) -> str:
    return f"sealed/{_checked(name)[:2]}/{name}"


def _checked(name: str) -> str:
    if not STORED_NAME.fullmatch(name):
        raise FileMissing("This is not the name of a stored file.")
    return name


def _find(storage: Storage, name: str) -> IO[bytes]:
    # The last look at the final place is for a promotion that happened between the first two.
    for place in (_final(name), _pending(name), _final(name)):
        with suppress(FileNotFoundError):
            return cast(IO[bytes], storage.open(place))
    raise FileMissing(name)


def _list(storage: Storage, folder: str) -> dict[str, str]:
    """Place -> name of everything in a folder; also of half-written files, whose names no row can hold."""
    with suppress(FileNotFoundError):
        return {f"{folder}/{name}": name for name in storage.listdir(folder)[1]}
    return {}


def _list_final(storage: Storage) -> dict[str, str]:
    places: dict[str, str] = {}
    with suppress(FileNotFoundError):
        for folder in storage.listdir("sealed")[0]:
            places.update(_list(storage, f"sealed/{folder}"))
    return places


def _check_space(storage: Storage) -> None:
    """Refuse files before the disk is full, so that text can still be saved: under a tenth, or one gigabyte, free."""
    if not isinstance(storage, FileSystemStorage):
        return
    root = Path(storage.location)
    root.mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(root)
    if usage.free < min(usage.total // _LEAST_FREE_SHARE, _LEAST_FREE_BYTES):
        raise FileError("no_space")


def _write_local(storage: FileSystemStorage, place: str, write: Callable[[IO[bytes]], bytes]) -> bytes:
    """Write beside, flush to the disk, rename, flush the folder: after a crash the file is whole or not there."""
    path = Path(storage.path(place))
    _make_folder(path.parent, Path(storage.location))
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "xb") as target:
            wrapped_key = write(target)
            target.flush()
            os.fsync(target.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)
    return wrapped_key


def _write_remote(storage: Storage, place: str, write: Callable[[IO[bytes]], bytes]) -> bytes:
    with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as target:
        wrapped_key = write(target)
        target.seek(0)
        _save_exactly(storage, place, target)
    return wrapped_key


def _save_exactly(storage: Storage, place: str, source: IO[bytes]) -> None:
    if (saved := storage.save(place, File(source))) != place:
        storage.delete(saved)
        raise OSError("The storage chose another name.")


def _move(source: Path, target: Path, root: Path) -> None:
    _make_folder(target.parent, root)
    with suppress(FileNotFoundError):
        # Another process may have promoted it in the meantime.
        os.replace(source, target)
    _flush_folder(target.parent)
    _flush_folder(source.parent)


def _make_folder(folder: Path, root: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    while folder != root.parent:
        _flush_folder(folder)
        folder = folder.parent


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
