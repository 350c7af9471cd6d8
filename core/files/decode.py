"""The sandboxed worker that opens strangers' files: run as a program of its own, one file for each process.

    python -I core/files/decode.py '{"form": "jpeg", "max_pixels": …, "max_side": …, "max_pages": …}' < file > answer

The answer is one line of JSON, {"media_type", "extension", "width", "height", "pages"} or {"error": code}, and after it
the new content. A crash, or a limit that strikes, is no answer. It imports nothing of the product, so that it starts fast
and knows nothing; before the first byte is looked at it gives up rights, memory, time, files and network.
"""

import contextlib
import ctypes
import io
import json
import os
import resource
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

MEMORY_BYTES = 1536 * 1024 * 1024
ANSWER_BYTES = 64 * 1024 * 1024
CPU_SECONDS = 15
LONGEST_SIDE = 20_000
PAGE_PIXELS = 6_000_000
FINE_DPI, COARSE_DPI, FINE_PAGES = 200, 130, 12

_NOBODY = 65534
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 38


class Refused(Exception):
    """Carries the code of the answer."""


def load_libraries(form: str) -> None:
    """Import what this form needs while files can still be opened."""
    from PIL import JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin  # noqa: F401

    Image.preinit()
    if form == "webp":
        from PIL import WebPImagePlugin  # noqa: F401
    elif form == "avif":
        from PIL import AvifImagePlugin  # noqa: F401
    elif form == "heif":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False)
    elif form == "pdf":
        import pypdfium2  # noqa: F401


def rehearse(form: str) -> None:
    """Do the work once on a tiny file of our own: libraries import parts of themselves at first use, which must happen
    before `confine`, because afterwards the folders of a private installation may be closed to us."""
    order = {"form": form, "max_pixels": 10_000, "max_side": 8, "max_pages": 1}
    sample = io.BytesIO()
    if form == "pdf":
        import pypdfium2

        blank = pypdfium2.PdfDocument.new()
        blank.new_page(10, 10)
        blank.save(sample)
        blank.close()
    else:
        extras: dict[str, Any] = {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
        if form != "gif":
            exif = Image.Exif()
            exif[0x0112] = 6
            extras["exif"] = exif
        Image.new("RGB", (16, 16)).save(sample, form.upper(), **extras)
    answer(sample.getvalue(), order)


def confine() -> None:
    """Hard limits first; then, as far as the system allows it, no network, no way to more rights, no root."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_BYTES, ANSWER_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None)
    root = os.geteuid() == 0
    with contextlib.suppress(AttributeError):
        libc.unshare(_CLONE_NEWNET if root else _CLONE_NEWUSER | _CLONE_NEWNET)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if root:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)


def decode_image(content: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Decode to pixels, turn upright, and write a new file from the pixels alone."""
    Image.MAX_IMAGE_PIXELS = order["max_pixels"]
    with Image.open(io.BytesIO(content), formats=(order["form"].upper(),)) as picture:
        _check_size(picture.size, order["max_pixels"])
        picture.load()
        pixels = _plain(ImageOps.exif_transpose(picture))
    # A new image has no profile, comment, text chunk or EXIF; only pixels are pasted into it.
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    if order["max_side"]:
        fresh.thumbnail((order["max_side"], order["max_side"]))
    target = io.BytesIO()
    form = _target_form(order["form"], fresh.mode)
    fresh.save(target, form, **{"JPEG": {"quality": 90}, "PNG": {}, "WEBP": {"quality": 90}}[form])
    extension = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[form]
    answer = {"media_type": f"image/{form.lower()}", "extension": extension, "width": fresh.width, "height": fresh.height}
    return answer | {"pages": 1}, target.getvalue()


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    if size[0] * size[1] > max_pixels or max(size) > LONGEST_SIDE:
        raise Refused("image_too_large")
    if min(size) < 1:
        raise Refused("cannot_read")


def _plain(picture: Image.Image) -> Image.Image:
    """To RGB, RGBA or L in the colours of the web."""
    transparent = picture.has_transparency_data
    mode = "RGBA" if transparent else "L" if picture.mode in ("1", "L") else "RGB"
    if picture.mode.startswith("I"):
        # 16-bit greys: keep the upper byte instead of clipping.
        return picture.point(lambda value: value / 256).convert("L")
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "RGBA"):
        # A broken profile costs the exact colours, not the picture.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode=mode) or picture
    plain = picture.convert(mode)
    if transparent and plain.getchannel("A").getextrema()[0] == 255:
        return plain.convert("RGB")
    return plain


def _target_form(form: str, mode: str) -> str:
    if form == "webp":
        return "WEBP"
    return "PNG" if mode == "RGBA" or form in ("png", "gif") else "JPEG"


def decode_pdf(content: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Print every page to a picture and bind the pictures into a new document: no text, script, link or attachment."""
    import pypdfium2

    try:
        source = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("cannot_read") from error
    count = len(source)
    if count < 1:
        raise Refused("cannot_read")
    if count > order["max_pages"]:
        raise Refused("too_many_pages")
    source.init_forms()
    copy = pypdfium2.PdfDocument.new()
    for number in range(count):
        _copy_page(source[number], copy, FINE_DPI if count <= FINE_PAGES else COARSE_DPI)
    source.close()
    target = io.BytesIO()
    copy.save(target)
    copy.close()
    return {"media_type": "application/pdf", "extension": "pdf", "width": None, "height": None, "pages": count}, target.getvalue()


def _copy_page(page: Any, copy: Any, dpi: int) -> None:
    import pypdfium2

    width, height = page.get_size()
    if not (1 <= width <= 14_400 and 1 <= height <= 14_400):
        raise Refused("cannot_read")
    scale = min(dpi / 72, (PAGE_PIXELS / (width * height)) ** 0.5)
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(picture, "JPEG", quality=85)
    page.close()
    image = pypdfium2.PdfImage.new(copy)
    picture.seek(0)
    image.load_jpeg(picture, inline=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    new_page = copy.new_page(width, height)
    new_page.insert_obj(image)
    new_page.gen_content()
    new_page.close()


def answer(content: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The answer to one order; every way to fail has a code."""
    try:
        return (decode_pdf if order["form"] == "pdf" else decode_image)(content, order)
    except Refused as refused:
        return {"error": str(refused)}, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"error": "image_too_large"}, b""
    except Exception:
        # A decoder may fail in any way on a hostile file; the caller needs only to know that it did.
        return {"error": "cannot_read"}, b""


def main(source: BinaryIO, target: BinaryIO, order: dict[str, Any]) -> None:
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    load_libraries(order["form"])
    # Where a library can read but not write a form, the rehearsal is left out.
    with contextlib.suppress(OSError, ValueError, KeyError):
        rehearse(order["form"])
    content = source.read()
    confine()
    head, body = answer(content, order)
    target.write(json.dumps(head).encode() + b"\n" + body)
    target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer, json.loads(sys.argv[1]))
