"""The flyer: readable in four languages, one page, fetching nothing."""

import re

import pypdfium2
import pytest
from django.test import Client

from recruitment.services import flyer, paper
from tests.factories.recruitment_public import an_agency, an_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    agency, permit = an_agency(legal_name="Công ty <img src=http://192.0.2.1/x.png> Mẫu")
    return an_opening(agency, permit, city="Yaizu", occupation_id="seafood-processing")


def pdf(address: str) -> pypdfium2.PdfDocument:
    response = Client().get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return pypdfium2.PdfDocument(response.content)


def text_of(document) -> str:
    return re.sub(r"\s+", " ", "\n".join(page.get_textpage().get_text_bounded() for page in document))


@pytest.mark.parametrize("size", ["a4", "a6"])
@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Chế biến thủy sản"), ("id", "Pengolahan"), ("en", "Seafood"), ("ja", "水産加工")]
)
def test_one_page_with_work_cost_code_and_day(order, language, words, size):
    document = pdf(f"/{language}/jobs/{order}/flyer.pdf?size={size}")
    text = text_of(document)

    assert len(document) == 1
    assert words in text
    assert str(order) in text
    assert re.search(r"44[.,]620[.,]000", text)
    assert text.count(str(order)) == (4 if size == "a6" else 1)


def test_names_are_text_and_nothing_is_fetched(order, monkeypatch):
    asked = []
    monkeypatch.setattr(paper.LocalFetcher, "fetch", lambda self, url, headers=None: asked.append(url))

    text = text_of(pdf(f"/en/jobs/{order}/flyer.pdf?size=a4&fresh=1"))

    assert "<img src=http://192.0.2.1/x.png>" in text
    assert asked == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://192.0.2.1/x.png">', '<img src="file:///etc/hostname">', '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(http://192.0.2.1/x.css);body{background:url(file:///etc/hostname)}</style>",
        '<object data="http://192.0.2.1/"></object><embed src="http://192.0.2.1/">', '<svg><image href="http://192.0.2.1/a.png"/></svg>',
    ],
)  # fmt: skip
def test_the_renderer_refuses_every_address(html):
    """The network is closed in tests; a file would end up in the bytes."""
    made = flyer.render_pdf(f"<html lang='en'><title>x</title><body>{html}<p>text</p></body></html>", "a4")

    assert b"/EmbeddedFile" not in made
    assert pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded().strip() == "text"


def test_the_flyer_is_tagged_and_named_for_readers(order):
    made = Client().get(f"/ja/jobs/{order}/flyer.pdf").content

    document = pypdfium2.PdfDocument(made)
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert str(order) in document.get_metadata_value("Title")


def test_a_second_flyer_comes_from_the_kept_one(order, monkeypatch):
    address = f"/vi/jobs/{order}/flyer.pdf?size=a4"
    first = Client().get(address).content
    monkeypatch.setattr(flyer, "render_pdf", lambda *a: pytest.fail("rendered twice"))

    assert Client().get(address).content == first
