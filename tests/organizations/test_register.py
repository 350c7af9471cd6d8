"""A register is read as offices keep it, checked first, and taken over as a whole or not at all."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused, StepUpNeeded
from organizations.models import Membership, Permit, PermitKind, PermitStatus, PublishedPermit, RegisterEntry, RegisterImport
from organizations.services import register as service
from organizations.services.publication import publish_organization
from organizations.services.register_file import MOST_BYTES, read_register, status_words
from organizations.tasks import apply_long_register, check_long_register
from tests.factories.organizations import a_permit

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "permit-register.csv").read_text(encoding="utf-8")
HEADER = "Permit number,Company,Status,Issued on,Last day,Market,Reason\n"
NOW = timezone.now


@pytest.fixture
def words(db):
    return status_words(PermitStatus.objects.all())


@pytest.fixture
def permit(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="104/MAU-GP")
    publish_organization(cast.agency.pk, now=NOW())
    return permit


def receive(cast, text, member=None):
    member = member or cast.officer_one
    content = text if isinstance(text, bytes) else text.encode()
    with member.active():
        return service.receive_register(
            permit_kind=PermitKind.objects.get(pk="VN-SERVICE"),
            file_name="register.csv",
            content=content,
            actor=member.actor(),
            now=NOW(),
        )


def confirm(cast, register, member=None, *, fresh=True):
    member = member or cast.officer_one
    with member.active():
        return service.confirm_register(register_import=register, actor=member.actor(fresh=fresh), now=NOW())


def is_open(permit):
    return PublishedPermit.objects.open(now=NOW()).filter(pk=permit.pk).exists()


# -- reading ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        EXAMPLE.encode(),
        b"\xef\xbb\xbf" + EXAMPLE.encode(),
        EXAMPLE.replace("\n", "\r\n").encode(),
        EXAMPLE.encode("utf-16"),
        EXAMPLE.encode("utf-16-le"),
        EXAMPLE.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "crlf", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_the_example_of_an_office_is_read_in_each_encoding(words, content):
    rows, errors = read_register(content, statuses=words)

    assert errors == []
    assert [row.status for row in rows] == [
        "valid",
        "valid",
        "valid",
        "suspended",
        "suspended_market",
        "expired",
        "revoked",
        "surrendered",
    ]
    assert (rows[0].line, rows[0].holder, rows[0].issued_on) == (4, "Công ty Mẫu Hải Âu Xanh", date(2019, 3, 4))
    assert (rows[4].market, rows[5].expires_on) == ("JP", date(2025, 9, 29))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_divide_as_well(words, delimiter):
    text = EXAMPLE.replace('"', "").replace(", ", " ").replace(",", delimiter).encode("utf-16")

    rows, errors = read_register(text, statuses=words)

    assert (len(rows), errors) == (8, [])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Nomor izin;Nama perusahaan;Status\n1/IZIN;PT Contoh;Dicabut\n", "revoked"),
        ("Nomor izin;Nama perusahaan;Status\n1/IZIN;PT Contoh;Izin berlaku\n", "valid"),
        ("Permit number\tCompany\tStatus\n1/PERMIT\tDemo\tIN FORCE\n", "valid"),
        ("Số GP,Công ty,Tình trạng\n1/GP,Mẫu,đình chỉ\n", "suspended"),
        ("So GP,Cong ty,Tinh trang\n1/GP,Mau,dinh chi\n", "suspended"),
    ],
)
def test_header_and_status_may_be_in_three_languages(words, text, status):
    rows, errors = read_register(text.encode(), statuses=words)

    assert ([row.status for row in rows], errors) == ([status], [])


@pytest.mark.parametrize(
    ("line", "row", "column", "code"),
    [
        (",Demo,valid,,,,", 2, "Permit number", "blank"),
        ("1,,valid,,,,", 2, "Company", "blank"),
        ("1,Demo,perhaps,,,,", 2, "Status", "status"),
        ("1,Demo,not checked,,,,", 2, "Status", "status"),
        ("1,Demo,,,,,", 2, "Status", "status"),
        ("1,Demo,valid,31/02/2026,,,", 2, "Issued on", "date"),
        ("1,Demo,valid,01/02/26,,,", 2, "Issued on", "date"),
        ("1,Demo,valid,,tomorrow,,", 2, "Last day", "date"),
        ("1,Demo,valid,,=TODAY(),,", 2, "Last day", "date"),
        ("1,Demo,valid,2026-05-01,2026-04-01,,", 2, "Last day", "dates"),
        ("1,Demo,suspended for one market,,,,", 2, "Market", "market"),
        ("1,Demo,suspended for one market,,,Atlantis,", 2, "Market", "market"),
        ("///,Demo,valid,,,,", 2, "Permit number", "number"),
        (f"1,{'x' * 201},valid,,,,", 2, "Company", "too_long"),
        ("1,De\u202emo,valid,,,,", 2, "Company", "hidden_sign"),
        ("1,De\u200bmo,valid,,,,", 2, "Company", "hidden_sign"),
        ("1,A,valid,,,,\n 1 ,B,expired,,,,", 3, "Permit number", "duplicate"),
        ("1/GP,A,valid,,,,\n1-gp,B,expired,,,,", 3, "Permit number", "duplicate"),
        ('1,"Demo,valid,,,,', 2, "", "not_csv"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(words, line, row, column, code):
    _rows, errors = read_register(f"{HEADER}{line}\n".encode(), statuses=words)

    assert [(error.row, error.column, error.code) for error in errors] == [(row, column, code)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_header"),
        (b"a,b,c\n1,2,3\n", "no_header"),
        (HEADER.encode(), "empty"),
        (HEADER.encode() + "1,Công ty,valid,,,,\n".encode("cp1258"), "encoding"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "encoding"),
        (HEADER.encode() + b"1,De\0mo,valid,,,,\n", "encoding"),
        (HEADER.encode() + b"".join(b"%d,Demo,valid,,,,\n" % n for n in range(5001)), "too_many"),
        (HEADER.encode() + b"1,Demo,valid,,,,\n" * 1_000_000, "too_large"),
    ],
    ids=["nothing", "no header", "no lines", "old encoding", "spreadsheet", "null", "5001 lines", "a million lines"],
)
def test_what_cannot_be_read_says_why(words, content, code):
    _rows, errors = read_register(content, statuses=words)

    assert [error.code for error in errors] == [code]


def test_the_largest_register_is_accepted(words):
    content = HEADER.encode() + b"".join(b"%d,Demo,valid,,,,\n" % n for n in range(5000))

    rows, errors = read_register(content, statuses=words)

    assert (len(rows), errors, len(content) < MOST_BYTES) == (5000, [], True)


@pytest.mark.parametrize("name", ['=HYPERLINK("http://a.example")', "+Demo", "-2+3", "@SUM(A1)", "＝1+1"])
def test_a_formula_is_a_text_like_any_other(words, name):
    quoted = name.replace('"', '""')

    rows, errors = read_register(f'{HEADER}1,"{quoted}",valid,,,,\n'.encode(), statuses=words)

    assert ([row.holder for row in rows], errors) == ([name], [])


# -- check, then take over ----------------------------------------------------------------------------------------------


def test_the_dry_run_changes_nothing(cast, permit):
    register = receive(cast, EXAMPLE)

    assert register.state == "checked"
    assert register.report["counts"] == {
        "rows": 8,
        "new": 8,
        "changed": 0,
        "same": 0,
        "permits": 1,
        "unknown": 7,
        "missing": 0,
    }
    with cast.officer_one.active():
        assert not RegisterEntry.objects.exists()
    assert is_open(permit)


def test_taking_over_suspends_and_the_openings_are_gone(cast, permit):
    register = confirm(cast, receive(cast, EXAMPLE))

    assert (register.state, register.applied_by_id) == ("applied", cast.officer_one.user.pk)
    assert not is_open(permit)
    with cast.officer_one.active():
        assert RegisterEntry.objects.count() == 8
        assert set(Event.objects.values_list("verb", flat=True)) == {
            "register.uploaded",
            "register.checked",
            "register.confirmed",
            "register.applied",
        }
    with tenancy.activate(None, cast.agency.pk):
        change = permit.changes.get()
        assert (change.status_id, change.source, change.reason) == (
            "suspended",
            "register",
            "Quyết định mẫu số 12 ngày 18/11/2026",
        )


def test_the_next_register_reports_what_changed_since(cast, permit):
    confirm(cast, receive(cast, EXAMPLE))
    again = EXAMPLE.replace("Đình chỉ,,", "Còn hiệu lực,,").replace("8,Công ty Mẫu Sa Pa", "9,Công ty Mẫu Sa Pa")
    shorter = "\n".join(line for line in again.splitlines() if "Phú Sĩ" not in line)

    register = receive(cast, shorter)

    counts = register.report["counts"]
    assert (counts["changed"], counts["same"], counts["permits"], counts["missing"]) == (1, 6, 1, 1)
    confirm(cast, register)
    assert is_open(permit)


def test_a_renewal_moves_the_last_day(cast):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="7/GP", expires_on=date(2026, 12, 1))
    publish_organization(cast.agency.pk, now=NOW())

    confirm(cast, receive(cast, f"{HEADER}7/GP,Demo,valid,,2031-12-01,,\n"))

    assert PublishedPermit.objects.get(pk=permit.pk).expires_on == date(2031, 12, 1)


def test_the_claim_of_an_unchecked_number_does_not_follow_the_register(cast):
    claim = a_permit(cast.rival, permit_kind="VN-SERVICE", number="101/MAU-GP", status="not_checked")

    confirm(cast, receive(cast, EXAMPLE))

    with tenancy.activate(None, cast.rival.pk):
        assert Permit.objects.get(pk=claim.pk).status_id == "not_checked"


def test_one_bad_row_in_many_refuses_all(cast, permit):
    lines = "".join(f"{n}/GP,Demo {n},valid,,,,\n" for n in range(400))

    register = receive(cast, f"{HEADER}{lines}104/MAU-GP,Demo,maybe,,,,\n")

    assert (register.state, register.report["errors"][0]["row"]) == ("refused", 402)
    with pytest.raises(Conflict):
        confirm(cast, register)
    assert is_open(permit)


def test_a_change_in_between_stops_the_takeover(cast, permit):
    first, second = receive(cast, EXAMPLE), receive(cast, EXAMPLE)
    confirm(cast, first)

    with pytest.raises(Conflict):
        confirm(cast, second)


def test_taking_over_twice_is_a_conflict(cast, permit):
    register = receive(cast, EXAMPLE)
    confirm(cast, register)

    with pytest.raises(Conflict):
        confirm(cast, register)


def test_who_may_hand_in_and_take_over(cast, permit):
    for member in (cast.agency_owner, cast.caseworker):
        with pytest.raises(Refused):
            receive(cast, EXAMPLE, member)
    register = receive(cast, EXAMPLE)
    with pytest.raises(StepUpNeeded):
        confirm(cast, register, fresh=False)
    with tenancy.activate(None, cast.agency.pk):
        Membership.objects.create(organization=cast.agency, user=cast.officer_one.user, roles=["viewer"])
    with pytest.raises(Refused):
        confirm(cast, register)
    assert confirm(cast, register, cast.officer_two).state == "applied"


def test_a_long_register_is_worked_on_in_the_background(cast, permit):
    lines = "".join(f"{n}/GP,Demo {n},valid,,,,\n" for n in range(600))
    register = receive(cast, f"{HEADER}{lines}104/MAU-GP,Demo,suspended,,,,Decision\n")
    assert register.state == "waiting"

    run(cast, check_long_register, "register.uploaded")
    assert reload(cast, register).state == "checked"
    assert confirm(cast, reload(cast, register)).state == "applying"
    assert is_open(permit)

    for _ in range(2):
        run(cast, apply_long_register, "register.confirmed")

    assert reload(cast, register).state == "applied"
    assert not is_open(permit)


def test_a_person_who_lost_the_role_meanwhile_changes_nothing(cast, permit):
    lines = "".join(f"{n}/GP,Demo {n},valid,,,,\n" for n in range(600))
    register = receive(cast, f"{HEADER}{lines}104/MAU-GP,Demo,suspended,,,,Decision\n")
    run(cast, check_long_register, "register.uploaded")
    confirm(cast, reload(cast, register))
    with cast.officer_one.active():
        Membership.objects.filter(user=cast.officer_one.user).update(ended_at=NOW())

    run(cast, apply_long_register, "register.confirmed")

    assert reload(cast, register).state == "refused"
    assert is_open(permit)


def run(cast, subscriber, verb):
    """What the dispatcher does: the event's organization is active, nobody's user."""
    with tenancy.activate(None, cast.regulator.pk):
        subscriber(Event.objects.filter(verb=verb).latest("pk"))


def reload(cast, register):
    with cast.officer_one.active():
        return RegisterImport.objects.get(pk=register.pk)


# -- pages --------------------------------------------------------------------------------------------------------------


def upload(browser, content, kind="VN-SERVICE"):
    file = SimpleUploadedFile("register.csv", content, content_type="text/csv")
    return browser.post("/en/o/co-quan/registers/new/", {"permit_kind": kind, "file": file})


def test_hand_in_read_the_report_take_over(cast, client_for, permit):
    browser = client_for(cast.officer_one)

    place = upload(browser, EXAMPLE.encode("utf-16")).url
    report = browser.get(place).content.decode()
    question = browser.get(f"{place}apply/").content.decode()
    done = browser.post(f"{place}apply/")

    assert cast.agency.legal_name in report
    assert "1 permit on this platform changes now" in question
    assert done.url == place
    assert not is_open(permit)
    assert "register.csv" in browser.get("/en/o/co-quan/registers/").content.decode()


def test_mistakes_are_listed_by_row_and_column(cast, client_for):
    browser = client_for(cast.officer_one)

    report = browser.get(upload(browser, f"{HEADER}1,<b>x</b>,maybe,,,,\n".encode()).url).content.decode()

    assert "Row 2" in report
    assert "Nothing was changed" in report
    assert "<b>x</b>" not in report


@pytest.mark.parametrize(("content", "kind"), [(b"", "VN-SERVICE"), (b"x" * (MOST_BYTES + 1), "VN-SERVICE"), (b"x", "ID-LPK")])
def test_a_form_that_cannot_be_taken_is_shown_again(cast, client_for, content, kind):
    response = upload(client_for(cast.officer_one), content, kind)

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_a_stale_factor_takes_nothing_over(cast, client_for, permit):
    place = upload(client_for(cast.officer_one), EXAMPLE.encode()).url

    response = client_for(cast.officer_one, age=400).post(f"{place}apply/")

    assert (response.status_code, "next=" in response.url) == (302, True)
    assert is_open(permit)


def test_another_office_does_not_see_it(cast, client_for, permit):
    place = upload(client_for(cast.officer_one), EXAMPLE.encode()).url

    assert client_for(cast.agency_owner).get(place).status_code == 404


def test_a_status_is_recorded_by_hand_on_its_page(cast, client_for, permit):
    browser = client_for(cast.officer_one)
    listed = browser.get("/en/o/co-quan/oversight/?q=104").content.decode()
    place = f"/en/o/co-quan/oversight/{permit.pk}/"
    given = {"status": "suspended", "since": "2026-11-20", "reason": "Decision 5"}

    wrong = browser.post(place, {**given, "reason": ""})
    done = browser.post(place, given)

    assert place in listed
    assert browser.get(place).status_code == 200
    assert (wrong.status_code, done.status_code) == (200, 302)
    assert not is_open(permit)
