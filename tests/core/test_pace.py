"""B96, uploads in a minute and in an hour: of one account, of one organization, at once, and without the cache."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from core.files import pace
from tests.core.corpus import image
from tests.factories.organizations import a_member, an_organization
from tests.factories.sign_in import signed_in_client

OPENINGS = b"programme,employer_name,places\nSSW1,Test,1\n"
REGISTER = b"Permit number,Company,Status\n1/GP,Demo,valid\n"


@pytest.fixture(autouse=True)
def two_a_minute(settings, tmp_path):
    settings.UPLOAD_RATES = {"account": "2/m", "organization": "3/m"}
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    pace._own.clear()
    yield
    cache.clear()


def a_file(name, content):
    return SimpleUploadedFile(name, content)


def send_openings(cast):
    data = {"file": a_file("a.csv", OPENINGS), "language": "vi", "mode": "draft"}
    return signed_in_client(cast.agency_recruiter).post("/en/o/hoa-sen/openings/import/", data)


def send_register(cast):
    data = {"permit_kind": "VN-SERVICE", "file": a_file("r.csv", REGISTER)}
    return signed_in_client(cast.officer_one).post("/en/o/co-quan/registers/new/", data)


def send_scan_of_a_draft(cast):
    if not hasattr(cast, "draft_owner"):
        cast.draft_owner = a_member(an_organization("sen-moi", verified=False), "owner")
    data = {"lines": 1, "1-permit_kind": "VN-SERVICE", "1-number": "kept 12/GP", "1-upload": a_file("scan.jpg", image("JPEG"))}
    return signed_in_client(cast.draft_owner).post("/en/o/sen-moi/registration/permits/", data)


def send_scan_of_a_line(cast):
    data = {"permit_kind": "VN-SERVICE", "number": "kept 12/GP", "upload": a_file("scan.jpg", image("JPEG"))}
    return signed_in_client(cast.agency_owner).post("/en/o/hoa-sen/profile/permit/add/", data)


DOORS = {
    "openings": (send_openings, 'value="draft"'),
    "register": (send_register, "VN-SERVICE"),
    "scan of a registration": (send_scan_of_a_draft, "kept 12/GP"),
    "scan of a line": (send_scan_of_a_line, "kept 12/GP"),
}


@pytest.mark.parametrize(("send", "kept"), DOORS.values(), ids=DOORS)
def test_b96_the_third_file_in_a_minute_waits_and_nothing_typed_is_lost(cast, send, kept):
    first = [send(cast).status_code for _ in range(2)]

    answer = send(cast)

    assert set(first) <= {200, 302}
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert kept in answer.text
    assert "You sent many files in a short time" in answer.text
    assert 'role="alert"' in answer.text


def test_b96_the_api_says_so_as_a_problem(cast, api_key):
    key = api_key(cast.agency_recruiter)

    def send():
        body = json.dumps({"openings": [{"programme": "SSW1", "employer_name": "Test", "places": 1}]})
        address = "/api/v1/o/hoa-sen/imports/"
        return Client().post(address, body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})

    first = [send().status_code for _ in range(2)]
    answer = send()

    assert first == [201, 201]
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert (answer.json()["code"], 1 <= int(answer["Retry-After"]) <= 60) == ("too_many_uploads", True)


def test_people_of_one_organization_share_its_limit(cast):
    take = pace.wait_before_upload
    assert [take(user_id=n, organization_id=7) for n in (1, 2, 3)] == [0, 0, 0]

    assert take(user_id=4, organization_id=7) > 0
    assert take(user_id=4, organization_id=8) == 0


def test_a_refused_upload_uses_nothing_up(cast):
    take = pace.wait_before_upload
    assert take(user_id=1, organization_id=7, files=3) == 0

    assert take(user_id=2, organization_id=7) > 0
    assert take(user_id=2, organization_id=8, files=2) == 0


def test_ten_at_once_get_two_places():
    with ThreadPoolExecutor(10) as pool:
        waits = list(pool.map(lambda _: pace.wait_before_upload(user_id=1, organization_id=None), range(10)))

    assert waits.count(0) == 2


def test_without_the_cache_each_process_counts_for_itself(monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    for name in ("add", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, away)

    waits = [pace.wait_before_upload(user_id=1, organization_id=2) for _ in range(3)]

    assert waits[:2] == [0, 0]
    assert 1 <= waits[2] <= 60


def test_the_oldest_upload_makes_room_after_its_minute(monkeypatch):
    moments = iter([0, 0, 40, 40, 50, 61, 61])
    monkeypatch.setattr(pace.time, "time", lambda: 1_000_000 + next(moments))
    limit = {"user_id": 1, "organization_id": None}

    assert [pace.wait_before_upload(**limit) for _ in range(4)] == [0, 0, 10, 0]


@pytest.mark.parametrize(("language", "words"), [("vi", "42 giây"), ("id", "42 detik"), ("ja", "42"), ("en", "42 seconds")])
def test_the_time_to_wait_is_said_in_the_readers_language(language, words):
    with translation.override(language):
        assert words in pace.in_words(42)
        assert "2" in pace.in_words(110)
