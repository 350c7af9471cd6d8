"""The posting page: the cost first, each state in its words, no person in it."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recruitment.services import code as codes
from tests.factories.recruitment_public import a_new_version, an_agency, an_opening, set_state

pytestmark = pytest.mark.django_db

FEES = [
    {"item_id": "F1", "amount": 33_320_000, "ceiling_id": "VN-SVC-DEFAULT-2022", "ceiling_amount": 99_960_000, "refund": "part",
     "note": "Chia hai lần."},
    {"item_id": "C4a", "amount": 9_500_000, "stage_id": "training", "legal_verdict": "no_verified_ceiling", "instalments": 2},
    {"item_id": "C1", "amount": None, "stage_id": "selection", "legal_verdict": "no_verified_ceiling"},
    {"item_id": "F1", "amount": 196_000, "currency": "JPY", "payer_id": "employer", "legal_verdict": "not_a_worker_cost",
     "ilo_verdict": "paid_by_others_ok"},
]  # fmt: skip
TEXTS = [
    {"key": "work", "language": "vi", "text": "Đóng gói cá."},
    {"key": "work", "language": "ja", "origin": "machine", "text": "魚の包装。"},
    {"key": "housing", "language": "vi", "text": "Phòng hai người."},
]


@pytest.fixture
def order(db):
    return an_opening(*an_agency(legal_name="Công ty Mẫu Hải Âu"), cost=44_620_000, fees=FEES, texts=TEXTS)


def body(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_cost_law_payer_and_pay(order):
    page = body(f"/en/jobs/{order}/")

    for words in (
        "You pay in total", "44,620,000", "1.9 months of take-home pay", "33,320,000", "99,960,000", "Law 69/2020/QH14",
        "No verified ceiling", "ILO: you should not have to pay", "In 2 payments.", "not known", "Nobody may collect", "Forbidden by law",
        "Công ty Mẫu Hải Âu", "Permit in force", "138,000", str(order), "schema.org/JobPosting",
    ):  # fmt: skip
        assert words in page, words


def test_free_text_carries_its_language_and_trust_mark(order):
    japanese, english = body(f"/ja/jobs/{order}/"), body(f"/en/jobs/{order}/")

    assert '<div lang="ja"><p>魚の包装。' in japanese
    assert '<div lang="vi"><p>Phòng hai người.' in japanese
    assert "Translated by a machine" in japanese or "機械" in japanese
    assert '<div lang="vi"><p>Đóng gói cá.' in english
    assert "Shown in the original language" in english


def test_short_notes_beside_amounts_are_marked_as_the_companys_words(order):
    english, vietnamese = body(f"/en/jobs/{order}/"), body(f"/vi/jobs/{order}/")

    assert '<small lang="vi">“Chia hai lần.”</small>' in english
    assert "in the original language (Vietnamese)" in english
    assert "<small>“Chia hai lần.”</small>" in vietnamese
    assert "ngôn ngữ gốc" not in vietnamese


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
def test_budget_of_bytes_and_questions(order, language):
    client = Client()
    client.get(f"/{language}/jobs/{order}/?v=0")

    with CaptureQueriesContext(connection) as caught:
        page = client.get(f"/{language}/jobs/{order}/").content

    style = (Path(settings.BASE_DIR) / "static/terang.css").read_bytes()
    assert len(gzip.compress(page)) + len(gzip.compress(style)) <= 14 * 1024
    assert len(caught) == 3


def test_other_spellings_of_a_code_lead_to_one_address(order):
    client, shown = Client(), str(order)

    for spelling in (order.code, order.code.lower(), shown.lower()):
        response = client.get(f"/vi/jobs/{spelling}/")
        assert (response.status_code, response.headers["Location"]) == (301, f"/vi/jobs/{shown}/")
    assert client.get(f"/j/{order.code.lower()}", headers={"Accept-Language": "id"}).headers["Location"] == f"/id/jobs/{shown}/"


def test_a_code_that_never_existed_leads_to_the_check(order):
    unknown = codes.show(codes.random_code())

    for code in (unknown, "HELLO", "3467-9999"):
        assert Client().get(f"/vi/jobs/{code}/").headers["Location"] == f"/vi/check/?q={code}"


@pytest.mark.parametrize("code", ["١", "9" * 500, "a\x00b"])
def test_what_is_no_address_is_not_found(order, code):
    assert Client().get(f"/vi/jobs/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("paused", "This opening is paused."),
        ("filled", "All places are taken."),
        ("closed", "This opening is closed."),
        ("withdrawn", "This opening is closed."),
        ("suspended", "The regulator has stopped this opening."),
    ],
)
def test_an_opening_that_is_not_open_says_since_when(order, state, words):
    set_state(order, state)

    page = body(f"/en/jobs/{order}/")

    assert words in page
    assert "44,620,000" not in page
    assert "flyer.pdf" not in page
    assert 'content="noindex"' in page


def test_an_older_flyer_is_told_and_history_keeps_every_version(order):
    a_new_version(
        order, cost=46_420_000,
        changes=[{"field": "fees", "label": "C1", "kind": "money", "before": {"amount": 1_200_000, "currency": "VND"},
                  "after": {"amount": 1_500_000, "currency": "VND"}, "direction": "up"}],
    )  # fmt: skip

    assert "This opening has changed since your flyer was printed." in body(f"/en/jobs/{order}/?v=1")
    assert "since your flyer was printed" not in body(f"/en/jobs/{order}/?v=2")
    history = body(f"/en/jobs/{order}/history/")
    assert "46,420,000" in history
    assert "44,620,000" in history
    assert "1,500,000" in history
    assert "Medical" in history or "Health" in history


def test_etag_and_last_modified(order):
    client = Client()
    first = client.get(f"/en/jobs/{order}/")

    assert first.headers["Last-Modified"]
    assert client.get(f"/en/jobs/{order}/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    a_new_version(order, cost=45_000_000)
    assert client.get(f"/en/jobs/{order}/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_no_public_page_shows_a_contact_person(order):
    """Phones and addresses of mail are in no public page of openings."""
    pages = [body(address) for address in ("/vi/jobs/", f"/vi/jobs/{order}/", f"/vi/jobs/{order}/history/", "/vi/jobs/feed.atom")]
    text = re.sub(r"<[^>]+>", " ", " ".join(pages))

    assert not re.search(r"[\w.]+@[\w.]+\.\w+", text)
    assert not re.search(r"\+\d{9,}|\b0\d{8,10}\b", text)


def test_compare_up_to_four(order):
    agency, permit = an_agency("khac")
    others = [an_opening(agency, permit, city=f"Town{number}") for number in range(4)]
    query = "&".join(f"code={other}" for other in [order, *others])

    page = body(f"/en/jobs/compare/?{query}&code=bad")

    assert page.count("Take out") == 4
    assert "Only the first four are compared." in page
    assert "Town3" not in page


def test_hreflang_and_canonical(order):
    page = body(f"/vi/jobs/{order}/?v=1")

    assert f'<link rel="canonical" href="{settings.BASE_URL}/vi/jobs/{order}/">' in page
    for language in ("vi", "id", "en", "ja"):
        assert f'hreflang="{language}" href="{settings.BASE_URL}/{language}/jobs/{order}/"' in page
