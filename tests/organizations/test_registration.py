"""Beginning, sending and correcting: only what came back is changed, a repeated press makes one record."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from core import tenancy
from core.policies import Conflict, Refused
from organizations.models import (
    Contact,
    Evidence,
    Membership,
    OrganizationKind,
    Permit,
    Representative,
    ReturnedItem,
    Review,
)
from organizations.services import registration as service
from tests.factories.organizations import a_member, an_organization, appoint, publish
from tests.factories.registration import (
    begun,
    events_of,
    fill_in,
    fresh,
    in_threads,
    picture,
    send,
    send_back,
    step,
    the_review,
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


def test_the_phone_of_a_representative_is_corrected_with_the_representative(cast, draft):
    organization, owner, browser = draft
    fill_in(browser, organization)
    send(browser, organization)
    with owner.active():
        person = Representative.objects.get()
        phone = Contact.objects.get(representative=person)
    send_back(cast, organization, {f"contact:{phone.pk}": "Nobody answers at this number."})

    page = browser.get(url("registration_step", organization, "representatives"))
    answers = {"lines": 1, "1-id": person.pk, "1-name": person.name, "1-title": person.title, "1-phones": "0900111222"}
    step(browser, organization, "representatives", {**answers, "1-file": person.photo_id})
    sent = send(browser, organization)

    assert "Nobody answers at this number." in page.text
    assert 'value="0987654321"' in page.text
    assert sent.status_code == 302
    with owner.active():
        assert [row.normalized for row in Contact.objects.filter(representative=person)] == ["+84900111222"]


def test_a_bank_account_holder_that_came_back_may_be_removed(cast, draft):
    organization, owner, browser = draft
    fill_in(browser, organization)
    send(browser, organization)
    with owner.active():
        holder = Contact.objects.get(kind="bank_holder")
    send_back(cast, organization, {f"contact:{holder.pk}": "This is a private account."})

    shown = browser.get(url("registration_step", organization, "bank"))
    step(browser, organization, "bank", {"lines": 0})
    sent = send(browser, organization)

    assert "This is a private account." in shown.text
    assert sent.status_code == 302
    with owner.active():
        assert not Contact.objects.filter(kind="bank_holder").exists()


def test_a_registration_is_given_up_by_an_owner_only(cast, draft):
    organization, _owner, browser = draft
    manager = a_member(organization, "manager")

    with manager.active(), pytest.raises(Refused):
        service.close_organization(organization=organization, actor=manager.actor(), now=NOW())
    answer = browser.post(url("registration_close", organization), {})

    assert answer.status_code == 302
    assert fresh(organization).state == "closed"
    assert browser.get(url("registration", organization)).status_code == 200


def test_ten_presses_of_one_form_at_once_begin_one_organization(committed):
    person = a_member(None)
    places = []

    def press():
        places.append(signed_in_client(person).post("/vi/register/", start_answers()).url)
        connections.close_all()

    in_threads(*[press] * 10)

    assert len(set(places)) == 1
    with person.active():
        assert Membership.reachable.filter(user=person.user).count() == 1


def test_two_who_send_at_once_open_one_review(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appoint(an_organization("co-quan-hai", kind="regulator"), country="VN", permit_kind="VN-SERVICE")
    organization = an_organization("gui-hai-lan", verified=False)
    members = [a_member(organization, "owner"), a_member(organization, "manager")]
    fill_in(signed_in_client(members[0]), organization)

    def press(member):
        send(signed_in_client(member), organization)
        connections.close_all()

    in_threads(*[lambda member=member: press(member) for member in members])

    assert fresh(organization).state == "submitted"
    with tenancy.publishing():
        assert Review.reachable.filter(subject_organization_id=organization.pk).count() == 1
