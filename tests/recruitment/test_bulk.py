"""Files of openings: shapes real offices keep, hostile ones, all or nothing, small ones at once and large ones by the worker."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Event
from core.policies import Refused
from organizations.models import Membership, Review
from recruitment.models import FeeCharge, JobOrder, JobOrderImport
from recruitment.services.bulk import hand_in, handing_in
from recruitment.tasks.job_order_import import read_openings_file
from tests.factories.organizations import a_permit, publish

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
HEADER = "programme,employer_name,places,city,external_id,fee_1_item,fee_1_amount,fee_1_currency"
ROW = "SSW1,Test Foods,12,Yaizu,,F1,33320000,VND"


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish(cast.agency, permit)
    return permit


def give(cast, content, *, name="openings.csv", dry_run=False, submit=False, language="en", member=None) -> JobOrderImport:
    member = member or cast.agency_recruiter
    content = content if isinstance(content, bytes) else content.encode()
    with member.active():
        return hand_in(
            file_name=name,
            content=content,
            language=language,
            dry_run=dry_run,
            submit=submit,
            actor=member.actor(),
            now=timezone.now(),
        )


def errors(row) -> list[tuple[int, str, str]]:
    return [(error["row"], error["field"], error["code"]) for error in row.report["errors"]]


def count(cast) -> int:
    with cast.agency_owner.active():
        return JobOrder.objects.count()


def test_the_example_csv_becomes_drafts(cast):
    row = give(cast, (EXAMPLES / "openings.csv").read_bytes(), language="vi")

    assert (row.state, errors(row), row.rows) == ("done", [], 3)
    with cast.agency_owner.active():
        first = JobOrder.objects.get(external_id="2026-041")
        lines = list(FeeCharge.objects.filter(job_order=first).values_list("item", "amount", "payer", "legal_verdict"))
        version = first.versions.get()
    assert lines[0] == ("F1", 33_320_000, "worker", "legal")
    assert lines[3] == ("C6b", None, "employer", "not_a_worker_cost")
    assert (version.prefecture_id, version.wage_base, str(version.rest_days_per_week)) == ("22", 196_000, "2.0")


def test_the_example_json_becomes_drafts(cast):
    row = give(cast, (EXAMPLES / "openings.json").read_bytes(), name="openings.json")

    assert (row.state, errors(row), row.rows) == ("done", [], 1)


def test_the_examples_can_be_sent_at_once(cast, permit):
    row = give(cast, (EXAMPLES / "openings.csv").read_bytes(), language="vi", submit=True)

    assert (row.state, errors(row)) == ("done", [])
    with cast.officer_one.active():
        assert Review.objects.open().count() == 3


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n".encode(),
        b"\xef\xbb\xbf" + f"{HEADER}\r\n{ROW}\r\n".encode(),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\n{ROW}\n".replace(",", ";").encode(),
        f"{HEADER}\n{ROW}\n".replace(",", "\t").encode(),
        f"\n{HEADER.upper()}\n{ROW}\n\n\n".encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "semicolons", "tabs", "blank lines"],
)
def test_many_shapes_are_read(cast, content):
    row = give(cast, content)

    assert (row.state, row.rows) == ("done", 1)


def test_a_dry_run_stores_nothing(cast):
    row = give(cast, f"{HEADER}\n{ROW}\n", dry_run=True)

    assert (row.state, count(cast)) == ("checked", 0)


def test_one_bad_row_in_many_stores_nothing_and_is_named(cast):
    rows = [ROW] * 100
    rows[99] = "SSW1,Test Foods,12,Yaizu,,F1,-5,VND"

    row = give(cast, "\n".join([HEADER, *rows]))

    assert (row.state, errors(row)) == ("refused", [(101, "fee_1_amount", "min_value")])
    assert count(cast) == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (0, "", "empty")),
        (b"\xff\xfe", (0, "", "empty")),
        (b"programme;\xe9\xff\xc3", (0, "", "encoding")),
        (b"programme,employer_name,places\nSSW1,a\x00b,1", (0, "", "null_char")),
        (b"programme,employer_name,places\n", (0, "", "no_rows")),
        (b"programme,employer_name\nSSW1,a", (1, "places", "missing_column")),
        (b"programme,employer_name,places,salary\nSSW1,a,1,5", (1, "salary", "unknown_column")),
        (b"programme,employer_name,places,places\nSSW1,a,1,5", (1, "places", "twice")),
        (b"programme,employer_name,places\nSSW1,a,1,5", (2, "", "too_many_cells")),
        (b"programme,employer_name,places\nNOPE,a,1", (2, "programme", "not_found")),
        (b"programme,employer_name,places\nSSW1,a,1e2", (2, "places", "number_format")),
        (b"programme,employer_name,places\nSSW1,a,99999", (2, "places", "max_value")),
        (b"programme,employer_name,places,departure_on\nSSW1,a,1,2025-02-30", (2, "departure_on", "invalid_date")),
        (b"programme,employer_name,places,departure_on\nSSW1,a,1,9999-12-31", (2, "departure_on", "date_range")),
        ("programme,employer_name,places\nSSW1,a\u202eb,1".encode(), (2, "employer_name", "bidi_control")),
        (b"programme,employer_name,places,fee_1_item,fee_1_amount\nSSW1,a,1,F1,5", (2, "fee_1_currency", "currency")),
        (b"programme,employer_name,places,fee_1_item,fee_1_amount,fee_1_currency\nSSW1,a,1,F1,NaN,VND", (2, "fee_1_amount", "number_format")),
        (b"programme,employer_name,places,age_min\nSSW1,a,1,18", (2, "age_reason", "age_reason")),
        (b'{"openings": [{"places": 1.5}]}', (1, "places", "number_format")),
        (b'{"openings": [{"places": true}]}', (1, "places", "number_format")),
        (b'{"openings": [{"places": NaN}]}', (0, "", "json")),
        (b'{"openings": [{"places": 1, "places": 2}]}', (0, "", "json")),
        (b'{"openings": {}}', (0, "", "json")),
        (b'{"openings": [7]}', (1, "", "json")),
        (b'{"openings": [{"salary": 1}]}', (1, "salary", "unknown_field")),
        (b'{"openings": [{"fees": [{"item": ["F1"]}]}]}', (1, "fee_1_item", "not_found")),
        (b"[" * 100_000, (0, "", "json")),
    ],
)  # fmt: skip
def test_hostile_files_are_answered_by_row(cast, content, expected):
    row = give(cast, content, name="openings.json" if content[:1] in (b"{", b"[") else "openings.csv")

    assert row.state == "refused"
    assert errors(row)[0] == expected
    assert count(cast) == 0


def test_a_lone_surrogate_in_json_is_refused(cast):
    row = give(cast, json.dumps({"openings": [{"city": "a\ud800"}]}), name="x.json")

    assert (row.state, errors(row)[0][:2]) == ("refused", (1, "city"))


def test_more_than_5000_rows_are_refused(cast):
    row = give(cast, "\n".join([HEADER, *[ROW] * 5_001]))

    assert errors(row) == [(0, "", "too_many_rows")]


def test_own_numbers_are_unique_in_the_file_and_in_the_organization(cast):
    numbered = ROW.replace(",,", ",A-1,")
    give(cast, f"{HEADER}\n{numbered}\n")

    row = give(cast, f"{HEADER}\n{numbered}\n{numbered.replace('A-1', 'A-2')}\n{numbered.replace('A-1', 'A-2')}\n")

    assert errors(row) == [(2, "external_id", "unique"), (4, "external_id", "unique")]
    assert count(cast) == 1


def test_cells_that_look_like_formulas_stay_text(cast):
    row = give(cast, f'{HEADER}\nSSW1,"=HYPERLINK(""x"")",12,+Yaizu,,F1,1,VND\n')

    assert row.state == "done"
    with cast.agency_owner.active():
        assert JobOrder.objects.get().versions.get().employer_name == '=HYPERLINK("x")'


def test_sending_refuses_a_deposit_by_row(cast, permit):
    text = (EXAMPLES / "openings.csv").read_text(encoding="utf-8-sig").replace("C1;1.200.000", "X2;1.200.000")

    row = give(cast, text, language="vi", submit=True)

    assert errors(row) == [(2, "fee_3_amount", "fee_forbidden")]
    assert "112/2021" in row.report["errors"][0]["message"]
    assert count(cast) == 0


def test_a_viewer_hands_in_nothing(cast):
    with pytest.raises(Refused):
        give(cast, f"{HEADER}\n{ROW}\n", member=cast.agency_viewer)


def test_a_large_file_waits_for_the_worker_and_is_read_once(cast, monkeypatch):
    monkeypatch.setattr(handing_in, "SMALL", 3)
    row = give(cast, "\n".join([HEADER, *[ROW] * 7]))
    assert row.state == "waiting"
    with cast.agency_owner.active():
        assert Event.objects.filter(verb="job_orders.handed_in").count() == 1

    for _ in range(4):
        read_openings_file(row.pk, cast.agency.pk)

    with cast.agency_owner.active():
        row = JobOrderImport.objects.get(pk=row.pk)
        assert (row.state, row.done, len(row.report["openings"]), bytes(row.content)) == ("done", 7, 7, b"")
    assert count(cast) == 7


def test_a_role_taken_away_meanwhile_stops_a_waiting_file(cast, monkeypatch):
    monkeypatch.setattr(handing_in, "SMALL", 3)
    row = give(cast, "\n".join([HEADER, *[ROW] * 7]))
    with cast.agency_owner.active():
        Membership.objects.filter(user=cast.agency_recruiter.user).update(roles=["viewer"])

    read_openings_file(row.pk, cast.agency.pk)

    with cast.agency_owner.active():
        assert JobOrderImport.objects.get(pk=row.pk).state == "refused"
    assert count(cast) == 0


def test_the_pages_of_a_file(cast, client_for):
    browser = client_for(cast.agency_recruiter)
    address = "/en/o/hoa-sen/openings/import/"
    file = SimpleUploadedFile("my openings.csv", f"{HEADER}\n{ROW}\nSSW1,x,0,Y,,F1,1,VND\n".encode())

    answer = browser.post(address, {"file": file, "language": "en", "mode": "draft"})
    page = browser.get(answer.url).content.decode()

    assert "Nothing was stored" in page
    assert "places" in page
    assert client_for(cast.rival_owner).get(answer.url.replace("hoa-sen", "bien-xanh")).status_code == 404
    assert browser.post(address, {"language": "en", "mode": "draft"}).status_code == 200


@pytest.mark.parametrize(
    ("state", "done", "words"),
    [
        ("waiting", 0, "0 of 7 rows checked"),
        ("checking", 5, "5 of 7 rows checked"),
        ("checking", 7, "All 7 rows are checked"),
        ("sending", 3, "3 of 7 sent for approval"),
    ],
)
def test_the_page_says_how_far_a_file_is_and_looks_again_without_a_script(cast, client_for, monkeypatch, state, done, words):
    monkeypatch.setattr(handing_in, "SMALL", 3)
    row = give(cast, "\n".join([HEADER, *[ROW] * 7]), submit=True)
    with cast.agency_owner.active():
        JobOrderImport.objects.filter(pk=row.pk).update(state=state, done=done)

    page = client_for(cast.agency_recruiter).get(f"/en/o/hoa-sen/openings/import/{row.pk}/").content.decode()

    assert words in page
    assert f'<progress value="{done}" max="7"' in page
    assert '<meta http-equiv="refresh"' in page


def test_the_page_names_what_was_stored_and_not_sent(cast, client_for):
    row = give(cast, f"{HEADER}\n{ROW}\n")
    with cast.agency_owner.active():
        code = f"{row.report['openings'][0][:4]}-{row.report['openings'][0][4:]}"
        unsent = [{"opening": code, "field": "", "code": "no_permit", "message": "No permit"}]
        JobOrderImport.objects.filter(pk=row.pk).update(report={**row.report, "unsent": unsent})

    page = client_for(cast.agency_recruiter).get(f"/en/o/hoa-sen/openings/import/{row.pk}/").content.decode()

    assert "not all are sent" in page
    assert f'/openings/{code}/">{code}</a>' in page


def test_earlier_files_are_found_page_by_page(cast, client_for):
    browser = client_for(cast.agency_recruiter)
    for number in range(12):
        give(cast, f"{HEADER}\n{ROW}\n", name=f"file-{number:02}.csv", dry_run=True)

    first = browser.get("/en/o/hoa-sen/openings/import/").text
    [older] = re.findall(r'href="(\?after=\d+)"', first)
    second = browser.get(f"/en/o/hoa-sen/openings/import/{older}").text

    assert re.findall(r"file-\d\d", first) == [f"file-{number:02}" for number in range(11, 1, -1)]
    assert re.findall(r"file-\d\d", second) == ["file-01", "file-00"]
