"""Anybody can check a document: what it is, and whether a file is unchanged."""

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from core import tenancy
from recruitment.services import code as codes
from reports.models import ReportSeal
from reports.services.seal import new_seal, seal_file
from tests.factories.reports_public import a_sealed_file
from tests.reports.documents import a_document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def compare(seal, data: bytes, language: str = "en"):
    file = SimpleUploadedFile("anything.pdf", data)
    return Client().post(f"/{language}/verify/{seal.code}/", {"file": file})


def test_the_page_says_what_it_is_when_and_for_whom():
    seal, _data, document = a_sealed_file("pdf", title="Openings of <b>November</b>", organization="Hoa Sen")

    body = Client().get(f"/en/verify/{seal.code}/").content.decode()

    assert "Terang made this document." in body
    assert "Openings of &lt;b&gt;November&lt;/b&gt;" in body
    assert "Hoa Sen" in body
    assert seal.code in body
    row = ReportSeal.objects.get()
    assert row.sha256 in body
    assert row.pages == 1
    assert (row.report, row.language) == (document.code, "en")


def test_the_same_file_is_recognized_and_another_is_not():
    seal, data, _document = a_sealed_file()

    assert "This is the file that Terang made." in compare(seal, data).content.decode()
    assert "This is not the same file." in compare(seal, data + b" ").content.decode()
    assert "This is not the same file." in compare(seal, data[:-1]).content.decode()
    assert "This is not the same file." in compare(seal, b"").content.decode()


def test_the_code_on_the_paper_is_that_of_the_page():
    seal, data, _document = a_sealed_file("json")

    assert seal.code.encode() in data
    assert codes.is_code(codes.parse(seal.code))
    assert seal.address.endswith(f"/c/{seal.code}")


def test_a_sealed_pdf_proves_itself():
    seal, data, _document = a_sealed_file("pdf")

    assert "This is the file that Terang made." in compare(seal, data).content.decode()


def test_no_file_and_a_large_file_are_answered_beside_the_field():
    seal, _data, _document = a_sealed_file()

    assert "Choose the file." in Client().post(f"/en/verify/{seal.code}/", {}).content.decode()
    assert "larger than 12 MB" in compare(seal, b"x" * (12 * 1024 * 1024 + 1)).content.decode()


@pytest.mark.parametrize("typed", ["3333-3333", "ABCD", "x" * 60, "%00", "'--", "<b>", "ＡＢ"])
def test_an_unknown_code_gets_advice(typed):
    response = Client().get(f"/en/verify/{typed}/")

    assert response.status_code == 404
    assert "We know no document with this code." in response.content.decode()
    assert "Never pay because of a paper that cannot be checked." in response.content.decode()


def test_any_spelling_leads_to_the_one_address():
    seal, _data, _document = a_sealed_file()
    sloppy = seal.code.lower().replace("-", " ")

    assert Client().get(f"/en/verify/{sloppy}/").headers["Location"] == f"/en/verify/{seal.code}/"
    assert Client().get(f"/en/verify/?code={sloppy}").headers["Location"] == f"/en/verify/{seal.code}/"
    assert (
        Client().get(f"/c/{seal.code}", headers={"Accept-Language": "ja"}).headers["Location"].endswith(f"/verify/{seal.code}/")
    )


def test_wrong_guesses_are_limited_and_right_ones_are_not():
    seal, _data, _document = a_sealed_file()
    client = Client()

    for _turn in range(20):
        assert client.get(f"/en/verify/{seal.code}/").status_code == 200
    answers = [client.get("/en/verify/3333-3333/").status_code for _turn in range(15)]
    assert answers[:12] == [404] * 12
    assert answers[-1] == 429


def test_nothing_that_was_handed_in_is_kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seal, data, _document = a_sealed_file()

    compare(seal, data)

    assert list(tmp_path.rglob("*")) == []


def test_a_seal_is_never_changed_and_a_code_is_used_once():
    seal, data, document = a_sealed_file()
    for sql in ("update reports_reportseal set sha256 = ''", "delete from reports_reportseal"):
        with tenancy.publishing(), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)

    with pytest.raises(DatabaseError), transaction.atomic():
        seal_file(seal, io.BytesIO(data), document=document, now=timezone.now())


def test_a_long_title_and_name_are_cut_to_fit():
    now = timezone.now()
    document = a_document(title="x" * 400, organization="y" * 300)

    row = seal_file(new_seal(now=now), io.BytesIO(b"abc"), document=document, now=now)

    assert (len(row.title), len(row.organization), row.pages) == (300, 200, None)
