"""Handing a file to a browser so that it can never run in our origin."""

from typing import IO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from core.files.storing import OpenedFile

_MEDIA_TYPES = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


def serve(opened: OpenedFile, *, public: bool = False) -> HttpResponse:
    """An attachment response. Who may read is asked by the view's policy before the file is opened.

    `public`: a picture that is part of a public page; it may be cached for an hour. Pictures served as attachments still
    show in <img>.
    """
    media_type = opened.media_type if opened.media_type in _MEDIA_TYPES else "application/octet-stream"
    response = HttpResponse(opened.content, content_type=media_type)
    _as_attachment(response, opened.display_name, len(opened.content))
    response["Cache-Control"] = "public, max-age=3600" if public else "private, no-store"
    return response


def serve_made(file: IO[bytes], *, media_type: str, display_name: str, size: int) -> FileResponse:
    """An attachment that is sent piece by piece and never kept by anybody on the way. `media_type` is one the product chose."""
    response = FileResponse(file, content_type=media_type)
    _as_attachment(response, display_name, size)
    response["Cache-Control"] = "private, no-store"
    return response


def _as_attachment(response: HttpResponseBase, name: str, size: int) -> None:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
