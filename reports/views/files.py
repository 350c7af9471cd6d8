"""Public documents as files: the answer with its mark, name and copy."""

import datetime
import hashlib
import tempfile
from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from recruitment.views.public import release as running_release
from reports.renderers import FORMATS, Document, csv_file
from reports.services.seal import new_seal, seal_file

KEEP_SECONDS = 24 * 3600
PIECE = 64 * 1024
MOST_KEPT = 4 * 1024 * 1024
ENDINGS = ("csv", "xlsx", "json")


def mark_of(request, *parts) -> str:
    """An ETag of the running code, the address, the language and whatever the answer depends on."""
    text = "|".join(str(part) for part in (running_release(), get_language(), request.get_full_path(), *parts))
    return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


def document_file(
    request, ending: str, name: str, mark: str, build: Callable[[], Document], *, now: datetime.datetime
) -> HttpResponseBase:
    """The document as a file of this ending. A copy is kept for a day under its mark. OSError: no PDF on this machine.

    A PDF is sealed when it is made, so once for each mark: `mark` must not depend on what a stranger may invent.

    `?bom=1` puts the mark in front of CSV by which Excel knows UTF-8.
    """
    conditional = get_conditional_response(request, etag=mark)
    if conditional is not None:
        return conditional
    kept = cache.get(f"file:{mark}")
    if kept is None:
        kept = _made(ending, build(), bom=bool(request.GET.get("bom")), now=now)
        if len(kept) <= MOST_KEPT:
            cache.set(f"file:{mark}", kept, KEEP_SECONDS)
    response = HttpResponse(kept, content_type=FORMATS[ending].media_type)
    return named(response, f"{name}.{ending}", mark, inline=ending == "pdf")


def named(response: HttpResponseBase, name: str, mark: str, *, inline: bool = False) -> HttpResponseBase:
    """With a file name, and kept by nobody without asking again."""
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache"
    return response


def streamed_csv(document: Document, name: str, mark: str) -> HttpResponseBase:
    """A large CSV: written to a file without a name when somebody begins to read, then sent in pieces."""

    def pieces() -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            csv_file.write(document, file, progress=lambda done: None, seal=None)
            file.seek(0)
            yield from iter(lambda: file.read(PIECE), b"")

    return named(StreamingHttpResponse(pieces(), content_type=FORMATS["csv"].media_type), name, mark)


def _made(ending: str, document: Document, *, bom: bool, now: datetime.datetime) -> bytes:
    with tempfile.TemporaryFile() as file:
        if ending == "csv":
            csv_file.write(document, file, progress=lambda done: None, seal=None, bom=bom)
        elif ending == "pdf":
            seal = new_seal(now=now)
            FORMATS[ending].write(document, file, progress=lambda done: None, seal=seal)
            seal_file(seal, file, document=document, now=now)
        else:
            FORMATS[ending].write(document, file, progress=lambda done: None, seal=None)
        file.seek(0)
        return file.read()
