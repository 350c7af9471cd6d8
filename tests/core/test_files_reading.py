"""Reading headers without decoding, and names without trust."""

import pytest

from core import files
from core.files.sniff import picture_size, sniff
from tests.core import corpus

# -- reading headers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF"])
def test_sniffing_agrees_with_the_decoder(form):
    content = corpus.image(form, width=123, height=77)

    assert sniff(content) == form.lower()
    width, height = picture_size(content, form.lower())
    assert (width, height) == (123, 77) or (form in ("HEIF", "AVIF") and width >= 123 and height >= 77)


@pytest.mark.parametrize("extras", [{"lossless": True}, {"exif": b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"}])
def test_sniffing_reads_each_kind_of_webp(extras):
    assert picture_size(corpus.image("WEBP", width=123, height=77, **extras), "webp") == (123, 77)


def test_sniffing_survives_every_cut():
    for form in ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF"):
        content = corpus.image(form)
        for length in range(min(len(content), 700)):
            kind = sniff(content[:length])
            assert kind is None or picture_size(content[:length], kind) is None or length > 9


# -- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../x.py.jpg", "x.py.jpg"),
        ("..\\..\\windows\\giấy phép.jpg", "giấy phép.jpg"),
        ("/etc/passwd.jpg", "passwd.jpg"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "ab Set-Cookie x.jpg"),
        ("phép\u202egpj.exe.jpg", "phépgpj.exe.jpg"),
        ("a\u200b\u2066b\ufeff.jpg", "ab.jpg"),
        ("CON.jpg", "file CON.jpg"),
        ("com1.tar.jpg", "file com1.tar.jpg"),
        (".jpg", "file.jpg"),
        ("   .jpg", "file.jpg"),
        ('a"b<c>|?*.jpg', "abc.jpg"),
        ("no extension", "no extension.jpg"),
        ("Giấy phép.jpg", "Giấy phép.jpg"),
        ("許可証.heic", "許可証.jpg"),
        ("a\ud800b.jpg", "ab.jpg"),
    ],
)
def test_a_name_is_cleaned_for_people(sent, shown):
    """B95."""
    assert files.display_name(sent, "jpg") == shown


def test_a_long_name_is_cut_between_letters():
    assert files.display_name("x" * 300 + ".jpg", "jpg") == "x" * 146 + ".jpg"

    name = files.display_name("x" * 145 + "q\u0323\u0302" + "y" * 50 + ".jpg", "jpg")

    assert name == "x" * 145 + ".jpg"
