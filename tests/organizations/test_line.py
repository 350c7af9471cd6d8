"""Lines of a verified profile: each goes to the regulator by itself, comes back by itself, and leaves at once."""

import pytest
from django.utils import timezone

from core import tenancy
from core.policies import Conflict
from organizations.models import (
    Contact,
    Permit,
    Representative,
    ReturnedItem,
    Review,
)
from organizations.services import line
from tests.factories.organizations import a_permit, appoint
from tests.factories.registration import (
    fresh,
    picture,
    send_back,
    the_review,
    url,
)

NOW = timezone.now


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


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


def test_a_line_that_came_back_is_corrected_and_sent_again(cast, client_for):
    appoint(cast.regulator, country="VN")
    browser = client_for(cast.agency_owner)
    browser.post(url("line_add", cast.agency, "contact"), {"kind": "facebook", "value": "fb.com/hoasem"})
    with cast.agency_owner.active():
        row = Contact.objects.get()
    send_back(cast, cast.agency, {f"contact:{row.pk}": "This page belongs to somebody else."})

    profile = browser.get(url("registration", cast.agency))
    form = browser.get(url("line_change", cast.agency, "contact", row.pk))
    browser.post(url("line_change", cast.agency, "contact", row.pk), {"kind": "facebook", "value": "fb.com/hoasen"})

    assert "This page belongs to somebody else." in profile.text
    assert "This page belongs to somebody else." in form.text
    with cast.agency_owner.active():
        assert Contact.objects.get(pk=row.pk).normalized == "hoasen"
        assert not ReturnedItem.objects.filter(mended_at=None).exists()
    assert the_review(cast.agency).state == "open"


def test_an_approved_line_is_not_edited(cast, client_for):
    with cast.agency_owner.active():
        row = Contact.objects.create(
            organization=cast.agency, kind="phone", value="1", normalized="+84900000001", lookup=b"x" * 32, verified_at=NOW()
        )
        change = {"kind": "phone", "value": "2", "normalized": "+84900000002"}
        with pytest.raises(Conflict):
            line.change_line(
                organization=cast.agency, noun="contact", row=row, line=change, actor=cast.agency_owner.actor(), now=NOW()
            )

    assert client_for(cast.agency_owner).get(url("line_change", cast.agency, "contact", row.pk)).status_code == 404


def test_a_permit_number_stands_once_and_new_dates_come_from_the_regulator(cast, client_for):
    a_permit(cast.agency, permit_kind="VN-SERVICE", number="77/GP")

    answer = client_for(cast.agency_owner).post(
        url("line_add", cast.agency, "permit"), {"permit_kind": "VN-SERVICE", "number": "77 / gp", "upload": picture()}
    )

    assert answer.status_code == 200
    assert "stands in your profile already" in answer.text
    assert "scan.png" in answer.text


def test_the_same_line_stored_in_the_meantime_is_a_conflict(cast):
    appoint(cast.regulator, country="VN")
    new = {"kind": "phone", "value": "0901", "normalized": "+84901234567"}
    known = {"organization": cast.agency, "noun": "contact", "actor": cast.agency_owner.actor(), "now": NOW()}

    with cast.agency_owner.active():
        line.add_line(line=new, **known)
        with pytest.raises(Conflict):
            line.add_line(line=new, **known)

        assert Contact.objects.count() == 1


def test_a_checked_permit_stays(cast, client_for):
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", number="77/GP")

    answer = client_for(cast.agency_owner).post(url("line_remove", cast.agency, "permit", permit.pk), {})

    assert answer.status_code == 409
    with cast.agency_owner.active():
        assert Permit.objects.filter(pk=permit.pk).exists()


def test_a_line_of_another_organization_answers_like_none(cast, client_for):
    with cast.rival_owner.active():
        foreign = Representative.objects.create(organization=cast.rival, name="Theirs", title="Boss")
    browser = client_for(cast.agency_owner)

    for name in ("line_change", "line_remove"):
        answers = [browser.get(url(name, cast.agency, "person", pk)) for pk in (foreign.pk, 987654321)]
        assert [answer.status_code for answer in answers] == [404, 404]


def test_an_office_that_checks_others_does_not_check_itself(cast, client_for):
    browser = client_for(cast.regulator_owner)

    assert browser.get(url("line_add", cast.regulator, "contact")).status_code == 403
    assert "Add a representative" not in browser.get(url("registration", cast.regulator)).text


@pytest.mark.parametrize("noun", ["contact", "bank", "person", "permit"])
def test_every_form_of_a_line_opens_and_an_unknown_one_does_not_exist(cast, client_for, noun):
    browser = client_for(cast.agency_owner)

    assert browser.get(url("line_add", cast.agency, noun)).status_code == 200
    assert browser.get(url("line_add", cast.agency, f"{noun}x")).status_code == 404
