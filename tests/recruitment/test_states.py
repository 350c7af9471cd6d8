"""Every state × every transition of openings and their versions has an answer, and PostgreSQL gives the same one."""

import itertools

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.policies import Conflict, Refused, System
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.code import random_code
from recruitment.states import JOB_ORDER, VERSION

OFFICERS = {"return", "approve", "replace", "suspend", "lift"}
JOB_ORDER_CASES = list(itertools.product(JobOrder.State.values, JOB_ORDER.transitions))
VERSION_CASES = list(itertools.product(JobOrderVersion.State.values, VERSION.transitions))


def an_opening(cast, state="draft") -> JobOrder:
    return JobOrder.objects.create(
        organization=cast.agency, code=random_code(), state=state, published_at=timezone.now(), created_by=cast.agency_owner.user
    )


def a_version(cast, state) -> JobOrderVersion:
    return JobOrderVersion.objects.create(organization=cast.agency, job_order=an_opening(cast), number=1, state=state)


def who(cast, name):
    return cast.officer_one if name in OFFICERS else cast.agency_owner


def answer(workflow, thing, name, actor):
    try:
        with transaction.atomic():
            return workflow.perform(thing, name, actor=actor, now=timezone.now()).state
    except Conflict:
        return "conflict"


@pytest.mark.parametrize(("state", "name"), JOB_ORDER_CASES)
def test_openings_move_as_the_table_says(cast, state, name):
    transition = JOB_ORDER.transitions[name]

    with cast.agency_owner.active():
        found = answer(JOB_ORDER, an_opening(cast, state), name, who(cast, name).actor())

    assert found == (transition.target if state in transition.sources else "conflict")


@pytest.mark.parametrize(("state", "name"), VERSION_CASES)
def test_versions_move_as_the_table_says(cast, state, name):
    transition = VERSION.transitions[name]

    with cast.agency_owner.active():
        found = answer(VERSION, a_version(cast, state), name, who(cast, name).actor())

    assert found == (transition.target if state in transition.sources else "conflict")


@pytest.mark.parametrize("name", JOB_ORDER.transitions)
def test_nobody_else_moves_an_opening(cast, name):
    transition = JOB_ORDER.transitions[name]
    strangers = [cast.agency_viewer, cast.rival_owner, cast.caseworker, cast.worker]
    strangers += [cast.agency_owner] if name in OFFICERS else []

    with cast.agency_owner.active():
        for member in strangers:
            opening = an_opening(cast, min(transition.sources))
            with pytest.raises(Refused):
                JOB_ORDER.perform(opening, name, actor=member.actor(), now=timezone.now())


def test_the_machine_may_suspend_and_nothing_else(cast):
    with cast.agency_owner.active():
        assert answer(JOB_ORDER, an_opening(cast, "published"), "suspend", System("permit expiry")) == "suspended"
        with pytest.raises(Refused):
            JOB_ORDER.perform(an_opening(cast, "published"), "pause", actor=System("permit expiry"), now=timezone.now())


def test_postgresql_refuses_what_the_table_does_not_hold(cast):
    allowed = {(s, t.target) for t in JOB_ORDER.transitions.values() for s in t.sources}
    refused = set()
    with cast.agency_owner.active():
        for before, after in itertools.permutations(JobOrder.State.values, 2):
            opening = an_opening(cast, before)
            try:
                with transaction.atomic():
                    JobOrder.objects.filter(pk=opening.pk).update(state=after)
            except IntegrityError:
                refused.add((before, after))

    assert refused == set(itertools.permutations(JobOrder.State.values, 2)) - allowed


def test_the_drawing_is_not_stale():
    try:
        call_command("draw_states", check=True)
    except CommandError as error:
        pytest.fail(str(error))
