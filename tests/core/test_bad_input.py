"""Rows of security.md section 4 at the forms of the desk and at the files, as test_api.py has them at the API's door."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organizations.models import Organization
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.bulk import hand_in
from tests.factories.job_orders import a_draft
from tests.factories.organizations import a_member, a_permit, an_organization, publish
from tests.factories.sign_in import signed_in_client

MARKS = "\u0301" * 60
TOO_LONG = "x" * 2_200_000

WORK = [
    ("B24 null", {"city": "a\0b"}, 200),
    ("B27 spaces that are none", {"city": "\u200b\u200b"}, 200),
    ("B28 direction", {"city": "a\u202eb"}, 200),
    ("B29 line break", {"city": "a\r\nBcc: x"}, 200),
    ("B34 marks", {"city": f"a{MARKS}"}, 200),
    ("B42 NaN", {"places": "NaN"}, 200),
    ("B43 huge", {"places": "1e400"}, 200),
    ("B44 underscore", {"places": "1_000"}, 200),
    ("B50 2^63", {"places": "9223372036854775808"}, 200),
    ("B50 1e2", {"places": "1e2"}, 200),
    ("B50 1.5", {"places": "1.5"}, 200),
    ("B59 no such prefecture", {"prefecture": "99"}, 200),
]
TERMS = [
    ("B51 no such day", {"departure_on": "2027-02-30"}),
    ("B52 year 0", {"departure_on": "0000-01-01"}),
    ("B52 year 10000", {"departure_on": "10000-01-01"}),
    ("B53 far", {"departure_on": "9999-12-31"}),
    ("B54 leap second", {"departure_on": "2027-01-01T23:59:60"}),
]


@pytest.fixture
def draft(cast):
    return a_draft(cast.agency_recruiter)


def step(cast, draft, name):
    return f"/en/o/hoa-sen/openings/{draft.code}/edit/{name}/"


def version_of(cast, draft):
    with cast.agency_owner.active():
        return JobOrderVersion.objects.get(job_order=draft)


@pytest.mark.parametrize(("given", "status"), [row[1:] for row in WORK], ids=[row[0] for row in WORK])
def test_a_hostile_answer_about_the_work_is_refused_beside_its_field(cast, draft, client_for, given, status):
    before = version_of(cast, draft)
    answer = client_for(cast.agency_recruiter).post(
        step(cast, draft, "work"), {"city": "Yaizu", "places": "2", **given, "next": "1"}
    )

    [name] = given
    after = version_of(cast, draft)
    assert answer.status_code == status
    assert f'id="id_{name}_error"' in answer.text
    assert (after.city, after.places, after.prefecture_id) == (before.city, before.places, before.prefecture_id)


@pytest.mark.parametrize("given", [row[1] for row in TERMS], ids=[row[0] for row in TERMS])
def test_a_hostile_day_is_refused_beside_its_field(cast, draft, client_for, given):
    answer = client_for(cast.agency_recruiter).post(step(cast, draft, "terms"), {**given, "next": "1"})

    assert answer.status_code == 200
    assert 'id="id_departure_on_error"' in answer.text
    assert version_of(cast, draft).departure_on != given


@pytest.mark.parametrize(
    "name",
    ["a\0b", "\u200b\u200b", "a\u202eb", "a\r\nBcc: x", f"a{MARKS}"],
    ids=["B24 null", "B27 nothing to see", "B28 direction", "B29 line break", "B34 marks"],
)
def test_a_hostile_legal_name_is_refused_beside_its_field(cast, name):
    owner = a_member(an_organization("sen-moi", verified=False), "owner")

    answer = signed_in_client(owner).post("/en/o/sen-moi/registration/names/", {"legal_name": name})

    assert answer.status_code == 200
    assert 'id="id_legal_name_error"' in answer.text
    with owner.active():
        assert Organization.objects.get(pk=owner.organization.pk).legal_name == "Test Sen Moi"


@pytest.mark.parametrize("text", ["{{ 7|add:7 }}", "{% debug %}", "{name.__class__}", "%(x)s", "${7*7}", "<script>x</script>"])
def test_b37_b38_what_looks_like_a_program_is_text(cast, draft, client_for, text):
    browser = client_for(cast.agency_recruiter)
    browser.post(step(cast, draft, "work"), {"city": text, "next": "1"})

    page = browser.get(step(cast, draft, "work")).text

    assert version_of(cast, draft).city == text
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<script>x" not in page


def test_b33_a_family_of_many_signs_is_one_sign_and_stays_whole(cast, draft, client_for):
    family = "👨‍👩‍👧‍👦" * 7

    client_for(cast.agency_recruiter).post(step(cast, draft, "work"), {"city": family, "next": "1"})

    assert version_of(cast, draft).city == family


def test_b30_letters_and_marks_become_one_letter(cast, draft, client_for):
    client_for(cast.agency_recruiter).post(step(cast, draft, "work"), {"city": "Ya\u0301izu", "next": "1"})

    assert version_of(cast, draft).city == "Yáizu"


# -- the request itself ---------------------------------------------------------------------------------------------------


def multipart(*parts: str, end="--x--\r\n") -> bytes:
    return ("".join(f"--x\r\n{part}\r\n" for part in parts) + end).encode()


FIELD = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}'
FILE = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n{}'
CSV = "programme,employer_name,places\r\nSSW1,Test,1\r\n"
CHOICES = (FIELD.format("language", "en"), FIELD.format("mode", "draft"))
REQUESTS = {
    "B15 no boundary": (b"x", "multipart/form-data", {400}),
    "B16 cut off inside the file": (
        multipart(*CHOICES, FILE.format(CSV), end="")[:-30],
        "multipart/form-data; boundary=x",
        {400},
    ),
    "B17 1,001 fields": (
        multipart(*[FIELD.format(f"f{n}", "x") for n in range(1_001)]),
        "multipart/form-data; boundary=x",
        {400, 413},
    ),
    "B17 101 files": (multipart(*CHOICES, *[FILE.format(CSV)] * 101), "multipart/form-data; boundary=x", {400, 413}),
    "B35 a text of megabytes": (multipart(FIELD.format("mode", TOO_LONG)), "multipart/form-data; boundary=x", {400, 413}),
}


@pytest.mark.parametrize(("body", "content_type", "statuses"), REQUESTS.values(), ids=REQUESTS)
def test_a_broken_request_stores_nothing_and_is_told_so(cast, client_for, body, content_type, statuses):
    answer = client_for(cast.agency_recruiter).generic("POST", "/en/o/hoa-sen/openings/import/", body, content_type=content_type)

    assert answer.status_code in statuses
    assert "Traceback" not in answer.text
    with cast.agency_owner.active():
        assert JobOrder.objects.count() == 0


def test_b83_without_its_token_a_form_changes_nothing_and_shows_the_way_back(cast, draft, client_for):
    browser = client_for(cast.agency_recruiter)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    answer = strict.post(step(cast, draft, "work"), {"city": "Kobe", "next": "1"})

    assert answer.status_code == 403
    assert "<h1>" in answer.text
    assert version_of(cast, draft).city != "Kobe"


def test_b83_reading_changes_nothing(cast, draft, client_for):
    before = version_of(cast, draft)
    client_for(cast.agency_recruiter).get(step(cast, draft, "work"), {"city": "Kobe", "next": "1"})

    assert version_of(cast, draft).city == before.city


@pytest.mark.parametrize("code", ["١", "9" * 500, "%00", "ABCD-EFGH", "3467-9ACD"])
def test_b62_b63_another_way_to_write_a_code_is_not_found(cast, client_for, code):
    assert client_for(cast.agency_recruiter).get(f"/en/o/hoa-sen/openings/{code}/").status_code == 404


def test_b61_a_header_does_not_choose_the_organization(cast, draft, client_for):
    browser = client_for(cast.rival_owner)

    answer = browser.get(f"/en/o/bien-xanh/openings/{draft.code}/", headers={"X-Tenant": "hoa-sen"})

    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example"])
def test_b78_another_host_is_not_served(client, db, host):
    assert client.get("/en/", headers={"Host": host}).status_code == 400


# -- files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../x.csv", "x" * 300 + ".csv", "a\u202evsc.exe", "CON.csv", "a\nb.csv"],
    ids=["up", "long", "direction", "device", "line break"],
)
def test_b95_the_name_of_a_file_of_openings_is_only_shown(cast, client_for, name):
    data = {"file": SimpleUploadedFile(name, CSV.encode()), "language": "en", "mode": "check"}

    answer = client_for(cast.agency_recruiter).post("/en/o/hoa-sen/openings/import/", data, follow=True)

    heading = re.search(r"<h1><bdi>(.*?)</bdi>", answer.text, re.DOTALL)
    assert answer.status_code == 200
    assert heading
    assert not set("/\n\u202e") & set(heading[1])
    assert len(heading[1]) <= 160


DOORS = {
    "openings": ("agency_recruiter", "/en/o/hoa-sen/openings/import/", {"language": "en", "mode": "submit"}),
    "register": ("officer_one", "/en/o/co-quan/registers/new/", {"permit_kind": "VN-SERVICE"}),
}
FILES = {"B85 empty": (b"", "empty"), "B86 thirteen megabytes": (b"x" * 13 * 1024 * 1024, "larger than")}


@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES)
@pytest.mark.parametrize(("member", "address", "answers"), DOORS.values(), ids=DOORS)
def test_a_file_that_cannot_be_taken_says_why_and_the_answers_stay(cast, client_for, member, address, answers, content, words):
    data = {**answers, "file": SimpleUploadedFile("a.csv", content)}

    answer = client_for(getattr(cast, member)).post(address, data)

    assert answer.status_code == 200
    assert 'id="id_file_error"' in answer.text
    assert words in answer.text
    assert re.search(r'value="(submit"[^>]* checked|VN-SERVICE"[^>]* selected)', answer.text)


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+1", "-2+3", "@SUM(A1)", "＝1+1"])
def test_b100_a_cell_that_looks_like_a_formula_comes_back_the_same(cast, cell):
    quoted = cell.replace('"', '""')
    with cast.agency_recruiter.active():
        row = hand_in(
            file_name="a.csv",
            content=f'programme,employer_name,places\nSSW1,"{quoted}",1\n'.encode(),
            language="en",
            dry_run=False,
            submit=False,
            actor=cast.agency_recruiter.actor(),
            now=timezone.now(),
        )

    assert row.state == "done"
    with cast.agency_owner.active():
        assert JobOrderVersion.objects.get().employer_name == cell


def test_b101_a_file_of_a_million_rows_is_refused_at_once(cast, client_for):
    publish(cast.agency, a_permit(cast.agency, permit_kind="VN-SERVICE"))
    content = b"programme,employer_name,places\n" + b"SSW1,a,1\n" * 1_000_000
    data = {"file": SimpleUploadedFile("a.csv", content), "language": "en", "mode": "draft"}

    answer = client_for(cast.agency_recruiter).post("/en/o/hoa-sen/openings/import/", data, follow=True)

    assert "more than 5,000" in answer.text
    with cast.agency_owner.active():
        assert JobOrder.objects.count() == 0
