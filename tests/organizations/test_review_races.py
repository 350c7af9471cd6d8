"""Two people, or one in two windows, at the same moment: one decision."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from organizations.models import (
    PublishedOrganization,
)
from organizations.services import review as service
from tests.factories.organizations import a_member, an_organization, appoint
from tests.factories.reviews import approve, state_of, submitted, ticked

NOW = timezone.now


def race(*actions):
    """Run the actions at the same moment, each on a connection of its own; what each returned or raised."""
    start, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(index, action):
        try:
            start.wait(timeout=10)
            results[index] = action()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def office(committed):
    regulator = an_organization("co-quan-race", kind="regulator")
    appoint(regulator, country="VN", permit_kind="VN-SERVICE")
    return [a_member(regulator, "officer") for _ in range(2)]


def test_one_person_in_two_windows_approves_once(office):
    _organization, _owner, permit, review = submitted("race-one")

    results = race(*[lambda: approve(office[0], review, ticked(permit))] * 2)

    assert sorted(type(result).__name__ for result in results) == ["Refused", "Review"]
    assert state_of(review) == "half_approved"


def test_two_people_at_once_are_two_approvals_and_one_publication(office):
    organization, _owner, permit, review = submitted("race-two")

    results = race(*[lambda member=member: approve(member, review, ticked(permit)) for member in office])

    assert [type(result).__name__ for result in results] == ["Review", "Review"]
    assert sorted(result.state for result in results) == ["approved", "half_approved"]
    assert PublishedOrganization.objects.filter(pk=organization.pk).count() == 1


def test_approving_and_sending_back_at_once_has_one_winner(office):
    _organization, _owner, permit, review = submitted("race-three")
    approve(office[0], review, ticked(permit))

    def send_back():
        with office[0].active():
            return service.return_items(review=review, items={"address": "Not the same."}, actor=office[0].actor(), now=NOW())

    results = race(lambda: approve(office[1], review, ticked(permit)), send_back)

    names = sorted(type(result).__name__ for result in results)
    assert names == ["Conflict", "Review"]
    assert state_of(review) in ("approved", "returned")
