"""Uploads: every hostile file of security.md B85 to B95 has its answer, and what comes out is only pixels."""

import contextlib
import io
import time
import zlib

import pypdfium2
import pytest
from PIL import Image

from core import files
from core.files import FileError, clean_upload
from tests.core import corpus
from tests.core.corpus import Upload

ORDINARY = {
    "jpeg": (corpus.image("JPEG"), "a.jpg", "image/jpeg"),
    "jpeg in capitals": (corpus.image("JPEG"), "IMG_0001.JPG", "image/jpeg"),
    "jpeg of two": (corpus.jpeg_of_two(), "a.jpg", "image/jpeg"),
    "jpeg in grey": (corpus.image("JPEG", mode="L"), "a.jpeg", "image/jpeg"),
    "jpeg for printers": (corpus.image("JPEG", mode="CMYK"), "a.jpg", "image/jpeg"),
    "png": (corpus.image("PNG"), "a.png", "image/png"),
    "png with alpha": (corpus.image("PNG", mode="LA"), "a.png", "image/png"),
    "png with palette": (corpus.image("PNG", mode="P"), "a.png", "image/png"),
    "png of 16 bits": (corpus.image("PNG", mode="I;16"), "a.png", "image/png"),
    "png of 1 bit": (corpus.image("PNG", mode="1"), "a.png", "image/png"),
    "gif": (corpus.image("GIF"), "a.gif", "image/png"),
    "webp": (corpus.image("WEBP"), "a.webp", "image/webp"),
    "webp without loss": (corpus.image("WEBP", lossless=True), "a.webp", "image/webp"),
    "heic": (corpus.image("HEIF"), "IMG_0001.HEIC", "image/jpeg"),
    "heic of 64": (corpus.heic_of_many(), "a.heic", "image/jpeg"),
    "avif": (corpus.image("AVIF"), "a.avif", "image/jpeg"),
    "webp called jpg by a messenger": (corpus.image("WEBP"), "a.jpg", "image/webp"),
    "pdf": (corpus.pdf(2), "a.pdf", "application/pdf"),
    "pdf after a few bytes": (b"\xef\xbb\xbf\r\n" + corpus.written_pdf(), "a.pdf", "application/pdf"),
}

REFUSED = {
    "B85 empty": (b"", "a.jpg", "empty_file"),
    "B86 too large": (bytes(10 * 1024 * 1024 + 1), "a.jpg", "too_large"),
    "B87 png of 169 million pixels": (corpus.png_bomb(13_000), "a.png", "image_too_large"),
    "B87 png of 361 million pixels": (corpus.png_bomb(19_000), "a.png", "image_too_large"),
    "B87 jpeg": (corpus.jpeg_bomb(), "a.jpg", "image_too_large"),
    "B87 gif": (corpus.gif_bomb(), "a.gif", "image_too_large"),
    "B87 webp": (corpus.webp_bomb(), "a.webp", "image_too_large"),
    "B87 thin": (corpus.image("PNG", width=24_000, height=10), "a.png", "image_too_large"),
    "B90 heic": (corpus.heic_bomb(), "a.heic", "image_too_large"),
    "B89 svg": (corpus.SVG, "a.svg", "type_not_allowed"),
    "B89 svg with prolog": (corpus.SVG_WITH_PROLOG, "a.svg", "type_not_allowed"),
    "B89 svg called jpg": (corpus.SVG, "a.jpg", "content_mismatch"),
    "B91 exe called jpg": (corpus.EXE, "photo.jpg", "content_mismatch"),
    "B91 html called jpg": (corpus.HTML, "photo.jpg", "content_mismatch"),
    "B91 elf called pdf": (corpus.ELF, "scan.pdf", "content_mismatch"),
    "B91 pdf.exe": (corpus.EXE, "scan.pdf.exe", "content_mismatch"),
    "B91 picture called exe": (corpus.image(), "photo.exe", "content_mismatch"),
    "B91 picture called html": (corpus.image(), "photo.html", "content_mismatch"),
    "B91 no extension": (corpus.image(), "photo", "content_mismatch"),
    "B91 no extension, no picture": (corpus.EXE, "photo", "content_mismatch"),
    "B91 pdf called jpg": (corpus.pdf(), "scan.jpg", "content_mismatch"),
    "B91 jpg called pdf": (corpus.image(), "scan.pdf", "content_mismatch"),
    "B91 a dot at the end": (corpus.image(), "photo.jpg.", "content_mismatch"),
    "exe": (corpus.EXE, "setup.exe", "type_not_allowed"),
    "shell": (corpus.SHELL, "run.sh", "type_not_allowed"),
    "html": (corpus.HTML, "page.html", "type_not_allowed"),
    "B93 zip bomb": (corpus.zip_bomb(), "a.zip", "type_not_allowed"),
    "B93 zip slip": (corpus.zip_slip(), "a.zip", "type_not_allowed"),
    "B93 docx": (corpus.docx(), "a.docx", "type_not_allowed"),
    "B93 zip called pdf": (corpus.zip_slip(), "a.pdf", "content_mismatch"),
    "B94 encrypted": (corpus.encrypted_pdf(), "a.pdf", "cannot_read"),
    "B94 5,000 pages": (corpus.pdf(5000), "a.pdf", "cannot_read"),
    "B94 41 pages": (corpus.pdf(41), "a.pdf", "cannot_read"),
    "B94 corrupt": (b"%PDF-1.7\n" + bytes(range(256)) * 20, "a.pdf", "cannot_read"),
    "B94 cut": (corpus.pdf()[:200], "a.pdf", "cannot_read"),
    "B94 no pages": (corpus.pdf(0), "a.pdf", "cannot_read"),
    "B94 page of 12 km": (corpus.huge_page_pdf(), "a.pdf", "cannot_read"),
    "B97 EICAR": (corpus.EICAR, "eicar.com", "type_not_allowed"),
    "B97 EICAR in docx": (corpus.docx(corpus.EICAR), "a.docx", "type_not_allowed"),
    "B97 EICAR called jpg": (corpus.EICAR, "a.jpg", "content_mismatch"),
    "B98 film": (b"\x00\x00\x00\x18ftyp3gp4" + bytes(100), "a.3gp", "type_not_allowed"),
    "B98 film called heic": (b"\x00\x00\x00\x18ftyp3gp4" + bytes(100), "a.heic", "content_mismatch"),
    "cut jpeg": (corpus.image("JPEG", width=400, height=400)[:600], "a.jpg", "cannot_read"),
    "cut png": (corpus.image("PNG", width=400, height=400)[:300], "a.png", "cannot_read"),
    "cut heic": (corpus.image("HEIF")[:300], "a.heic", "cannot_read"),
    "only a magic number": (b"\xff\xd8\xff", "a.jpg", "cannot_read"),
    "png magic and nothing": (b"\x89PNG\r\n\x1a\n", "a.png", "cannot_read"),
    "webp magic and nothing": (b"RIFF\x00\x00\x00\x00WEBP", "a.webp", "cannot_read"),
    "picture of no width": (corpus.image("GIF")[:6] + bytes(4) + corpus.image("GIF")[10:], "a.gif", "cannot_read"),
}

WITH_METADATA = {
    "jpeg": (corpus.jpeg_with_metadata(), "a.jpg"),
    "png": (corpus.png_with_metadata(), "a.png"),
    "webp": (corpus.webp_with_metadata(), "a.webp"),
    "heic": (corpus.heic_with_metadata(), "a.heic"),
    "avif": (corpus.avif_with_metadata(), "a.avif"),
    "pdf": (corpus.pdf_with_metadata(), "a.pdf"),
}

POLYGLOTS = {
    "B88 jpeg and html": (corpus.jpeg_and_html(), "a.jpg"),
    "B88 gif and script": (corpus.gif_and_script(), "a.gif"),
    "B88 png and php": (corpus.png_and_php(), "a.png"),
    "B88 pdf and zip": (corpus.pdf_and_zip(), "a.pdf"),
}


def cases(table):
    return pytest.mark.parametrize("case", table.values(), ids=table.keys())


# -- what is accepted -----------------------------------------------------------------------------------------------


@cases(ORDINARY)
def test_an_ordinary_file_is_written_anew(case):
    content, name, media_type = case

    clean = clean_upload(Upload(content, name))

    assert (clean.media_type, clean.size) == (media_type, len(clean.content))
    assert clean.display_name.endswith("." + clean.extension)
    if media_type != "application/pdf":
        with Image.open(io.BytesIO(clean.content)) as image:
            image.load()
            assert (image.width, image.height) == (clean.width, clean.height)


def test_a_picture_keeps_what_it_shows():
    """A flat colour in, nearly the same colour out, through every form."""
    for form in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"):
        target = io.BytesIO()
        Image.new("RGB", (32, 32), (200, 30, 60)).save(target, form)
        clean = clean_upload(Upload(target.getvalue(), f"a.{'heic' if form == 'HEIF' else form.lower()}"))
        with Image.open(io.BytesIO(clean.content)) as image:
            shown = image.convert("RGB").getpixel((16, 16))
        assert all(abs(got - wanted) < 14 for got, wanted in zip(shown, (200, 30, 60), strict=True)), (form, shown)


def test_sixteen_bit_grey_is_not_clipped():
    target = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(target, "PNG")

    clean = clean_upload(Upload(target.getvalue(), "a.png"))

    with Image.open(io.BytesIO(clean.content)) as image:
        assert image.getpixel((4, 4)) == 128


def test_transparency_survives_in_png_and_webp():
    for form in ("PNG", "WEBP"):
        target = io.BytesIO()
        Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(target, form)
        clean = clean_upload(Upload(target.getvalue(), f"a.{form.lower()}"))
        with Image.open(io.BytesIO(clean.content)) as image:
            assert image.getpixel((8, 8))[3] == 0


def test_a_turned_photo_comes_out_upright():
    clean = clean_upload(Upload(corpus.jpeg_with_metadata(), "a.jpg"))

    assert (clean.width, clean.height) == (48, 64)


def test_a_picture_shrinks_to_the_longest_side():
    clean = clean_upload(Upload(corpus.image("JPEG", width=2000, height=1000), "a.jpg"), max_side=640)

    assert (clean.width, clean.height) == (640, 320)


def test_a_document_keeps_its_pages_and_shows_the_same():
    clean = clean_upload(Upload(corpus.written_pdf(), "a.pdf"))

    document = pypdfium2.PdfDocument(clean.content)
    assert (len(document), clean.pages) == (1, 1)
    assert document[0].get_size() == (300, 200)
    shown = document[0].render(scale=1).to_pil().convert("L")
    assert shown.crop((40, 70, 200, 120)).getextrema()[0] < 80
    assert shown.crop((0, 150, 300, 200)).getextrema()[0] > 240
    assert document[0].get_textpage().get_text_range() == ""
    document.close()


@pytest.mark.parametrize("size", ["25 million pixels", "40 pages"])
def test_the_largest_allowed_file_passes_the_sandbox(size):
    if size == "40 pages":
        assert clean_upload(Upload(corpus.pdf(40, 595, 842), "a.pdf")).pages == 40
    else:
        clean = clean_upload(Upload(corpus.image("JPEG", width=5000, height=5000, exif=corpus.exif()), "a.jpg"))
        assert clean.width * clean.height == 25_000_000


# -- what is refused ------------------------------------------------------------------------------------------------


@cases(REFUSED)
def test_a_hostile_file_is_refused_with_its_code(case):
    content, name, code = case

    with pytest.raises(FileError) as caught:
        clean_upload(Upload(content, name))

    assert caught.value.code == code
    assert "%" not in caught.value.messages[0]


@pytest.mark.parametrize("side", [13_000, 19_000])
def test_a_pixel_bomb_is_refused_from_its_header(side):
    """B87: no decoder starts, so it takes no time."""
    bomb = corpus.png_bomb(side)
    begin = time.perf_counter()

    with pytest.raises(FileError):
        clean_upload(Upload(bomb, "a.png"))

    assert len(bomb) < 50_000
    assert time.perf_counter() - begin < 0.05


def test_the_decoder_checks_pixels_itself():
    """If the header reader were ever fooled, the sandbox still refuses."""
    from core.files.sandbox import decode

    with pytest.raises(FileError) as caught:
        decode(corpus.png_bomb(13_000), {"form": "png", "max_pixels": 25_000_000, "max_side": None, "max_pages": 1})

    assert caught.value.code == "image_too_large"


@pytest.mark.parametrize("build", [corpus.lying_png, corpus.text_chunk_bomb], ids=["B93 lying header", "B93 text chunk"])
def test_a_decompression_bomb_ends_in_the_sandbox(build):
    """It may be refused or come out small; it may not take long, or take this process with it."""
    begin = time.perf_counter()

    with contextlib.suppress(FileError):
        assert clean_upload(Upload(build(), "a.png")).size < 100_000

    assert time.perf_counter() - begin < 20


def test_a_document_that_draws_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr("core.files.sandbox.WALL_SECONDS", 2)
    begin = time.perf_counter()

    with pytest.raises(FileError) as caught:
        clean_upload(Upload(corpus.slow_pdf(), "a.pdf"))

    assert caught.value.code == "cannot_read"
    assert time.perf_counter() - begin < 10


def test_the_sandbox_has_hard_limits(tmp_path, monkeypatch):
    """A decoder that was taken over cannot fill memory, disk or another folder."""
    taken = tmp_path / "decode.py"
    source = (files.sandbox.DECODER).read_text()
    taken.write_text(
        source.replace(
            "    head, body = answer(content, order)\n",
            "    head, body = {}, b''\n"
            "    try:\n        bytearray(2 * 1024**3)\n    except MemoryError:\n        head['memory'] = 'limited'\n"
            "    try:\n        os.write(1, b''); os.ftruncate(1, 100 * 1024**2)\n    except OSError:\n        head['disk'] = 'limited'\n"
            "    head['rights'] = os.geteuid()\n",
        )
    )
    monkeypatch.setattr("core.files.sandbox.DECODER", taken)

    facts, _ = files.sandbox.decode(b"x", {"form": "png"})

    assert facts["memory"] == "limited"
    assert facts["disk"] == "limited"
    assert facts["rights"] != 0


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "import os; os.abort()", "print('no json')", ""])
def test_a_decoder_that_dies_is_a_file_that_cannot_be_read(tmp_path, monkeypatch, program):
    dying = tmp_path / "decode.py"
    dying.write_text(program)
    monkeypatch.setattr("core.files.sandbox.DECODER", dying)

    with pytest.raises(FileError) as caught:
        clean_upload(Upload(corpus.image(), "a.jpg"))

    assert caught.value.code == "cannot_read"


def test_when_no_turn_comes_the_person_is_told_to_wait(monkeypatch):
    monkeypatch.setattr("core.files.sandbox.TURN_SECONDS", 0.01)
    turns = files.sandbox._turns
    assert turns.acquire(timeout=1)
    assert turns.acquire(timeout=1)
    try:
        with pytest.raises(FileError) as caught:
            clean_upload(Upload(corpus.image(), "a.jpg"))
    finally:
        turns.release()
        turns.release()

    assert caught.value.code == "busy"


def test_a_place_for_photos_takes_no_documents():
    with pytest.raises(FileError) as caught:
        clean_upload(Upload(corpus.pdf(), "a.pdf"), kinds=("image",))

    assert caught.value.code == "type_not_allowed"


@pytest.mark.parametrize(
    ("declared", "accepted"),
    [
        ("image/jpeg", True),
        ("image/jpg; charset=binary", True),
        ("application/octet-stream", True),
        ("", True),
        ("text/html", False),
        ("application/pdf", False),
        ("image/svg+xml", False),
    ],
)
def test_a_declared_type_must_agree(declared, accepted):
    """B91: the lie is refused, an honest "I do not know" is not."""
    upload = Upload(corpus.image(), "a.jpg", declared)
    if accepted:
        assert clean_upload(upload).media_type == "image/jpeg"
        return

    with pytest.raises(FileError) as caught:
        clean_upload(upload)

    assert caught.value.code == "content_mismatch"


def test_a_size_that_lies_does_not_help():
    """The declared size is small, the content is not."""
    upload = Upload(bytes(2000), "a.jpg")
    upload.size = 10

    with pytest.raises(FileError) as caught:
        clean_upload(upload, max_bytes=1000)

    assert caught.value.code == "too_large"


def test_a_sixth_file_is_refused_before_any_is_read():
    """B96."""
    uploads = [Upload(b"", f"{number}.jpg") for number in range(6)]

    with pytest.raises(FileError) as caught:
        files.clean_uploads(uploads)

    assert (caught.value.code, caught.value.params) == ("max_files", {"limit": 5})
    assert [clean.width for clean in files.clean_uploads([Upload(corpus.image(), "a.jpg")] * 1)] == [64]


# -- what must not come out -----------------------------------------------------------------------------------------


@cases(WITH_METADATA)
def test_nothing_of_the_metadata_comes_out(case):
    """B92, TM14: the canary is in the file that was sent, in clear, and nowhere in the one that is kept."""
    content, name = case
    canary = corpus.SECRET.encode()
    assert canary in content

    clean = clean_upload(Upload(content, name))

    unpacked = clean.content + _inflated(clean.content)
    for form in (canary, corpus.SECRET.encode("utf-16-le"), corpus.SECRET.encode("utf-16-be"), canary.hex().encode()):
        assert form not in unpacked
    for word in (b"Exif", b"xmp", b"GPS", b"JavaScript", b"EmbeddedFile", b"OpenAction", b"/Author", b"/Metadata"):
        assert word not in unpacked
    if name != "a.pdf":
        with Image.open(io.BytesIO(clean.content)) as image:
            assert dict(image.getexif()) == {}
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp"}


@cases(POLYGLOTS)
def test_a_polyglot_is_only_a_picture_afterwards(case):
    content, name = case
    assert b"polyglot-canary" in content

    clean = clean_upload(Upload(content, name))

    assert b"polyglot-canary" not in clean.content + _inflated(clean.content)
    assert b"<script" not in clean.content
    assert b"PK\x03\x04" not in clean.content
    assert b"<?php" not in clean.content


def _inflated(content):
    """Every deflate stream of a file, unpacked, wherever it begins."""
    found, at = b"", content.find(b"\x78")
    while at != -1:
        with contextlib.suppress(zlib.error):
            found += zlib.decompressobj().decompress(content[at:], 1_000_000)
        at = content.find(b"\x78", at + 1)
    return found
