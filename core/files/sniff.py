"""What a file really is, and how large its picture is, read from its first bytes without decoding anything."""

from collections.abc import Iterator
from pathlib import PurePosixPath

IMAGE_EXTENSIONS = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".heic", ".heif", ".hif", ".avif"}
PDF_EXTENSIONS = {".pdf"}

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}
_AVIF_BRANDS = {b"avif", b"avis"}
# Readers accept a PDF whose header comes a little late; scanners write such files.
_PDF_HEADER_WITHIN = 1024

Size = tuple[int, int]


def sniff(content: bytes) -> str | None:
    """The format by magic number: "jpeg", "png", "gif", "webp", "heif", "avif", "pdf", or None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return _sniff_ftyp(content)
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN] and not content.startswith(b"PK"):
        return "pdf"
    return None


def kind_of(form: str | None) -> str | None:
    """ "image", "pdf" or None for a format of `sniff`."""
    return form if form in (None, "pdf") else "image"


def kind_of_extension(name: str) -> str | None:
    """ "image", "pdf" or None by the last extension of a file name."""
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if extension in PDF_EXTENSIONS:
        return "pdf"
    return "image" if extension in IMAGE_EXTENSIONS else None


def kind_of_media_type(media_type: str) -> str | None:
    """ "image", "pdf", "any" (the sender does not say) or None by a declared Content-Type."""
    media_type = media_type.partition(";")[0].strip().lower()
    if media_type in ("", "application/octet-stream", "binary/octet-stream"):
        return "any"
    if media_type in ("application/pdf", "application/x-pdf"):
        return "pdf"
    return "image" if media_type.startswith("image/") and "svg" not in media_type else None


def picture_size(content: bytes, form: str) -> Size | None:
    """Width and height as the header promises them; None when the header cannot be read."""
    try:
        return _SIZES[form](content)
    except (IndexError, ValueError):
        return None


def _sniff_ftyp(content: bytes) -> str | None:
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in (8, *range(16, length, 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heif" if brands & _HEIF_BRANDS else None


def _number(content: bytes, at: int, size: int, order: str = "big") -> int:
    if at + size > len(content):
        raise ValueError("The header is cut short.")
    return int.from_bytes(content[at : at + size], "big" if order == "big" else "little")


def _png_size(content: bytes) -> Size | None:
    return (_number(content, 16, 4), _number(content, 20, 4)) if content[12:16] == b"IHDR" else None


def _gif_size(content: bytes) -> Size | None:
    return _number(content, 6, 2, "little"), _number(content, 8, 2, "little")


def _jpeg_size(content: bytes) -> Size | None:
    """Walk the markers to the frame header; the thumbnail inside a marker is jumped over."""
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _number(content, at + 7, 2), _number(content, at + 5, 2)
        else:
            at += 2 + max(_number(content, at + 2, 2), 2)
    return None


def _webp_size(content: bytes) -> Size | None:
    chunk = content[12:16]
    if chunk == b"VP8X":
        return _number(content, 24, 3, "little") + 1, _number(content, 27, 3, "little") + 1
    if chunk == b"VP8L":
        bits = _number(content, 21, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return _number(content, 26, 2, "little") & 0x3FFF, _number(content, 28, 2, "little") & 0x3FFF
    return None


def _heif_size(content: bytes) -> Size | None:
    """The largest picture of the file: phones store a grid of tiles, a thumbnail and the whole as items."""
    sizes = [(_number(content, at + 4, 4), _number(content, at + 8, 4)) for at in _boxes(content, 0, len(content), b"ispe")]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _boxes(content: bytes, start: int, end: int, wanted: bytes) -> Iterator[int]:
    """Where the bodies of all `wanted` boxes begin, on the way meta, iprp, ipco."""
    while start + 8 <= end:
        length, kind, head = _number(content, start, 4), content[start + 4 : start + 8], 8
        if length == 1:
            length, head = _number(content, start + 8, 8), 16
        stop = end if length == 0 else min(start + length, end)
        if stop < start + head:
            return
        if kind == wanted:
            yield start + head
        elif kind in (b"meta", b"iprp", b"ipco"):
            yield from _boxes(content, start + head + (4 if kind == b"meta" else 0), stop, wanted)
        start = stop


_SIZES = {
    "png": _png_size,
    "gif": _gif_size,
    "jpeg": _jpeg_size,
    "webp": _webp_size,
    "heif": _heif_size,
    "avif": _heif_size,
}
