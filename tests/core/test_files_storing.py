"""Stored files: sealed, whole or not there, in step with their rows, and served so that they never run."""

import os
import shutil
import signal
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage, storages
from django.db import transaction

from core import files, vault
from core.files import FileError, FileMissing, clean_upload, open_stored, promote, reconcile, store_sealed
from core.vault import Context
from organizations.models import Evidence
from tests.core import corpus
from tests.core.corpus import Upload
from tests.core.s3 import s3_server
from tests.factories.organizations import a_member, an_organization

pytestmark = pytest.mark.usefixtures("keys")

SCAN = Context("organizations.PermitScan", "PS-7KQ3XF")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture(scope="module")
def clean():
    return clean_upload(Upload(corpus.pdf_with_metadata(), "Giấy phép.pdf"))


@pytest.fixture
def folder(tmp_path):
    return FileSystemStorage(location=tmp_path / "media")


@pytest.fixture(params=["folder", "memory", "s3"])
def storage(request, tmp_path):
    """A local folder, and two that know only Django's storage API: one in memory, one that speaks S3 to a server."""
    if request.param == "folder":
        yield FileSystemStorage(location=tmp_path / "media")
    elif request.param == "memory":
        yield InMemoryStorage()
    else:
        with s3_server() as options:
            yield storages.create_storage({"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options})


def everything(folder):
    return {
        str(path.relative_to(folder.location)): path.read_bytes() for path in Path(folder.location).rglob("*") if path.is_file()
    }


# -- storing and opening --------------------------------------------------------------------------------------------


def test_a_stored_file_comes_back_before_and_after_promotion(clean, storage):
    stored = store_sealed(clean, context=SCAN, storage=storage)

    for _ in range(2):
        opened = open_stored(stored.name, wrapped_key=stored.wrapped_key, context=SCAN, storage=storage)
        assert (opened.content, opened.media_type, opened.display_name, opened.sha256, opened.pages) == (
            clean.content,
            "application/pdf",
            "Giấy phép.pdf",
            clean.sha256,
            1,
        )
        promote(stored.name, storage=storage)

    assert storage.listdir("pending")[1] == []


def test_promotion_may_be_repeated(clean, storage):
    stored = store_sealed(clean, context=SCAN, storage=storage)

    for _ in range(3):
        promote(stored.name, storage=storage)

    assert storage.exists(f"sealed/{stored.name[:2]}/{stored.name}")


def test_the_disk_holds_neither_content_nor_name(clean, folder):
    """TM06: also the file's own name is sealed, and the length is padded."""
    stored = store_sealed(clean, context=SCAN, storage=folder)

    ((place, content),) = everything(folder).items()

    assert place == f"pending/{stored.name}"
    assert b"%PDF" not in content
    assert "Giấy phép".encode() not in content
    assert clean.content[:40] not in content
    assert len(content) >= vault.padme(clean.size)


def test_stored_names_are_random_and_say_nothing(clean, folder):
    names = {store_sealed(clean, context=SCAN, storage=folder).name for _ in range(5)}

    assert len(names) == 5
    assert all(len(name) == 32 and int(name, 16) for name in names)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "x" * 32, "A" * 32, "a" * 31, "a" * 32 + "\n", "a" * 32])
def test_only_names_of_stored_files_are_looked_for(name, folder):
    with pytest.raises(FileMissing):
        open_stored(name, wrapped_key=b"", context=SCAN, storage=folder)
    with pytest.raises(FileMissing):
        promote(name, storage=folder)


def test_a_file_of_another_row_does_not_open(clean, folder):
    """TM07: names of two rows exchanged by hand."""
    first = store_sealed(clean, context=SCAN, storage=folder)
    other = Context("organizations.PermitScan", "PS-OTHER")
    second = store_sealed(clean, context=other, storage=folder)

    for name, key in ((second.name, first.wrapped_key), (second.name, second.wrapped_key)):
        with pytest.raises(vault.Tampered):
            open_stored(name, wrapped_key=key, context=SCAN, storage=folder)


def test_a_cut_file_does_not_open(clean, folder):
    stored = store_sealed(clean, context=SCAN, storage=folder)
    path = Path(folder.path(f"pending/{stored.name}"))
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(vault.Tampered):
        open_stored(stored.name, wrapped_key=stored.wrapped_key, context=SCAN, storage=folder)


def test_a_shredded_file_does_not_open_and_can_be_discarded(clean, storage):
    stored = store_sealed(clean, context=SCAN, storage=storage)
    promote(stored.name, storage=storage)

    with pytest.raises(vault.Shredded):
        open_stored(stored.name, wrapped_key=vault.shred(), context=SCAN, storage=storage)
    files.discard(stored.name, storage=storage)
    files.discard(stored.name, storage=storage)
    with pytest.raises(FileMissing):
        open_stored(stored.name, wrapped_key=stored.wrapped_key, context=SCAN, storage=storage)


def test_the_default_storage_is_used_when_none_is_named(clean, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")

    stored = store_sealed(clean, context=SCAN)

    assert (tmp_path / "elsewhere" / "pending" / stored.name).exists()


# -- files and rows agree -------------------------------------------------------------------------------------------


def test_reconcile_promotes_what_rows_know_and_removes_what_nobody_knows(clean, storage):
    known, unknown, promoted_unknown = (store_sealed(clean, context=SCAN, storage=storage).name for _ in range(3))
    promote(promoted_unknown, storage=storage)

    found = reconcile([known], now=LATER, delete=True, storage=storage)

    assert found.promoted == [known]
    assert {place.rpartition("/")[2] for place in found.orphans} == {unknown, promoted_unknown}
    assert found.missing == []
    assert reconcile([known], now=LATER, delete=True, storage=storage) == files.Reconciled()


def test_reconcile_leaves_young_files_to_their_transaction(clean, folder):
    name = store_sealed(clean, context=SCAN, storage=folder).name

    found = reconcile([], now=datetime.now(UTC), delete=True, storage=folder)

    assert found == files.Reconciled()
    assert folder.exists(f"pending/{name}")


def test_reconcile_reports_rows_without_a_file_and_deletes_only_when_told(clean, folder):
    name = store_sealed(clean, context=SCAN, storage=folder).name

    found = reconcile(["f" * 32], now=LATER, storage=folder)

    assert found.missing == ["f" * 32]
    assert found.orphans == [f"pending/{name}"]
    assert folder.exists(f"pending/{name}")


def test_reconcile_of_nothing(folder):
    assert reconcile([], now=LATER, storage=folder) == files.Reconciled()


@pytest.mark.parametrize("step", range(1, 21))
def test_a_kill_at_any_point_leaves_no_dangling_row_and_no_orphan(clean, folder, tmp_path, step):
    """R19: kill -9 at the n-th system call that touches the disk; the row is a line in a file, written like a commit."""
    rows = tmp_path / "rows"
    child = os.fork()
    if child == 0:
        _store_and_die(clean, folder, rows, step)
    os.waitpid(child, 0)
    committed = [line.split() for line in rows.read_text().splitlines()] if rows.exists() else []

    found = reconcile([name for name, _ in committed], now=LATER, delete=True, storage=folder)

    assert found.missing == []
    for name, key in committed:
        assert open_stored(name, wrapped_key=bytes.fromhex(key), context=SCAN, storage=folder).content == clean.content
    again = reconcile([name for name, _ in committed], now=LATER, delete=True, storage=folder)
    assert again == files.Reconciled()
    assert len(everything(folder)) == len(committed)


def _store_and_die(clean, folder, rows, step):
    """In the child: store, commit a row, promote; die at the n-th of the calls below."""
    left = [step]

    def counted(call):
        def wrapper(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapper

    for name in ("fsync", "replace", "open", "mkdir"):
        setattr(os, name, counted(getattr(os, name)))
    try:
        stored = store_sealed(clean, context=SCAN, storage=folder)
        part = rows.with_suffix(".part")
        part.write_text(f"{stored.name} {stored.wrapped_key.hex()}\n")
        os.replace(part, rows)
        promote(stored.name, storage=folder)
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(clean, folder, monkeypatch, call):
    """R09: the write fails halfway, the person is told, no half file stays."""

    def full(*args):
        raise OSError(28, "No space left on device")

    Path(folder.location, "pending").mkdir(parents=True)
    monkeypatch.setattr(os, call, full)

    with pytest.raises(FileError) as caught:
        store_sealed(clean, context=SCAN, storage=folder)

    assert caught.value.code == "no_space"
    assert everything(folder) == {}


def test_files_are_refused_before_the_disk_is_full(clean, folder, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12 - 10**8, 10**8))

    with pytest.raises(FileError) as caught:
        store_sealed(clean, context=SCAN, storage=folder)

    assert caught.value.code == "no_space"


@pytest.mark.django_db(transaction=True)
def test_promotion_follows_the_commit(clean, folder):
    kept, dropped = (store_sealed(clean, context=SCAN, storage=folder).name for _ in range(2))
    with transaction.atomic():
        files.promote_on_commit(kept, storage=folder)
        assert folder.exists(f"pending/{kept}")
    with transaction.atomic():
        files.promote_on_commit(dropped, storage=folder)
        transaction.set_rollback(True)

    assert folder.exists(f"sealed/{kept[:2]}/{kept}")
    assert folder.exists(f"pending/{dropped}")


# -- what rows name -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_names_in_rows_of_every_tenant_are_known(clean, folder):
    stored = [store_sealed(clean, context=SCAN, storage=folder) for _ in range(2)]
    for slug, file in zip(("hoa-sen", "bien-xanh"), stored, strict=True):
        owner = a_member(an_organization(slug), "owner")
        with owner.active():
            Evidence.objects.create(
                organization=owner.organization,
                purpose="permit",
                stored_name=file.name,
                wrapped_key=file.wrapped_key,
                size=file.size,
                uploaded_by=owner.user,
            )

    names = files.names_in_rows()

    assert names == {file.name for file in stored}
    assert sorted(reconcile(names, now=LATER, delete=True, storage=folder).promoted) == sorted(names)
