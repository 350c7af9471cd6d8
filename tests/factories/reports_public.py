"""Sealed files: `a_sealed_file()`."""

import io

from django.utils import timezone

from reports.renderers import Document, Seal
from reports.services.seal import new_seal, seal_file
from tests.reports.documents import a_document, made


def a_sealed_file(form: str = "csv", **fields) -> tuple[Seal, bytes, Document]:
    """A finished file with its seal; `fields` of the document."""
    document, now = a_document(**fields), timezone.now()
    seal = new_seal(now=now)
    data = made(form, document, seal=seal)
    seal_file(seal, io.BytesIO(data), document=document, now=now)
    return seal, data, document
