"""The PDF: readable, tagged, with our fonts, the same bytes again, and nothing fetched."""

import ctypes
import io
import logging
import re
import socket
import threading
import unicodedata

import pypdfium2
import pytest
from django.utils import translation

from recruitment.services import paper
from reports.renderers import Column, Table, Words
from reports.renderers import pdf as paper_form
from tests.reports.documents import SEAL, a_document, a_row, made

SPECIMENS = {
    "vietnamese": "Tiếng Việt: ẩ ẫ ẵ ặ ữ ự ỡ ợ ệ ễ ỹ ỵ đ Đ ƠƯ 44.620.000 ₫ – Nguyễn Thị Ánh",
    "indonesian": "Biaya penempatan Rp 1.000.000 • “P3MI” ₱ € ₩",
    "japanese": "髙橋 一郎、齋藤 花子、渡邊 祐樹、監理支援機関、特定技能、育成就労、①",
    "khmer": "ភាសាខ្មែរ ក្រុមហ៊ុន ស្ត្រី ប្រទេសជប៉ុន សញ្ញាប័ត្រ ៛ ១២៣",
    "burmese": "မြန်မာနိုင်ငံ ကျွန်တော် လွှဲပြောင်း ကြေး ၁၂၃",
}
OURS = {"Noto-Sans", "Noto-Sans-Bold", "Noto-Sans-JP", "Noto-Sans-JP-Bold", "Noto-Sans-Khmer", "Noto-Sans-Khmer-Bold",
        "Noto-Sans-Myanmar", "Noto-Sans-Myanmar-Bold"}  # fmt: skip


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))


@pytest.fixture
def complaints(caplog):
    """What the renderer said was wrong."""
    log = logging.getLogger("weasyprint")
    log.addHandler(caplog.handler)
    yield lambda: [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    log.removeHandler(caplog.handler)


def fonts_of(data: bytes) -> dict[str, bool]:
    """Every font of the file by its name, and whether its letters are in the file."""
    found = {}
    document = pypdfium2.PdfDocument(data)
    for page in document:
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            font = pypdfium2.raw.FPDFTextObj_GetFont(thing)
            name = ctypes.create_string_buffer(200)
            pypdfium2.raw.FPDFFont_GetBaseFontName(font, name, 200)
            found[name.value.decode().split("+")[-1]] = bool(pypdfium2.raw.FPDFFont_GetIsEmbedded(font))
    return found


@pytest.mark.parametrize("language", ["vi", "ja"])
@pytest.mark.parametrize("script", sorted(SPECIMENS))
def test_no_letter_is_missing_and_all_fonts_are_ours(script, language, complaints):
    words = SPECIMENS[script]
    table = Table("t", words, (Column("a", words), Column("b", words)), lambda: iter([(words, words)]))

    data = made("pdf", a_document(title=words, parts=(Words(words, (words,)), table), language=language), seal=SEAL)

    assert complaints() == []
    fonts = fonts_of(data)
    assert all(fonts.values())
    assert set(fonts) <= OURS
    if script not in ("khmer", "burmese"):  # the order of their letters in copied text is not that of writing
        assert words in text_of(data)


def test_a_letter_nobody_has_is_noticed(complaints):
    made("pdf", a_document(parts=(Words("x", ("\U0001f9ff\U000e0fff",)),)))

    assert any(".notdef" in line for line in complaints())


def test_the_paper_says_what_the_page_says():
    document = a_document([a_row(i) for i in range(1, 120)])

    data = made("pdf", document, seal=SEAL)
    text = text_of(data)

    pages = len(pypdfium2.PdfDocument(data))
    assert pages > 2
    assert f"Page 2 of {pages}" in text
    assert text.count("ABCD-EFGH") >= pages
    assert text.count("Code Name Day") == pages  # the head of the table stands on each of its pages
    assert "Demo data" in text
    assert "₫5,309,780,000" in text
    assert "28 November 2026, 12:04" in text


def test_the_paper_is_tagged_named_and_in_its_language():
    data = made("pdf", a_document(language="ja"), seal=SEAL)
    document = pypdfium2.PdfDocument(data)

    assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_value("Title") == "Transparency sheet"
    size = pypdfium2.raw.FPDFCatalog_GetLanguage(document, None, 0)
    language = (ctypes.c_ushort * (size // 2))()
    pypdfium2.raw.FPDFCatalog_GetLanguage(document, language, size)
    assert bytes(language).decode("utf-16-le").strip("\0") == "ja"
    assert [mark.get_title() if hasattr(mark, "get_title") else mark.title for mark in document.get_toc()][:2] == [
        "Transparency sheet",
        "What this is",
    ]


def test_the_same_document_gives_the_same_bytes():
    assert made("pdf", a_document(), seal=SEAL) == made("pdf", a_document(), seal=SEAL)
    assert made("pdf", a_document(), seal=SEAL) != made("pdf", a_document([a_row(3)]), seal=SEAL)


def test_marks_written_apart_are_put_together():
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ẩn")

    assert "Nguyễn Thị Ẩn" in text_of(made("pdf", a_document(title=apart)))


# -- nothing is fetched -------------------------------------------------------------------------------------------------

KINDS = {
    "link": '<link rel="stylesheet" href="{url}">',
    "attachment": '<link rel="attachment" href="{url}"><a rel="attachment" href="{url}">x</a>',
    "img": '<img src="{url}" alt="x">',
    "import": "<style>@import url({url});</style>",
    "font": "<style>@font-face{{font-family:x;src:url({url})}} p{{font-family:x}}</style>",
    "background": '<p style="background:url({url})">x</p>',
    "svg image": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" xlink:href="{url}"/><use href="{url}#a"/></svg>',
    "object": '<object data="{url}" type="image/png"></object>',
    "embed": '<embed src="{url}">',
    "redirect": '<img src="{url}redirect" alt="x">',
}


@pytest.fixture
def listener():
    """A server of this machine that counts who comes and sends everybody on to itself."""
    server = socket.create_server(("127.0.0.1", 0))
    hits: list[bytes] = []

    def serve():
        while True:
            try:
                caller, _address = server.accept()
            except OSError:
                return
            hits.append(caller.recv(2000))
            caller.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
            caller.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", hits
    server.close()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_address_of_any_kind_is_asked(kind, listener):
    url, hits = listener
    html = f"<html lang='en'><title>x</title><body>{KINDS[kind].format(url=url)}<p>text</p></body></html>"
    out = io.BytesIO()

    paper.write_pdf(html, [], out)

    assert hits == []
    assert b"/EmbeddedFile" not in out.getvalue()


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("address", ["file:///etc/hostname", "asset:../config/settings.py", "data:text/css,p%7Bcolor:red%7D"])
def test_no_file_of_the_machine_is_read(kind, address, monkeypatch):
    served = []
    original = paper.LocalFetcher.fetch

    def watched(self, url, headers=None):
        answer = original(self, url, headers)
        served.append(url)
        return answer

    monkeypatch.setattr(paper.LocalFetcher, "fetch", watched)
    html = f"<html lang='en'><title>x</title><body>{KINDS[kind].format(url=address)}<p>text</p></body></html>"

    paper.write_pdf(html, [], io.BytesIO())

    assert served == []


def test_the_listener_would_be_hit_by_an_open_door(listener, monkeypatch):
    url, hits = listener
    monkeypatch.setattr(paper.LocalFetcher, "fetch", paper.URLFetcher.fetch)

    paper.write_pdf(f"<html lang='en'><title>x</title><img src='{url}' alt='x'></html>", [], io.BytesIO())

    assert hits


def test_hostile_text_in_a_report_is_text(listener):
    url, hits = listener
    attack = "".join(markup.format(url=url) for markup in KINDS.values())
    document = a_document(
        [a_row(1, attack)], title=attack, subtitle=attack, facts=((attack, attack),), organization=attack, notes=(attack,)
    )

    data = made("pdf", document, seal=SEAL)

    assert hits == []
    assert "<embed src=" in text_of(data)


def test_drawings_carry_their_colours():
    with translation.override("en"):
        page = paper_form.html(a_document(), seal=SEAL)

    assert page.count('<svg class="chart') == page.count("<style>") > 0
