"""A worker's own identity: sealed the moment it is given, opened for the person alone."""

import base64
from datetime import date, datetime

from core.policies import Actor
from core.vault import Context, SealedRecord, Shredded, open_record, reseal_record, seal_record, shred
from recruitment.models import Worker

FIELDS = ("full_name", "birth_date", "document_number")


def read_identity(worker: Worker | None) -> dict[str, str]:
    """The fields in clear (birth_date as YYYY-MM-DD); empty when nothing was given or it was erased."""
    if worker is None or not worker.wrapped_key or not worker.identity:
        return {}
    sealed = {name: base64.b64decode(text) for name, text in worker.identity.items()}
    try:
        opened = open_record(sealed, wrapped_key=worker.wrapped_key, context=_context(worker, worker.version))
    except Shredded:
        return {}
    return {name: str(value) for name, value in opened.items()}


def save_identity(
    *, full_name: str, birth_date: date | None, document_number: str, country: str, actor: Actor, now: datetime
) -> Worker:
    """Seal what the person wrote, as a whole, in place of what was there. An empty field is erased."""
    worker, made = Worker.objects.select_for_update().get_or_create(user=actor.user)
    given = {
        "full_name": full_name,
        "birth_date": birth_date.isoformat() if birth_date else "",
        "document_number": document_number,
    }
    fields = {name: value for name, value in given.items() if value}
    worker.version = worker.version + (0 if made else 1)
    sealed = _seal(worker, fields)
    worker.wrapped_key = sealed.wrapped_key
    worker.identity = {name: base64.b64encode(value).decode() for name, value in sealed.fields.items()}
    worker.country = country
    worker.save(update_fields=["wrapped_key", "identity", "version", "country", "updated_at"])
    return worker


def erase_identity(*, user_id: int) -> None:
    """Destroy the key, so that no backup can tell who this was. Repeatable."""
    Worker.objects.filter(user_id=user_id).update(wrapped_key=shred(), identity={}, country="")


def _seal(worker: Worker, fields: dict[str, str]) -> SealedRecord:
    context = _context(worker, worker.version)
    if worker.wrapped_key and worker.identity:
        return reseal_record(fields, context=context, like=worker.wrapped_key)
    return seal_record(fields, context=context)


def _context(worker: Worker, version: int) -> Context:
    return Context("recruitment.Worker", worker.user_id, version=version)
