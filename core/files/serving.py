"""Handing a file to a browser so that it can never run in our origin."""

from django.http import HttpResponse
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
    disposition = content_disposition_header(as_attachment=True, filename=opened.display_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Length"] = str(len(opened.content))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "public, max-age=3600" if public else "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
