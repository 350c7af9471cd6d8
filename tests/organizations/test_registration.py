"""Registration: nothing typed is lost, only what came back is changed, a repeated press makes one record."""

import io
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused
from organizations.models import (
    Contact,
    Evidence,
    Membership,
    Organization,
    OrganizationKind,
    Permit,
    RegistrationDraft,
    Representative,
    ReturnedItem,
    Review,
)
from organizations.services import registration as service
from organizations.services.review import return_items
from tests.factories.organizations import a_member, an_organization, appoint, publish
from tests.factories.sign_in import signed_in_client

NOW = timezone.now


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="scan.png"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    content.seek(0)
    content.name = name
    return content


def url(name, organization, *rest):
    with override("en"):
        return reverse(f"organizations:{name}", args=[organization.slug, *rest])


@pytest.fixture
def draft(cast):
    """A registration that has just begun, its owner and the owner's browser."""
    organization = an_organization("moi-mo", verified=False)
    owner = a_member(organization, "owner")
    return organization, owner, signed_in_client(owner)


def fresh(organization):
    with tenancy.activate(None, organization.pk):
        return Organization.objects.get(pk=organization.pk)


def step(browser, organization, name, data, **extra):
    return browser.post(url("registration_step", organization, name), data, **extra)


def fill_in(browser, organization):
    """Every step with honest answers; returns the last response."""
    names = {"legal_name": "Công ty Mới Mở", "latin_name": "Moi Mo", "registration_number": "0101234567"}
    step(browser, organization, "names", names)
    step(browser, organization, "office", {"address": "1 Phố Mẫu, Hà Nội", "website": "www.moimo.example"})
    step(browser, organization, "contacts", {"lines": 1, "1-kind": "phone", "1-value": "0912 345 678", "1-label": "Lễ tân"})
    step(browser, organization, "bank", {"lines": 1, "1-value": "Công ty Mới Mở", "1-label": "Ngân hàng Mẫu"})
    person = {
        "lines": 1,
        "1-name": "Trần Văn Bình",
        "1-title": "Giám đốc",
        "1-phones": "0987654321",
        "1-upload": picture("face.png"),
    }
    step(browser, organization, "representatives", person)
    permit = {"lines": 1, "1-permit_kind": "VN-SERVICE", "1-number": "12/LĐTBXH-GP", "1-expires_on": "2028-01-31"}
    return step(browser, organization, "permits", {**permit, "1-markets": ["JP"], "1-upload": picture("permit.png")})


def send(browser, organization):
    return step(browser, organization, "check", {"true": "on"})


def send_back(cast, organization, items):
    review = the_review(organization)
    with cast.officer_one.active():
        return_items(review=review, items=items, actor=cast.officer_one.actor(), now=NOW())


def the_review(organization):
    with tenancy.publishing():
        return Review.reachable.filter(subject_organization_id=organization.pk).latest("pk")


def events_of(organization):
    with tenancy.activate(None, organization.pk):
        return list(Event.objects.filter(organization_id=organization.pk).order_by("pk").values_list("verb", flat=True))


# -- beginning ----------------------------------------------------------------------------------------------------------


def start_answers(**changed):
    return {
        "organization_kind": "sending_organization",
        "country": "VN",
        "legal_name": "Công ty Sao Mai",
        "_once": "t" * 24,
    } | changed


def test_anybody_signed_in_begins_and_is_the_owner(cast, client_for):
    browser = client_for(cast.worker)

    response = browser.post("/vi/register/", start_answers())

    assert response.status_code == 302
    assert response.url == "/vi/o/cong-ty-sao-mai/registration/names/"
    with cast.worker.active():
        [membership] = Membership.reachable.select_related("organization").filter(user=cast.worker.user)
    assert (membership.roles, membership.organization.state) == (["owner"], "draft")
    assert events_of(membership.organization) == ["organization.registered", "membership.started"]


def test_beginning_twice_with_one_form_makes_one_organization(cast, client_for):
    browser = client_for(cast.worker)

    places = {browser.post("/vi/register/", start_answers()).url for _press in range(3)}

    assert len(places) == 1
    with cast.worker.active():
        assert Membership.reachable.filter(user=cast.worker.user).count() == 1


def test_two_organizations_of_one_name_get_two_addresses(cast, client_for):
    browser = client_for(cast.worker)

    first = browser.post("/vi/register/", start_answers()).url
    second = browser.post("/vi/register/", start_answers(_once="u" * 24)).url

    assert first != second
    assert second.startswith("/vi/o/cong-ty-sao-mai-")


def test_a_name_without_latin_letters_gets_an_address_too(cast, client_for):
    place = client_for(cast.worker).post("/ja/register/", start_answers(legal_name="株式会社ヒカリ", country="JP")).url

    assert place.startswith("/ja/o/jp-")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"organization_kind": "regulator"}, "organization_kind"),
        ({"country": "XX"}, "country"),
        ({"legal_name": "a\u202eb"}, "legal_name"),
    ],
)
def test_a_wrong_answer_makes_nothing_and_is_kept(cast, client_for, changed, field):
    response = client_for(cast.worker).post("/en/register/", start_answers(**changed))

    assert response.status_code == 200
    assert f'id="id_{field}' in response.text
    assert "Error:" in response.text
    with cast.worker.active():
        assert not Membership.reachable.filter(user=cast.worker.user).exists()


def test_nobody_registers_a_regulator_through_the_service(cast):
    regulator = OrganizationKind.objects.get(pk="regulator")

    with cast.worker.active(), pytest.raises(ValidationError):
        service.start_registration(
            organization_kind=regulator, country="VN", legal_name="X", language="vi", actor=cast.worker.actor(), now=NOW()
        )


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


# -- sending ------------------------------------------------------------------------------------------------------------


def test_an_incomplete_registration_is_not_sent_and_says_what_is_missing(draft):
    organization, _owner, browser = draft

    page = browser.get(url("registration_step", organization, "check"))
    send(browser, organization)

    for words in ("Write the address", "Add at least one phone", "Add at least one representative", "Add at least one permit"):
        assert words in page.text
    assert fresh(organization).state == "draft"


def test_a_step_that_is_still_wrong_keeps_the_registration_from_being_sent(draft):
    organization, _owner, browser = draft
    fill_in(browser, organization)
    step(browser, organization, "contacts", {"lines": 1, "1-kind": "phone", "1-value": "nonsense"})

    send(browser, organization)

    assert fresh(organization).state == "draft"


def test_a_complete_registration_is_sent_once_however_often_the_button_is_pressed(cast, draft):
    organization, owner, browser = draft
    fill_in(browser, organization)

    answers = [send(browser, organization) for _press in range(3)]

    assert {answer.url for answer in answers} == {url("registration", organization)}
    saved = fresh(organization)
    assert (saved.state, saved.submitted_by_id) == ("submitted", owner.user.pk)
    with tenancy.publishing():
        [review] = Review.reachable.filter(subject_organization_id=organization.pk)
    assert (review.organization_id, review.warnings) == (cast.regulator.pk, [])


def test_what_was_sent_is_locked(draft):
    organization, owner, browser = draft
    fill_in(browser, organization)
    send(browser, organization)

    page = browser.get(url("registration_step", organization, "names"))
    step(browser, organization, "names", {"legal_name": "Other", "registration_number": "9"})

    assert page.url == url("registration", organization)
    assert fresh(organization).legal_name == "Công ty Mới Mở"
    with owner.active(), pytest.raises(Conflict):
        service.save_fields(organization=organization, step="names", fields={}, actor=owner.actor(), now=NOW())


def test_without_an_office_the_answers_are_kept(cast):
    organization = an_organization("nepal-mau", verified=False, country="NP")
    owner = a_member(organization, "owner")
    browser = signed_in_client(owner)

    page = browser.get(url("registration_step", organization, "check"))

    assert "No office checks organizations of your kind here yet" in page.text


def test_a_look_alike_name_is_a_warning_for_the_reviewer_and_names_nobody(cast, draft):
    organization, _owner, browser = draft
    publish(an_organization("vietnam-labour", legal_name="Vietnam Labour"))
    fill_in(browser, organization)
    step(browser, organization, "names", {"legal_name": "Vіetnam Labour", "latin_name": "X", "registration_number": "1"})

    answer = send(browser, organization)
    page = browser.get(answer.url)

    review = the_review(organization)
    assert [warning["code"] for warning in review.warnings] == ["confusable_name"]
    assert "vietnam-labour" not in str(review.warnings)
    assert "looks like" not in page.text
    assert fresh(organization).needs_name_review


# -- what came back -----------------------------------------------------------------------------------------------------


@pytest.fixture
def returned(cast, draft):
    """A registration that came back with the address and the permit."""
    organization, owner, browser = draft
    fill_in(browser, organization)
    send(browser, organization)
    with owner.active():
        permit = Permit.objects.get()
    send_back(
        cast, organization, {"address": "This is not the address of the register.", f"permit:{permit.pk}": "The scan is cut."}
    )
    return organization, owner, browser, permit


def test_only_what_came_back_is_asked_again_with_its_reason(returned):
    organization, _owner, browser, _permit = returned

    overview = browser.get(url("registration", organization))
    address = browser.get(url("registration_step", organization, "office"))

    assert "The scan is cut." in overview.text
    assert "This is not the address of the register." in address.text
    assert 'name="address"' in address.text
    assert 'name="website"' not in address.text
    assert browser.get(url("registration_step", organization, "names")).status_code == 404
    assert "Why it came back" in browser.get(url("registration_step", organization, "permits")).text


def test_other_fields_of_a_returned_step_cannot_be_changed(returned):
    organization, _owner, browser, _permit = returned

    step(browser, organization, "office", {"address": "2 Phố Mẫu", "website": "https://other.example"})

    saved = fresh(organization)
    assert (saved.address, saved.website) == ("2 Phố Mẫu", "https://www.moimo.example")


def test_it_is_sent_again_when_everything_is_corrected_and_not_before(cast, returned):
    organization, owner, browser, permit = returned
    step(browser, organization, "office", {"address": "2 Phố Mẫu"})

    too_early = send(browser, organization)
    line = {"lines": 1, "1-id": permit.pk, "1-permit_kind": "VN-SERVICE", "1-number": "12/LĐTBXH-GP", "1-file": permit.scan_id}
    step(browser, organization, "permits", {**line, "1-upload": picture("whole.png")})
    sent = send(browser, organization)

    assert too_early.status_code == 200
    assert sent.status_code == 302
    assert fresh(organization).state == "submitted"
    with owner.active():
        changed = Permit.objects.get()
        assert not ReturnedItem.objects.filter(mended_at=None).exists()
        assert [kept.pk for kept in Evidence.objects.filter(purpose="permit_scan")] == [changed.scan_id]
    assert changed.pk == permit.pk
    assert changed.scan_id != permit.scan_id
    assert the_review(organization).state == "open"
    assert events_of(organization).count("organization.item_mended") == 2


def test_lines_that_did_not_come_back_stay_untouched(cast, draft):
    organization, owner, browser = draft
    fill_in(browser, organization)
    two = {"lines": 2, "1-kind": "phone", "1-value": "0912345678", "2-kind": "facebook", "2-value": "haiau"}
    step(browser, organization, "contacts", two)
    send(browser, organization)
    with owner.active():
        page = Contact.objects.get(kind="facebook")
    send_back(cast, organization, {f"contact:{page.pk}": "This page is not yours."})

    shown = browser.get(url("registration_step", organization, "contacts"))
    step(browser, organization, "contacts", {"lines": 0})

    assert "haiau" in shown.text
    assert "0912345678" not in shown.text
    with owner.active():
        assert [row.kind for row in Contact.objects.filter(representative=None).order_by("pk")] == ["phone", "bank_holder"]


def test_a_registration_is_given_up_by_an_owner_only(cast, draft):
    organization, _owner, browser = draft
    manager = a_member(organization, "manager")

    with manager.active(), pytest.raises(Refused):
        service.close_organization(organization=organization, actor=manager.actor(), now=NOW())
    answer = browser.post(url("registration_close", organization), {})

    assert answer.status_code == 302
    assert fresh(organization).state == "closed"
    assert browser.get(url("registration", organization)).status_code == 200


# -- after verification -------------------------------------------------------------------------------------------------


def test_a_new_line_of_a_verified_organization_is_reviewed_by_itself(cast, client_for):
    appoint(cast.regulator, country="VN")
    browser = client_for(cast.agency_owner)

    line = {"kind": "phone", "value": "0901234567", "_once": "k" * 24}
    answers = [browser.post(url("line_add", cast.agency, "contact"), line) for _press in range(2)]

    assert {answer.url for answer in answers} == {url("registration", cast.agency)}
    with cast.agency_owner.active():
        contact = Contact.objects.get()
    assert contact.verified_at is None
    with tenancy.publishing():
        [review] = Review.reachable.filter(subject_organization_id=cast.agency.pk)
    assert (review.subject_type, review.subject_id, review.title) == ("contact", contact.pk, "0901234567")
    assert fresh(cast.agency).state == "verified"


@pytest.mark.parametrize(
    ("noun", "line", "model"),
    [
        ("person", {"name": "Phạm Thị Mai", "title": "Tuyển dụng", "phones": "0901234567"}, Representative),
        ("permit", {"permit_kind": "VN-SERVICE", "number": "77/GP", "upload": picture()}, Permit),
        ("bank", {"value": "Công ty Hoa Sen"}, Contact),
    ],
)
def test_every_kind_of_line_may_be_added_later_and_removed(cast, client_for, noun, line, model):
    appoint(cast.regulator, country="VN")
    browser = client_for(cast.agency_owner)

    added = browser.post(url("line_add", cast.agency, noun), line)
    with cast.agency_owner.active():
        row = model.objects.latest("pk")
    removed = browser.post(url("line_remove", cast.agency, noun, row.pk), {})

    assert (added.status_code, removed.status_code) == (302, 302)
    with cast.agency_owner.active():
        assert not model.objects.exists()
    assert the_review(cast.agency).state == "cancelled"


def test_a_line_of_another_organization_answers_like_none(cast, client_for):
    with cast.rival_owner.active():
        foreign = Representative.objects.create(organization=cast.rival, name="Theirs", title="Boss")
    browser = client_for(cast.agency_owner)

    for name in ("line_change", "line_remove"):
        answers = [browser.get(url(name, cast.agency, "person", pk)) for pk in (foreign.pk, 987654321)]
        assert [answer.status_code for answer in answers] == [404, 404]


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

    threads = [threading.Thread(target=save, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with tenancy.activate(None, organization.pk):
        assert Representative.objects.count() == 1
        assert RegistrationDraft.objects.count() == 1
