"""Whoever is accused never hears of it: the pure gate with ten thousand worlds, the table, and one story through the database."""

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as some

from core import events, tenancy
from core.events import VERBS, Verb
from core.policies import System
from notifications import routing
from notifications.models import Category, Delivery, Fanout, Notice
from notifications.routing.route import Route
from notifications.routing.shield import CLOSED_AUDIENCES, NobodyLeft, fallback, keep, respondents_of, shielded
from notifications.selectors import audiences
from notifications.services import fanout
from organizations.models import Membership
from tests.factories.organizations import a_member

PEOPLE = some.integers(1, 12)
ORGANIZATIONS = some.integers(101, 106)
WORLD = some.fixed_dictionaries(
    {
        "memberships": some.sets(some.tuples(PEOPLE, ORGANIZATIONS), max_size=20),
        "handlers": some.sets(PEOPLE, max_size=5),
        "complainant": some.none() | PEOPLE,
        "handler_organization": ORGANIZATIONS,
        "respondents": some.sets(ORGANIZATIONS, max_size=3),
        "desk": some.sets(PEOPLE, max_size=3),
    }
)


@given(WORLD)
@settings(max_examples=10_000, deadline=None)
def test_nobody_of_a_respondent_ever_hears_and_somebody_always_does(world):
    accused = {user for user, organization in world["memberships"] if organization in world["respondents"]}
    asked = [(user, world["handler_organization"]) for user in sorted(world["handlers"])]
    asked += [(world["complainant"], None)] if world["complainant"] else []
    desk = [(user, None) for user in sorted(world["desk"])]

    heard = keep(asked, accused=accused, respondents=world["respondents"])
    if not heard:
        try:
            heard = fallback(desk, accused=accused, respondents=world["respondents"])
        except NobodyLeft:
            assert world["desk"] <= accused
            return

    assert heard
    assert not {user for user, _there in heard} & accused
    assert not {there for _user, there in heard} & world["respondents"]
    assert {user for user, _there in heard} <= world["handlers"] | world["desk"] | {world["complainant"]}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"respondents": [3, 4]}, {3, 4}),
        ({"respondents": []}, set()),
        ({}, None),
        ({"respondents": None}, None),
        ({"respondents": "3"}, None),
        ({"respondents": [True]}, None),
        ({"respondents": ["3"]}, None),
    ],
)
def test_an_event_that_does_not_say_who_is_accused_is_told_apart(data, found):
    assert respondents_of(data) == found


@pytest.mark.parametrize("code", ["grievance.filed", "referral.accepted", "allegation.added", "case_note.written"])
def test_relatives_of_a_grievance_are_shielded(code):
    assert shielded(code) is True
    assert shielded("organization.verified") is False


def test_every_row_of_a_shielded_verb_is_discreet_and_asks_a_closed_audience():
    rows = [row for code in routing.verbs() for row in routing.routes_of(code) if shielded(code)]

    assert [row.name for row in rows if not row.discreet or row.audience.__name__ not in CLOSED_AUDIENCES] == []


@pytest.mark.parametrize(
    ("audience", "discreet"),
    [(audiences.owners_and_managers, True), (audiences.complainant, False), (audiences.the_person, True)],
)
def test_a_row_that_breaks_the_shield_is_refused(audience, discreet):
    with pytest.raises(ValueError, match="discreetly"):
        routing.add(Route("grievance.test", "neutral", audience, Category.MESSAGES, discreet=discreet))


@pytest.fixture
def a_verb():
    verb = VERBS.get("grievance.test_filed") or Verb("grievance.test_filed", "{actor} filed something")
    for audience in (audiences.complainant, audiences.assigned_handlers):
        routing.add(Route(verb.code, "neutral", audience, Category.MESSAGES, discreet=True, path="o/{slug}/secret/"))
    yield verb
    routing.remove(verb.code)
    VERBS.pop(verb.code)


def told(organization, verb, **data) -> set[int]:
    """The ids of those who hear of such an event of this organization."""
    now = timezone.now()
    with tenancy.activate(None, organization.pk):
        event = events.record(verb, subject=organization, actor=System("test"), now=now, data=data)
        work = fanout.plan(event, now=now)
    for pk in work:
        assert fanout.claim(pk, now=now)
        fanout.step(pk, now=now)
    with tenancy.posting():
        return set(Notice.objects.filter(fact__startswith=f"{event.pk}:").values_list("user_id", flat=True))


def test_through_the_database_a_handler_who_also_works_for_the_respondent_hears_nothing(cast, a_verb):
    clean, torn = cast.caseworker, a_member(cast.ngo, "caseworker")
    with tenancy.activate(None, cast.agency.pk):
        Membership.objects.create(organization=cast.agency, user=torn.user, roles=["viewer"])

    heard = told(
        cast.ngo,
        a_verb,
        respondents=[cast.agency.pk],
        complainant=cast.worker.user.pk,
        handlers=[clean.user.pk, torn.user.pk, cast.agency_owner.user.pk],
    )

    assert heard == {clean.user.pk, cast.worker.user.pk}


def test_through_the_database_the_desk_hears_when_nobody_else_may(cast, a_verb):
    heard = told(cast.ngo, a_verb, respondents=[cast.agency.pk], complainant=None, handlers=[])

    assert heard == {cast.operator.user.pk}


def test_through_the_database_an_event_without_respondents_reaches_the_desk_only(cast, a_verb):
    heard = told(cast.ngo, a_verb, complainant=cast.worker.user.pk, handlers=[cast.caseworker.user.pk])

    assert heard == {cast.operator.user.pk}


def test_work_that_nobody_may_hear_of_is_shown_to_operators(cast, a_verb):
    cast.operator.user.is_active = False
    cast.operator.user.save()
    now = timezone.now()
    with tenancy.activate(None, cast.ngo.pk):
        event = events.record(
            a_verb, subject=cast.ngo, actor=System("test"), now=now, data={"respondents": [], "complainant": None}
        )
        work = fanout.plan(event, now=now)

    for _try in range(fanout.MOST_TRIES):
        Fanout.objects.update(next_try_at=now)
        assert fanout.claim(work[0], now=now)
        with pytest.raises(NobodyLeft):
            fanout.step(work[0], now=now)
        fanout.failed(work[0], NobodyLeft("x"), now=now)

    assert Fanout.objects.get(pk=work[0]).state == Fanout.DEAD
    with tenancy.posting():
        assert Notice.objects.count() == Delivery.objects.count() == 0
