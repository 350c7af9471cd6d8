"""Sealing a finished file: its code is printed on it before, the hash of its bytes is kept after.

A code that was printed on a file that was never finished has no row, and the check says that it is unknown.
"""

import datetime
import hashlib
from collections.abc import Iterable
from typing import BinaryIO

from django.conf import settings

from core import tenancy
from recruitment.services import code as codes
from reports.models import ReportSeal
from reports.renderers import Document, Seal
from reports.selectors.seal import seal_by_code

CHUNK = 1024 * 1024
PDF = b"%PDF-"


def new_seal(*, now: datetime.datetime) -> Seal:
    """A code nobody has yet, for a document that is about to be made."""
    code = codes.unused_code(lambda text: seal_by_code(text) is not None)
    shown = codes.show(code)
    return Seal(code=shown, address=f"{settings.BASE_URL}/c/{shown}", day=now.date())


def seal_file(seal: Seal, file: BinaryIO, *, document: Document, now: datetime.datetime) -> ReportSeal:
    """Keep the hash of the finished file under the code that stands on it. `file` is read from its beginning, in pieces.

    Raises IntegrityError when the code has been used meanwhile: make the file again with a new one. ValueError for no code.
    """
    code = codes.parse(seal.code)
    if code is None:
        raise ValueError(f"{seal.code} is no code.")
    file.seek(0)
    first = file.read(len(PDF))
    file.seek(0)
    sha256, size = digest(iter(lambda: file.read(CHUNK), b""))
    pages = _pages(file) if first == PDF else None
    with tenancy.publishing():
        return ReportSeal.objects.create(
            code=code,
            sha256=sha256,
            size=size,
            report=document.code,
            title=document.title[:300],
            language=document.language,
            organization=document.organization[:200],
            pages=pages,
            made_at=now,
            is_demo=document.demo,
        )


def digest(pieces: Iterable[bytes]) -> tuple[str, int]:
    """SHA-256 and length of bytes that come in pieces; nothing is kept."""
    hashed, size = hashlib.sha256(), 0
    for piece in pieces:
        hashed.update(piece)
        size += len(piece)
    return hashed.hexdigest(), size


def _pages(file: BinaryIO) -> int:
    import pypdfium2  # large; only the worker that made a PDF needs it

    file.seek(0)
    document = pypdfium2.PdfDocument(file)
    try:
        return len(document)
    finally:
        document.close()
