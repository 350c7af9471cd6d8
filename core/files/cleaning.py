"""From an upload to a file that cannot harm anybody: checked, decoded in the sandbox, and made anew."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.files.errors import TOO_MANY_PAGES, FileError
from core.files.names import display_name
from core.files.sandbox import TooManyPages, decode
from core.files.sniff import kind_of, kind_of_extension, kind_of_media_type, picture_size, sniff

KINDS = ("image", "pdf")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_PAGES = 40
MAX_FILES = 5


@dataclass(frozen=True)
class CleanFile:
    """A file that this program wrote itself, from nothing but the pixels of what was sent.

    content        the bytes to store
    media_type     "image/jpeg", "image/png", "image/webp" or "application/pdf"
    extension      "jpg", "png", "webp" or "pdf"
    display_name   the sender's name for it, cleaned; personal, so sealed with the content
    sha256         of content, hexadecimal
    sent_sha256    of what was sent, to recognise the original if it ever matters
    pages          of a document; 1 for a picture
    width, height  of a picture in pixels; None for a document
    """

    content: bytes
    media_type: str
    extension: str
    display_name: str
    sha256: str
    sent_sha256: str
    pages: int
    width: int | None
    height: int | None

    @property
    def size(self) -> int:
        """Length of content in bytes."""
        return len(self.content)


def clean_upload(
    uploaded: Any,
    *,
    kinds: Sequence[str] = KINDS,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    max_pages: int = MAX_PAGES,
    max_side: int | None = None,
) -> CleanFile:
    """Check and rewrite one uploaded file.

    `uploaded`: Django's UploadedFile or any object with `read()`, `name` and perhaps `content_type`.
    `kinds`: what the place accepts, "image" (JPEG, PNG, GIF, WebP, HEIC, AVIF) and "pdf".
    `max_side`: shrink a picture so that neither side is longer (pixels).
    Raises FileError; its codes are the keys of `core.files.errors.MESSAGES`.
    """
    sent = _read(uploaded, max_bytes)
    form = _form(sent, uploaded, kinds)
    if form != "pdf":
        _check_pixels(picture_size(sent, form), max_pixels)
    order = {"form": form, "max_pixels": max_pixels, "max_side": max_side, "max_pages": max_pages}
    try:
        facts, content = decode(sent, order)
    except TooManyPages as error:
        raise FileError("cannot_read", TOO_MANY_PAGES, limit=max_pages) from error
    except FileError as error:
        # The decoder knows the code; the limit that goes into the sentence is known here.
        raise FileError(str(error.code), limit=max_pixels // 1_000_000) from error
    return CleanFile(
        content=content,
        media_type=facts["media_type"],
        extension=facts["extension"],
        display_name=display_name(uploaded.name or "", facts["extension"]),
        sha256=hashlib.sha256(content).hexdigest(),
        sent_sha256=hashlib.sha256(sent).hexdigest(),
        pages=facts["pages"],
        width=facts["width"],
        height=facts["height"],
    )


def clean_uploads(uploads: Iterable[Any], *, max_files: int = MAX_FILES, **limits: Any) -> list[CleanFile]:
    """`clean_upload` for several files; the number is checked before the first one is read."""
    uploads = list(uploads)
    if len(uploads) > max_files:
        raise FileError("max_files", limit=max_files)
    return [clean_upload(uploaded, **limits) for uploaded in uploads]


def _read(uploaded: Any, max_bytes: int) -> bytes:
    """The content, if it is neither empty nor too long; the declared size is only one more reason to refuse.

    Less content than declared: the upload handler dropped it, because the whole request was too large.
    """
    declared = getattr(uploaded, "size", None) or 0
    content = b"" if declared > max_bytes else uploaded.read(max_bytes + 1)
    if max(len(content), declared) > max_bytes or len(content) < declared:
        raise FileError("too_large", limit=max_bytes // (1024 * 1024))
    if not content:
        raise FileError("empty_file")
    return content


def _form(content: bytes, uploaded: Any, kinds: Sequence[str]) -> str:
    """The format by content, where name and declared type agree with it and the place accepts it.

    Agreement is by kind: messengers often name a WebP picture .jpg, and since every picture is written anew under an
    extension of ours, that harms nobody.
    """
    name = uploaded.name or ""
    form = sniff(content)
    kind, named = kind_of(form), kind_of_extension(name)
    declared = kind_of_media_type(getattr(uploaded, "content_type", "") or "")
    if form is None or kind is None:
        raise FileError("content_mismatch" if _promises_more(name) else "type_not_allowed")
    if named != kind or declared not in (kind, "any"):
        raise FileError("content_mismatch")
    if kind not in kinds:
        raise FileError("type_not_allowed")
    return form


def _promises_more(name: str) -> bool:
    """Whether a name claims to be a picture or PDF anywhere (photo.jpg, scan.pdf.exe), or claims nothing at all."""
    parts = name.split(".")[1:]
    return not parts or any(kind_of_extension(f"x.{part.strip()}") for part in parts)


def _check_pixels(size: tuple[int, int] | None, max_pixels: int) -> None:
    if size is None or min(size) < 1:
        raise FileError("cannot_read")
    if size[0] * size[1] > max_pixels:
        raise FileError("image_too_large", limit=max_pixels // 1_000_000)
