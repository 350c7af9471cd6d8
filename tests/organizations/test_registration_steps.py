"""Step by step: nothing typed is lost, every wrong answer is told beside its field, another's rows do not exist."""

import io
import threading

import pytest
from django.db import connections
from django.utils import timezone

from core import tenancy
from organizations.models import (
    Contact,
    Evidence,
    Permit,
    RegistrationDraft,
    Representative,
)
from organizations.services import registration as service
from tests.factories.organizations import a_member, an_organization
from tests.factories.registration import (
    begun,
    fill_in,
    fresh,
    in_threads,
    picture,
    step,
    url,
)
from tests.factories.sign_in import signed_in_client

NOW = timezone.now


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(cast):
    return begun("moi-mo")


# -- step by step -------------------------------------------------------------------------------------------------------


def test_each_step_is_stored_and_leads_to_the_next(draft):
    organization, owner, browser = draft

    last = fill_in(browser, organization)

    assert last.url == url("registration_step", organization, "check")
    with owner.active():
        saved = fresh(organization)
        [phone, holder] = Contact.objects.filter(representative=None).order_by("pk")
        person = Representative.objects.select_related("photo").get()
        permit = Permit.objects.select_related("scan").get()
        own_phone = Contact.objects.get(representative=person)
        scans = dict(Evidence.objects.values_list("purpose", "display_name"))
    assert (saved.legal_name, saved.website) == ("Công ty Mới Mở", "https://www.moimo.example")
    assert (phone.normalized, holder.normalized, own_phone.normalized) == ("+84912345678", "CONG TY MOI MO", "+84987654321")
    assert (person.title, permit.number_key, permit.markets, permit.status_id) == (
        "Giám đốc",
        "12ldtbxhgp",
        ["JP"],
        "not_checked",
    )
    assert {person.photo.purpose, permit.scan.purpose} == set(scans) == {"photo", "permit_scan"}


def test_what_is_wrong_is_kept_as_typed_with_the_words_beside_it(draft):
    organization, _owner, browser = draft

    response = step(
        browser, organization, "names", {"legal_name": "Hoa\u200bSen", "latin_name": "Hoa Sen", "registration_number": ""}
    )
    again = browser.get(url("registration_step", organization, "names"))

    assert response.status_code == 200
    assert 'href="#id_registration_number"' in response.text
    assert 'id="id_legal_name_error"' in response.text
    assert "Hoa\u200bSen" in again.text
    assert 'value="Hoa Sen"' in again.text


def test_a_wrong_line_keeps_every_line_and_the_uploaded_file(draft):
    organization, owner, browser = draft
    lines = {
        "lines": 2,
        "1-name": "Trần Văn Bình",
        "1-title": "Giám đốc",
        "1-phones": "12",
        "1-upload": picture("face.png"),
        "2-name": "Lê Thị Hoa",
        "2-title": "",
    }

    response = step(browser, organization, "representatives", lines)
    again = browser.get(url("registration_step", organization, "representatives"))

    assert response.status_code == 200
    for page in (response, again):
        assert "Trần Văn Bình" in page.text
        assert "Lê Thị Hoa" in page.text
        assert "face.png" in page.text
    with owner.active():
        assert Representative.objects.count() == 0
        assert Evidence.objects.count() == 1


def test_adding_and_dropping_a_line_keeps_the_others_as_typed(draft):
    organization, _owner, browser = draft
    typed = {"lines": 2, "1-kind": "phone", "1-value": "wrong", "2-kind": "facebook", "2-value": "haiau"}

    added = step(browser, organization, "contacts", {**typed, "add": "1"})
    page = browser.get(added.url)
    dropped = step(browser, organization, "contacts", {**typed, "lines": 2, "drop": "1"})
    after = browser.get(dropped.url)

    assert added.url.endswith("#line-3")
    assert page.text.count('<fieldset class="line') == 3
    assert 'value="wrong"' in page.text
    assert 'value="wrong"' not in after.text
    assert 'value="haiau"' in after.text


def test_a_line_left_empty_is_no_line(draft):
    organization, owner, browser = draft
    typed = {"lines": 2, "1-kind": "phone", "1-value": "0912345678", "2-kind": "phone", "2-value": " "}

    response = step(browser, organization, "contacts", typed)

    assert response.status_code == 302
    with owner.active():
        assert Contact.objects.count() == 1


def test_saving_twice_changes_nothing(draft):
    organization, owner, browser = draft
    lines = {"lines": 2, "1-name": "A B", "1-title": "Boss", "2-name": "C D", "2-title": "Clerk", "2-phones": "0912345678"}

    for _press in range(3):
        step(browser, organization, "representatives", lines)

    with owner.active():
        assert [person.name for person in Representative.objects.order_by("pk")] == ["A B", "C D"]
        assert Contact.objects.count() == 1


def test_one_phone_stands_once(draft):
    organization, _owner, browser = draft
    step(browser, organization, "contacts", {"lines": 1, "1-kind": "phone", "1-value": "0912345678"})

    twice = {"lines": 2, "1-kind": "phone", "1-value": "0912345678", "2-kind": "phone", "2-value": "+84 912 345 678"}
    same_page = step(browser, organization, "contacts", twice)
    elsewhere = step(
        browser, organization, "representatives", {"lines": 1, "1-name": "A", "1-title": "B", "1-phones": "0912 345 678"}
    )

    assert "Another line says the same" in same_page.text
    assert "stands in your profile already" in elsewhere.text


def test_a_file_of_another_organization_does_not_exist_here(cast, draft):
    organization, _owner, browser = draft
    with cast.rival_owner.active():
        foreign = Evidence.objects.create(
            organization=cast.rival,
            purpose="permit_scan",
            stored_name="a" * 32,
            display_name="secret.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=cast.rival_owner.user,
        )
    line = {"lines": 1, "1-permit_kind": "VN-SERVICE", "1-number": "1"}

    answers = [
        step(browser, organization, "permits", {**line, "1-file": pk}).text.replace(f'name="1-file" value="{pk}"', "")
        for pk in (foreign.pk, 987654321)
    ]

    assert "This file does not exist" in answers[0]
    assert "secret.pdf" not in answers[0]
    assert without_token(answers[0]) == without_token(answers[1])


def without_token(text):
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_row_of_another_organization_is_never_changed_by_its_id(cast, draft):
    organization, owner, browser = draft
    with cast.rival_owner.active():
        foreign = Representative.objects.create(organization=cast.rival, name="Theirs", title="Boss")

    step(browser, organization, "representatives", {"lines": 1, "1-id": foreign.pk, "1-name": "Mine", "1-title": "Boss"})

    with cast.rival_owner.active():
        assert Representative.objects.get().name == "Theirs"
    with owner.active():
        assert Representative.objects.get().name == "Mine"


@pytest.mark.parametrize("lines", ["", "-1", "x", "99999999999", "１"], ids=["none", "negative", "word", "huge", "full width"])
def test_a_broken_count_of_lines_breaks_nothing(draft, lines):
    organization, _owner, browser = draft

    response = step(browser, organization, "contacts", {"lines": lines, "1-value": "0912345678", "drop": "99"})

    assert response.status_code == 302


def test_a_wrong_file_is_refused_beside_its_field(draft):
    organization, _owner, browser = draft
    fake = io.BytesIO(b"MZ not a picture")
    fake.name = "scan.pdf"

    line = {"lines": 1, "1-permit_kind": "VN-SERVICE", "1-number": "12/GP", "1-upload": fake}
    response = step(browser, organization, "permits", line)

    assert response.status_code == 200
    assert 'id="id_1-upload_error"' in response.text
    assert 'value="12/GP"' in response.text


def test_a_viewer_reads_and_does_not_write(cast, draft):
    organization, _owner, _browser = draft
    viewer = signed_in_client(a_member(organization, "viewer"))

    assert viewer.get(url("registration", organization)).status_code == 200
    assert viewer.get(url("registration_step", organization, "names")).status_code == 403
    assert step(viewer, organization, "names", {"legal_name": "X"}).status_code == 403


def test_a_stranger_finds_nothing(cast, draft, client_for):
    organization, _owner, _browser = draft
    rival = client_for(cast.rival_owner)

    there = rival.get(url("registration_step", organization, "names"))
    nowhere = rival.get(url("registration_step", organization, "names").replace(organization.slug, "nobody-here"))

    assert (there.status_code, nowhere.status_code) == (404, 404)


def test_two_people_who_save_one_list_at_once_make_it_once(committed):
    organization = an_organization("hai-nguoi", verified=False)
    members = [a_member(organization, "owner"), a_member(organization, "manager")]
    start = threading.Barrier(2)
    lines = [{"id": None, "name": "Trần Văn Bình", "latin_name": "", "title": "Giám đốc", "phones": [], "file": None}]

    def save(member):
        start.wait()
        with member.active():
            service.save_lines(
                organization=organization, step="representatives", lines=list(lines), actor=member.actor(), now=NOW()
            )
        connections.close_all()

    in_threads(*[lambda member=member: save(member) for member in members])

    with tenancy.activate(None, organization.pk):
        assert Representative.objects.count() == 1
        assert RegistrationDraft.objects.count() == 1
