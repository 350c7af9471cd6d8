"""Real processes: worker, clock and broker are killed in the middle of a thousand messages; a broker that never answers."""

import http.client
import os
import subprocess
import sys
import threading
import time

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.utils import timezone

from accounts.models import User
from core import events, tenancy
from core.models import Outbox
from core.policies import System
from core.tasks import sweep
from notifications.channels import transport
from notifications.models import Delivery, Fanout, MailboxMessage, Notice
from notifications.services import fanout
from notifications.tasks.delivery import deliver, sweep_deliveries
from notifications.tasks.fanout import fan_out, sweep_fan_outs
from organizations.events import permit_status as verbs
from organizations.models import Membership
from tests.brokers import a_black_hole, a_broker, a_clock, free_port
from tests.factories.organizations import a_member, a_permit, an_organization
from tests.factories.sign_in import signed_in_client
from tests.workers import PROJECT, a_worker, broker_at, eventually, kill

PEOPLE = 1000


@pytest.fixture
def crowd(committed):
    """An organization with a thousand owners, each with an e-mail address."""
    office = an_organization("hoa-sen")
    users = User.objects.bulk_create(User(name=f"P{n}", email=f"p{n}@test.example", language="vi") for n in range(PEOPLE))
    EmailAddress.objects.bulk_create(EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users)
    with tenancy.activate(None, office.pk):
        Membership.objects.bulk_create(Membership(organization=office, user=user, roles=["owner"]) for user in users)
    return office


def expire_a_permit(office):
    permit = a_permit(office, permit_kind="VN-SERVICE")
    with tenancy.activate(None, office.pk):
        return events.record(verbs.EXPIRED, subject=permit, actor=System("test"), now=timezone.now())


def leases_end() -> None:
    """What some minutes do: what dead workers held may be taken again."""
    now = timezone.now()
    Outbox.objects.filter(state=Outbox.PENDING).update(next_try_at=now)
    Fanout.objects.filter(state=Fanout.WAITING).update(next_try_at=now)
    with tenancy.posting():
        Delivery.objects.filter(state="waiting").update(next_try_at=now)


def caught() -> int:
    return MailboxMessage.objects.count()


def test_killed_in_the_middle_of_a_thousand_messages_each_person_gets_exactly_one(crowd):
    port = free_port()
    where = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    event = expire_a_permit(crowd)

    with a_broker(port) as broker, a_clock(**where) as clock, a_worker(**where) as worker:
        eventually(lambda: caught() > 100)
        kill(worker)
        at_the_first_death = caught()
        leases_end()
        with a_worker(**where) as second:
            eventually(lambda: caught() > at_the_first_death + 200)
            kill(broker)
            kill(clock)
            kill(second)
    at_the_second_death = caught()
    leases_end()
    with a_broker(port), a_clock(**where), a_worker(**where):
        eventually(lambda: caught() >= PEOPLE and _waiting() == 0)

    assert at_the_first_death < at_the_second_death < PEOPLE
    assert caught() == PEOPLE
    assert set(MailboxMessage.objects.values_list("to", flat=True)) == {f"p{n}@test.example" for n in range(PEOPLE)}
    with tenancy.posting():
        assert Notice.objects.filter(fact=f"{event.pk}:permit_expired").count() == Notice.objects.count() == PEOPLE
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def _waiting() -> int:
    with tenancy.posting():
        return Delivery.objects.filter(state="waiting").count()


def test_killed_between_two_pieces_of_a_fan_out_nobody_is_missed_and_nobody_told_twice(crowd):
    port = free_port()
    where = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "CHANNEL_EMAIL": ""}
    expire_a_permit(crowd)

    with a_broker(port), a_clock(**where):
        for told in (1, 501):
            with a_worker(**where) as worker:
                eventually(lambda told=told: _told() >= told)
                kill(worker)
            leases_end()
        with a_worker(**where):
            eventually(lambda: Fanout.objects.filter(state=Fanout.DONE).exists())

    assert _told() == PEOPLE


def _told() -> int:
    with tenancy.posting():
        return Notice.objects.count()


def test_many_workers_at_once_tell_and_send_everything_once(crowd, settings):
    settings.CHANNELS = {"email": "notifications.channels.email.transport.Transport"}
    settings.EMAIL_BACKEND = "notifications.channels.email.mailbox.EmailBackend"
    transport.cache_clear()
    event = expire_a_permit(crowd)
    with tenancy.activate(None, crowd.pk):
        (work,) = fanout.plan(event, now=timezone.now())

    def one_worker() -> None:
        try:
            fan_out(work)
            deliver("email")
        finally:
            connections.close_all()

    with broker_at("memory://"):
        for _time in range(40):
            threads = [threading.Thread(target=one_worker) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if caught() >= PEOPLE:
                break

    assert caught() == PEOPLE == len(set(MailboxMessage.objects.values_list("to", flat=True)))
    with tenancy.posting():
        assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_broker_that_never_answers_holds_nobody_up_and_the_effects_follow(committed):
    office = an_organization("hoa-sen")
    owner, other = a_member(office, "owner"), a_member(office, "viewer")
    with tenancy.activate(None, office.pk):
        membership = Membership.objects.get(user=other.user)
    browser = signed_in_client(owner)

    with a_black_hole() as port, broker_at(f"redis://127.0.0.1:{port}/0"):
        began = time.monotonic()
        answer = browser.post(f"/en/o/hoa-sen/people/{membership.pk}/", {"roles": ["recruiter"]})
        took = time.monotonic() - began
        sweep()
        sweep_fan_outs()
        sweep_deliveries()

    assert answer.status_code == 302
    assert took < 4
    with tenancy.posting():
        assert Notice.objects.get(user=other.user).data == {"roles": ["recruiter"]}


def test_pages_of_a_server_whose_redis_never_answers_still_come(committed):
    with a_black_hole() as hole:
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=PROJECT,
            env={**os.environ, "REDIS_URL": f"redis://127.0.0.1:{hole}/0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            eventually(lambda: _page(port, "/healthz")[0] == 200, seconds=30)
            answers = {path: _page(port, path) for path in ("/vi/", "/vi/jobs/", "/vi/accounts/login/", "/vi/organizations/")}
        finally:
            kill(server)

    assert {path: status for path, (status, _took) in answers.items()} == dict.fromkeys(answers, 200)
    assert max(took for _status, took in answers.values()) < 5


def _page(port: int, path: str) -> tuple[int, float]:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status, time.monotonic() - began
    except OSError:
        return 0, 0.0
    finally:
        connection.close()
