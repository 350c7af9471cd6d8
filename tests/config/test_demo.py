"""The demo world: the same for the same seed, marked, lawful, whole; and it can be taken away again."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from accounts.models import User
from config.demo import names, people, places
from config.demo.ledger import OPEN, entry
from config.demo.reset import is_empty, remove_demo
from config.demo.rows import code_at
from config.demo.stories import KNOWN_FEES
from config.demo.stream import FIRST_ID, stream
from config.demo.world import NEWS, build
from core import tenancy
from core.models import Event, Outbox
from core.policies import Actor
from notifications.models import Delivery, Fanout, Notice
from organizations.models import Membership, Organization, Permit, PermitKind, PublishedOrganization, Review
from organizations.services import register
from recruitment.models import FeeCharge, JobOrder, PublishedOpening, PublishedPosting, PublishedVersion
from recruitment.selectors.names import reference
from recruitment.services import code as codes
from recruitment.services.fee import LawBook
from recruitment.services.version import OUTSIDE, fingerprint
from tests.database import empty_tables

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
FEW = ("hai-au-xanh", "song-lam", "ben-tre", "bahari", "mihon-suisan")
ONE = ("perlas",)
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
BAD = {"forbidden", "over_ceiling"}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """One world for this file: it takes seconds to make. What a test changes in it, it does to an office of its own."""
    with django_db_blocker.unblock():
        yield build(seed=1, now=NOW, scale=0.25, only=FEW)
        empty_tables()
        connections.close_all()


@pytest.fixture
def world(made, django_db_blocker):
    with django_db_blocker.unblock():
        yield made


def published_hash() -> str:
    """What the public reads, without the ids and moments that a database gives."""
    said = []
    for row in PublishedPosting.objects.order_by("code"):
        said.append(
            [row.code, row.state, row.content_hash, {key: row.document[key] for key in sorted(row.document) if key != "texts"}]
        )
    said += [[row.code, row.number, row.content_hash] for row in PublishedVersion.objects.order_by("code", "number")]
    said += [[row.slug, row.status, row.contacts, row.representatives] for row in PublishedOrganization.objects.order_by("slug")]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def test_another_seed_makes_another_world(db):
    book = LawBook()

    one, two = (entry(77, seed=seed, now=NOW, book=book) for seed in (1, 2))

    assert one.said.fees != two.said.fees
    assert code_at(77, seed=1) != code_at(77, seed=2)


def test_everything_is_marked_and_lawful_and_adds_up(world):
    with tenancy.publishing():
        assert not Organization.reachable.filter(is_demo=False).exists()
        refused = FeeCharge.reachable.filter(legal_verdict__in=BAD).values_list("version__job_order__state", flat=True)
        assert set(refused) <= {"draft", "returned"}
        assert refused
        states = set(JobOrder.reachable.values_list("state", flat=True))
    assert not User.objects.filter(is_demo=False).exists()
    assert not PublishedOrganization.objects.filter(is_demo=False).exists()
    assert not PublishedOpening.objects.filter(is_demo=False).exists()
    assert {"published", "paused", "filled", "draft", "submitted", "returned"} <= states
    for version in PublishedVersion.objects.all():
        document = version.document
        assert fingerprint({key: value for key, value in document.items() if key not in OUTSIDE}) == version.content_hash
        assert not {line["legal"] for line in document["fees"] if line["amount"] != 0} & BAD
        home = document["cost"]["home_currency"]
        own = [line for line in document["fees"] if line["payer"] in ("worker", "family")]
        if all(line["currency"] == home and line["amount"] is not None for line in own):
            assert sum(line["amount"] for line in own) == document["cost"]["total_home"]
    assert not Outbox.objects.filter(state=Outbox.PENDING, next_try_at__lt=NOW - NEWS).exists()


def test_the_known_opening_costs_what_the_pictures_say(world):
    row = PublishedPosting.objects.get(pk=world.known)

    cost = row.document["cost"]
    assert (cost["total_home"], cost["take_home_jpy"], row.number) == (44_620_000, 138_000, 2)
    assert sum(line["amount"] for line in KNOWN_FEES if line["payer"] == "worker") == 44_320_000
    assert row.document["places_left"] == 12
    assert [version.number for version in PublishedVersion.objects.filter(code=row.code).order_by("number")] == [1, 2]


def test_reviews_wait_for_officers_and_stopped_offices_show_nothing(world):
    with tenancy.publishing():
        regulator = Organization.reachable.get(slug="co-quan-mau")
        waiting = Review.reachable.open().filter(organization_id=regulator.pk)
        assert set(waiting.values_list("state", flat=True)) == {Review.State.OPEN, Review.State.HALF_APPROVED}
        stopped = Permit.reachable.get(number="104/MAU-GP")
    assert stopped.status_id == "suspended"
    assert PublishedPosting.objects.filter(permit_id=stopped.pk, state="published").exists()
    assert not PublishedOpening.objects.visible(now=datetime.now(UTC)).filter(permit_id=stopped.pk).exists()


def test_a_register_that_suspends_an_office_takes_its_openings_off(world):
    with tenancy.publishing():
        agency = Organization.reachable.get(slug="song-lam")
        office = Organization.reachable.select_related("organization_kind").get(slug="co-quan-mau")
        members = list(Membership.reachable.filter(organization=office, roles=["officer"]).values_list("user", flat=True))
    officer = User.objects.get(pk=members[0])
    now = datetime.now(UTC)
    actor = Actor(user=officer, organization=office, roles=frozenset(["officer"]), verified_at=now, factor="totp:1")
    before = PublishedOpening.objects.visible(now=now).filter(organization_id=agency.pk).count()

    with tenancy.activate(officer.pk, office.pk):
        received = register.receive_register(
            permit_kind=PermitKind.objects.get(pk="VN-SERVICE"),
            file_name="permit-register-suspension.csv",
            content=(EXAMPLES / "permit-register-suspension.csv").read_bytes(),
            actor=actor,
            now=now,
        )
        assert (received.report.get("errors"), received.report["counts"]["permits"]) == (None, 1)
        register.confirm_register(register_import=received, actor=actor, now=now)

    later = datetime.now(UTC) + timedelta(seconds=1)
    assert before > 0
    assert PublishedOpening.objects.visible(now=later).filter(organization_id=agency.pk).count() == 0
    assert PublishedOrganization.objects.get(pk=agency.pk).status == "suspended"


def test_streamed_rows_carry_the_fingerprint_of_what_they_say(world):
    sent = stream(range(5_000, 5_400), seed=1, now=NOW, book=LawBook(), moulds=60)

    rows = PublishedPosting.objects.filter(job_order_id__gte=FIRST_ID)
    assert (rows.count(), sent["rows"]) == (400, 400)
    for row in rows:
        assert fingerprint({key: value for key, value in row.document.items() if key not in OUTSIDE}) == row.content_hash
        assert (row.document["code"], row.document["hash"]) == (row.code, row.content_hash)
        assert not {line["legal"] for line in row.document["fees"] if line["amount"] != 0} & BAD
    narrow = PublishedOpening.objects.filter(job_order_id__gte=FIRST_ID)
    assert narrow.count() == 400
    assert not narrow.filter(search=None).exists()


def test_three_hundred_openings_meet_every_field_and_prefecture(db):
    book = LawBook()

    entries = [entry(number, seed=1, now=NOW, book=book) for number in range(300)]

    live = [made for made in entries if made.fate in OPEN]
    assert {made.said.values["field"] for made in live} - {""} == {row.pk for row in reference().fields.values()}
    assert {made.said.values["prefecture"] for made in live} == set(places.PREFECTURES) == set(reference().prefectures)
    assert {made.said.origin for made in entries} == {"VN", "ID", "PH"}
    assert any(made.rows.version.total_jpy == 0 for made in live)
    assert any(made.rows.version.total_at_least for made in live)
    assert any(made.said.values["route"] == "independent" for made in live)
    assert len({code_at(number, seed=1) for number in range(5_000)}) == 5_000
    assert all(codes.is_code(code_at(number, seed=1)) for number in range(50))


def test_offices_cover_every_permit_status():
    claims = [claim for office in names.SENDERS for claim in office.claims]

    assert {claim.status for claim in claims} == {"valid", "expired", "suspended", "suspended_market", "surrendered", "revoked"}
    assert len(names.SENDERS) >= 12
    assert {office.stage for office in names.UNDER_WAY} == {"draft", "submitted", "half", "returned"}
    assert len({office.country for office in names.SENDERS}) == 3
    assert all(len(office.people) - 1 >= 3 for office in names.REGULATORS)


def test_phone_numbers_belong_to_nobody():
    for country in names.CALLING:
        for number in (1, 421, 9001):
            parsed = phonenumbers.parse(names.phone(country, number))
            assert phonenumbers.is_possible_number(parsed)
            assert not phonenumbers.is_valid_number(parsed)


def test_accounts_and_codes_are_printed(world, capsys):
    call_command("demo", accounts=True)
    call_command("demo", code="officer@co-quan-mau.example")
    printed = capsys.readouterr().out

    assert "owner@hai-au-xanh.example" in printed
    assert people.PASSWORD in printed
    assert User.objects.get(email="owner@hai-au-xanh.example").check_password(people.PASSWORD)
    with pytest.raises(CommandError):
        call_command("demo", code="nobody@nowhere.example")


def test_the_command_refuses_in_production(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo")


def test_with_a_world_there_if_empty_does_nothing(world, monkeypatch):
    monkeypatch.setattr("config.management.commands.demo.build", lambda **kwargs: pytest.fail("built again"))

    call_command("demo", if_empty=True)

    assert PublishedPosting.objects.filter(pk=world.known).exists()


def test_where_messages_really_leave_nobody_hears_of_the_demo_world(made, committed, settings):
    settings.MAILBOX = False
    remove_demo()

    build(seed=7, now=NOW, scale=0.16, only=ONE)

    assert not Outbox.objects.filter(state=Outbox.PENDING).exists()


def tell_everybody(organizations, *, people) -> None:
    """A notice about a demo organization in each inbox."""
    with tenancy.publishing():
        organization_id = organizations.reachable.first().pk
    with tenancy.posting():
        for user in people:
            notice = Notice.objects.create(
                user=user, organization_id=organization_id, fact="told", kind="review_opened", category="review", at=NOW
            )
            Delivery.objects.create(user=user, notice=notice, channel="email", next_try_at=NOW)
    Fanout.objects.create(event_id=1, route="told", organization_id=organization_id, next_try_at=NOW)


def test_the_same_seed_makes_the_same_world_and_nothing_of_it_stays(made, committed):
    remove_demo()
    build(seed=7, now=NOW, scale=0.16, only=ONE)
    first = published_hash()
    tell_everybody(Organization, people=User.objects.filter(is_demo=True))

    removed = remove_demo()

    assert removed == len(names.REGULATORS) + len(ONE)
    assert is_empty()
    for model in (User, PublishedOrganization, PublishedPosting, PublishedOpening, PublishedVersion, Fanout):
        assert model.objects.count() == 0
    with tenancy.posting():
        assert Notice.objects.count() == Delivery.objects.count() == 0
    with tenancy.publishing():
        assert Organization.reachable.count() == Event.objects.count() == 0
    build(seed=7, now=NOW, scale=0.16, only=ONE)
    assert published_hash() == first
