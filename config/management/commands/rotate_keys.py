"""Change the key-encryption key of the vault. See docs/encryption.md for the order of steps."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.db.models.functions import Substr

from core import tenancy, vault

_MARKS = (b"TK\x01", b"TS\x01")


class Command(BaseCommand):
    help = "Re-wrap every data key with the current key-encryption key. Repeatable; can be interrupted at any time."

    def add_arguments(self, parser):
        parser.add_argument("--new", metavar="ID", help="first make a new current key with this id in the key file")
        parser.add_argument("--retire", metavar="ID", help="afterwards remove this key from the key file for good")
        parser.add_argument("--status", action="store_true", help="only count the values under each key")
        parser.add_argument("--batch", type=int, default=500, help="rows read at once")

    def handle(self, *, new=None, retire=None, status=False, batch=500, **options):
        if new:
            self._key_file(vault.add_key, new)
            self.stdout.write(f"{new} is the current key.")
        if not status:
            moved, lost = self._rotate(batch)
            self.stdout.write(f"{moved} values re-wrapped with {vault.key_service().current()}.")
            if lost:
                raise CommandError(f"{lost} values cannot be opened by any key and were left as they are.")
        counts = self._count(batch)
        for kid, number in sorted(counts.items()):
            self.stdout.write(f"{kid}: {number}")
        if retire:
            if counts[retire]:
                raise CommandError(f"{retire} still wraps {counts[retire]} values; run again.")
            self._key_file(vault.remove_key, retire)
            self.stdout.write(f"{retire} is gone for good.")

    def _rotate(self, batch: int) -> tuple[int, int]:
        moved = lost = 0
        for model, column, pk, owner, value in _wrapped_values(batch):
            try:
                fresh = vault.rotate(value)
            except (vault.Tampered, vault.WrongKey):
                lost += 1
                self.stderr.write(f"{model._meta.label} {pk}: {column} cannot be opened.")
                continue
            if fresh != value:
                # The old value is a condition, so a row that changed in the meantime keeps its newer key.
                with _writing(model, owner):
                    moved += model._base_manager.filter(pk=pk, **{column: value}).update(**{column: fresh})
        return moved, lost

    def _count(self, batch: int) -> Counter[str]:
        counts: Counter[str] = Counter()
        for _, _, _, _, value in _wrapped_values(batch):
            try:
                counts.update(vault.key_ids(vault.wrapped_key_in(value)))
            except vault.Tampered:
                counts["damaged"] += 1
        return counts

    def _key_file(self, change, kid: str) -> None:
        service = vault.key_service()
        if not isinstance(service, vault.FileKeyService):
            raise CommandError("The keys are not in a file: make and retire them in your key service.")
        try:
            change(service.path, kid)
        except (ValueError, KeyError, OSError) as error:
            raise CommandError(f"{kid}: {error}") from error


Found = tuple[type[models.Model], str, Any, int | None, bytes]


def _wrapped_values(batch: int) -> Iterator[Found]:
    """Model, column, key, owner and value of everything wrapped, in all tables and tenants, in short transactions."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.BinaryField):
                    yield from _wrapped_in(model, field.name, batch)


def _wrapped_in(model: type[models.Model], column: str, batch: int) -> Iterator[Found]:
    page, last = _page(model, column, None, batch), None
    while page:
        for pk, owner_id, value in page:
            yield model, column, pk, owner_id, bytes(value)
            last = pk
        page = _page(model, column, last, batch) if len(page) == batch else []


def _page(model: type[models.Model], column: str, last: Any, batch: int) -> list[tuple[Any, int | None, Any]]:
    """The next rows after the key `last` whose value begins like something wrapped."""
    with _reading(model):
        mark = Substr(column, 1, 3, output_field=models.BinaryField())
        rows = model._base_manager.annotate(mark=mark).filter(mark__in=_MARKS).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        return list(rows.values_list("pk", _owner(model), column)[:batch])


def _owner(model: type[models.Model]) -> str:
    """The column that says whose row it is; the organization itself is its own."""
    names = {field.attname for field in model._meta.concrete_fields}
    wanted = {"organization": "organization_id", "person": "user_id"}.get(getattr(model, "row_kind", ""), "pk")
    return wanted if wanted in names else "pk"


def _reading(model: type[models.Model]) -> AbstractContextManager[Any]:
    kind = getattr(model, "row_kind", "")
    return tenancy.publishing() if kind in ("organization", "person", "published") else nullcontext()


def _writing(model: type[models.Model], owner: int | None) -> AbstractContextManager[Any]:
    kind = getattr(model, "row_kind", "")
    if kind == "organization":
        return tenancy.activate(None, owner)
    if kind == "person":
        return tenancy.activate(owner)
    return tenancy.publishing() if kind == "published" else nullcontext()
