"""What reaches the public tables, and what leaves them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from core.events import VERBS, record
from core.models import Outbox
from core.policies import System
from core.tasks import dispatch
from organizations.models.published import PublishedPermit
from recruitment.models import JobOrder, PublishedOpening, PublishedPosting, PublishedVersion
from recruitment.selectors import search
from recruitment.selectors.search import Search
from recruitment.services import publication, search_index
from tests.factories.recruitment_public import a_new_version, an_agency, an_opening, set_state

pytestmark = pytest.mark.django_db


def test_a_published_opening_is_copied_once(agency_and_permit):
    order = an_opening(*agency_and_permit, cost=17_000_000, take_home=100_000)

    publication.sync_job_order(order.pk, now=timezone.now())

    row = PublishedOpening.objects.get(pk=order.pk)
    assert (row.cost_jpy, row.cost_home, row.months, row.cost_band, row.take_home_home) == (100_000, 17_000_000, 1, 1, 17_000_000)
    assert PublishedPosting.objects.count() == PublishedVersion.objects.count() == 1


@pytest.fixture
def agency_and_permit(db):
    return an_agency()


@pytest.mark.parametrize("state", ["paused", "filled", "closed", "withdrawn", "suspended"])
def test_an_opening_that_is_not_published_leaves_the_search_but_keeps_its_answer(agency_and_permit, state):
    order = an_opening(*agency_and_permit)

    set_state(order, state)

    assert not PublishedOpening.objects.exists()
    assert PublishedPosting.objects.get(pk=order.code).state == state


def test_a_draft_never_becomes_public(agency_and_permit):
    agency, permit = agency_and_permit
    with tenancy.activate(None, agency.pk):
        order = JobOrder.objects.create(organization=agency, code="34679ACW", permit=permit)

    assert publication.sync_job_order(order.pk, now=timezone.now()) == ""
    assert not PublishedPosting.objects.exists()


def test_a_new_version_keeps_the_old_one_and_says_when_fees_rose(agency_and_permit):
    order = an_opening(*agency_and_permit, cost=20_000_000)

    version = a_new_version(order, cost=22_000_000)

    row = PublishedOpening.objects.get(pk=order.pk)
    assert row.fee_raised_home == 2_000_000
    assert row.fee_raised_on == version.approved_at.date()
    assert list(PublishedVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert PublishedVersion.objects.get(number=1).document["cost"]["total_home"] == 20_000_000


def test_all_places_filled_leaves_the_search(agency_and_permit):
    order = an_opening(*agency_and_permit, places=2, places_filled=2)

    assert not PublishedOpening.objects.exists()
    assert PublishedPosting.objects.get(pk=order.code).state == "published"
    assert "No places are left." in Client().get(f"/en/jobs/{order}/").content.decode()
    assert "All places of this opening are taken." in Client().get(f"/en/check/?q={order}").content.decode()


def test_a_permit_that_is_not_public_yet_is_tried_again(agency_and_permit):
    agency, permit = agency_and_permit
    order = an_opening(agency, permit)
    with tenancy.publishing():
        copy = PublishedPermit.objects.get(pk=permit.pk)
        PublishedPermit.objects.all().delete()

    with pytest.raises(publication.PermitNotPublished):
        publication.sync_job_order(order.pk, now=timezone.now())
    with tenancy.publishing():
        copy.save(force_insert=True)

    assert publication.sync_pending(now=timezone.now()) == 1
    assert PublishedOpening.objects.filter(pk=order.pk).exists()


def stop(permit) -> None:
    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=permit.pk).update(
            open_until=timezone.now() - timedelta(seconds=1), status_id="suspended"
        )


def test_one_update_of_a_permit_hides_every_opening_everywhere(agency_and_permit):
    agency, permit = agency_and_permit
    order = an_opening(agency, permit)
    client, shown = Client(), str(order)
    for _turn in range(2):  # the second turn comes from kept copies
        assert shown in client.get("/en/jobs/").content.decode()
        assert client.get(f"/en/jobs/{shown}/flyer.pdf").status_code == 200

    stop(permit)

    for address in (
        "/en/jobs/",
        "/en/jobs/?q=seafood",
        "/en/jobs/feed.atom",
        f"/en/jobs/compare/?code={shown}",
        "/sitemap-1.xml",
    ):
        body = client.get(address).content.decode()
        assert f"/jobs/{shown}/" not in body, address
    page = client.get(f"/en/jobs/{shown}/").content.decode()
    assert "Do not pay. The permit of this company does not allow recruiting now." in page
    assert "44,620,000" not in page
    assert client.get(f"/en/jobs/{shown}/flyer.pdf").headers["Location"] == f"/en/jobs/{shown}/"
    assert "Do not pay. This opening is stopped." in client.get(f"/en/check/?q={shown}").content.decode()
    assert search.find(Search(), [], now=timezone.now()).rows == []
    assert search_index.refresh_facets(now=timezone.now()) == 0


def test_the_cube_counts_what_is_visible(agency_and_permit):
    an_opening(*agency_and_permit, cost=0, take_home=150_000)
    an_opening(*agency_and_permit, occupation_id="care-home", field_id="KAIGO")

    search_index.refresh_facets(now=timezone.now())

    from recruitment.models import PublishedFacet

    single = {(row.dimension_a, row.value_a): row.n for row in PublishedFacet.objects.filter(dimension_b="")}
    assert single["all", ""] == 2
    assert single["field", "KAIGO"] == 1
    assert single["zero", "true"] == 1
    assert PublishedFacet.objects.get(dimension_a="field", value_a="FOOD", dimension_b="zero", value_b="true").n == 1


def test_the_public_cannot_write_published_rows(agency_and_permit):
    an_opening(*agency_and_permit)
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError), transaction.atomic():
        PublishedOpening.objects.update(cost_jpy=0)
    with pytest.raises(ProgrammingError), tenancy.activate(None, agency_and_permit[0].pk):
        PublishedOpening.objects.update(cost_jpy=0)


@pytest.mark.parametrize("verb", ["job_order.published", "job_order.closed", "job_order.counted"])
def test_events_of_a_job_order_bring_its_copies_up_to_date(agency_and_permit, verb):
    order = an_opening(*agency_and_permit)
    with tenancy.publishing():
        PublishedOpening.objects.all().delete()

    _happened(VERBS[verb], order)

    assert PublishedOpening.objects.filter(pk=order.pk).exists()


def test_an_approved_version_follows_its_event(agency_and_permit):
    order = an_opening(*agency_and_permit, cost=20_000_000)
    version = a_new_version(order, cost=25_000_000)
    with tenancy.publishing():
        PublishedPosting.objects.update(number=1)

    _happened(VERBS["job_order_version.approved"], version)

    assert PublishedPosting.objects.get(pk=order.code).number == 2


def _happened(verb, subject) -> None:
    """The event and its delivery."""
    with tenancy.activate(None, subject.organization_id):
        event = record(verb, subject=subject, actor=System("test"), now=timezone.now())
    dispatch(event.pk, subject.organization_id)
    assert Outbox.objects.get(pk=event.pk).state == Outbox.DONE
