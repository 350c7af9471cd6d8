"""The regulator's rooms in a browser without script."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core import tenancy
from core.files import clean_upload
from core.models import Event
from organizations.models import Membership, Organization, Permit, Review
from organizations.models.checks import CHECKS
from organizations.services.evidence import store_evidence
from organizations.services.publication import publish_organization
from organizations.services.review import cancel_review
from tests.factories.organizations import a_permit
from tests.organizations.test_review import state_of, submitted


def page(review):
    return f"/en/o/co-quan/reviews/{review.pk}/"


def answers(permit, action, **given):
    ticks = {f"check-{code}": "on" for code in CHECKS["registration"]}
    return {**ticks, f"status-{permit.pk}": "valid", "action": action, **given}


def test_the_queue_shows_what_waits_sorted_by_day(cast, client_for):
    _organization, _owner, _permit, review = submitted()
    with tenancy.activate(None, review.organization_id):
        Review.objects.filter(pk=review.pk).update(due_on=timezone.now().date() - timedelta(days=3))

    html = client_for(cast.officer_one).get("/en/o/co-quan/reviews/").content.decode()

    assert "Late by" in html
    assert page(review) in html


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", True),
        ("?q=DEN", True),
        ("?q=nobody", False),
        ("?type=permit", False),
        ("?type=registration&state=all", True),
        ("?state=decided", False),
        ("?due=late", False),
        ("?due=week", True),
        ("?type=nonsense&after=2026-01-01.x&organization=a", True),
        ("?after=2999-01-01.1", False),
        ("?after=%00", True),
    ],
)
def test_the_filter_stays_in_the_address(cast, client_for, question, found):
    _organization, _owner, _permit, review = submitted()

    response = client_for(cast.officer_one).get(f"/en/o/co-quan/reviews/{question}")

    assert response.status_code == 200
    assert (page(review) in response.content.decode()) == found


def test_a_long_queue_comes_in_pages(cast, client_for, django_assert_max_num_queries):
    reviews = [submitted(f"many-{number}")[3] for number in range(23)]
    browser = client_for(cast.officer_one)

    first = browser.get("/en/o/co-quan/reviews/").content.decode()
    after = f"{reviews[19].due_on}.{reviews[19].pk}"
    second = browser.get(f"/en/o/co-quan/reviews/?after={after}").content.decode()

    shown = [[page(review) in html for review in reviews].count(True) for html in (first, second)]
    assert shown == [20, 3]
    assert f"after={after}" in first


def test_an_officer_with_a_tie_sees_neither_line_nor_page(cast, client_for):
    organization, _owner, _permit, review = submitted()
    with tenancy.activate(None, organization.pk):
        Membership.objects.create(organization=organization, user=cast.officer_one.user, roles=["viewer"])
    browser = client_for(cast.officer_one)

    queue = browser.get("/en/o/co-quan/reviews/").content.decode()

    assert page(review) not in queue
    assert "because you work for that organization yourself" in queue
    assert browser.get(page(review)).status_code == 404


def test_two_officers_approve_on_the_page(cast, client_for):
    organization, _owner, permit, review = submitted()

    for officer in (cast.officer_one, cast.officer_two):
        response = client_for(officer).post(page(review), answers(permit, "approve"))
        assert response.status_code == 302, response.content.decode()

    assert state_of(review) == "approved"
    with tenancy.activate(None, organization.pk):
        assert Organization.objects.get().state == "verified"


def test_a_stale_factor_leads_to_it_and_keeps_the_ticks(cast, client_for):
    _organization, _owner, permit, review = submitted()
    stale = client_for(cast.officer_one, age=400)

    response = stale.post(page(review), answers(permit, "approve"))

    assert response.url == f"{reverse('second_factor')}?next={page(review)}".replace("/vi/", "/en/")
    assert stale.get(page(review)).content.decode().count("checked") >= len(CHECKS["registration"])
    assert state_of(review) == "open"


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, client_for):
    _organization, _owner, permit, review = submitted()

    response = client_for(cast.officer_one).post(
        page(review), {"action": "approve", f"status-{permit.pk}": "valid", "reason-address": "Look at the register"}
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert str(CHECKS["registration"]["name"]) in html
    assert "Look at the register" in html
    assert state_of(review) == "open"


def test_items_go_back_from_the_page(cast, client_for):
    _organization, _owner, permit, review = submitted()

    response = client_for(cast.officer_one).post(page(review), {"action": "return", f"reason-permit:{permit.pk}": "No scan"})

    assert response.status_code == 302
    assert state_of(review) == "returned"


def test_the_same_form_sent_twice_counts_once(cast, client_for):
    _organization, _owner, permit, review = submitted()
    browser = client_for(cast.officer_one)

    codes = [browser.post(page(review), answers(permit, "approve", _once="abc")).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert state_of(review) == "half_approved"


def test_the_first_approval_can_be_taken_back(cast, client_for):
    _organization, _owner, permit, review = submitted()
    browser = client_for(cast.officer_one)
    browser.post(page(review), answers(permit, "approve"))

    browser.post(page(review), {"action": "take_back"})

    assert state_of(review) == "open"


def test_a_decided_review_answers_conflict(cast, client_for):
    _organization, owner, permit, review = submitted()
    with owner.active():
        cancel_review(review=review, actor=owner.actor(), now=timezone.now())

    assert client_for(cast.officer_one).post(page(review), answers(permit, "approve")).status_code == 409


def test_nonsense_is_not_an_action(cast, client_for):
    _organization, _owner, permit, review = submitted()

    assert client_for(cast.officer_one).post(page(review), answers(permit, "explode")).status_code == 404


def test_warnings_are_shown_in_words(cast, client_for):
    _organization, _owner, _permit, review = submitted()
    with tenancy.activate(None, review.organization_id):
        Review.objects.filter(pk=review.pk).update(
            warnings=[{"verdict": "warn", "title": "<script>alert(1)</script>", "text": "x"}]
        )

    html = client_for(cast.officer_one).get(page(review)).content.decode()

    assert "&lt;script&gt;alert(1)" in html


def test_a_scan_is_opened_from_the_review_and_the_look_is_logged(cast, client_for, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    organization, owner, permit, review = submitted()
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(content, "JPEG")
    content.seek(0)
    content.name = "scan.jpg"
    with owner.active():
        scan = store_evidence(
            organization=organization, clean=clean_upload(content), purpose="permit_scan", actor=owner.actor(), now=timezone.now()
        )
        Permit.objects.filter(pk=permit.pk).update(scan=scan)
    browser = client_for(cast.officer_one)
    address = f"{page(review)}files/{scan.pk}/"

    shown = browser.get(page(review)).content.decode()
    opened = browser.get(address)

    assert address in shown
    assert (opened.status_code, opened["Content-Type"]) == (200, "image/jpeg")
    with tenancy.activate(None, review.organization_id):
        assert Event.objects.filter(verb="evidence.viewed", actor=cast.officer_one.user).count() == 1
    assert client_for(cast.rival_owner).get(address).status_code == 404


def test_the_desk_says_what_is_late_and_which_permit_ends(cast, client_for):
    _organization, _owner, _permit, review = submitted()
    with tenancy.activate(None, review.organization_id):
        Review.objects.filter(pk=review.pk).update(due_on=timezone.now().date() - timedelta(days=3))
    a_permit(cast.agency, permit_kind="VN-SERVICE", expires_on=timezone.now().date() + timedelta(days=5))
    publish_organization(cast.agency.pk, now=timezone.now())

    html = client_for(cast.officer_one).get("/en/o/co-quan/").content.decode()

    assert "1 review is late" in html
    assert "Permit ends in" in html
