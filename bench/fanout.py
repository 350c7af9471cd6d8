"""Goal P10: telling one event to 100,000 people, beside no-op Celery tasks with the same settings and a raw Redis list.

    python -m bench fanout [--rows 100000]

One process does the work of the task `notifications.tasks.fan_out`, 500 people a transaction, notices and deliveries in PostgreSQL. The
peer is one Celery worker (`solo`, the product's settings: late acknowledgement, no results) that runs tasks which do nothing. The raw
list (LPUSH and BRPOP one by one) is the floor of what any broker costs.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import redis
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from bench.idle import QUEUE, nothing
from core import events, tenancy
from core.policies import System
from notifications.models import Delivery, Fanout, Notice
from notifications.services import fanout
from organizations.events import permit_status as verbs
from organizations.models import Membership, Organization

GOAL = 0.5
FLAT_KIB = 30_000


def run(rows: int) -> list[dict]:
    """Two lines: the rate against no-op tasks, and how much memory grows from the first tenth to the end."""
    people = min(rows, 100_000)
    office = _crowd(people)
    _tell(office, people // 10)
    before = _resident()
    rate, told, most = _tell(office, people)
    growth = max(most - before, 0)
    tasks, raw = _idle_tasks(20_000), _raw_list(20_000)
    print(f"{told:,} people told at {rate:,.0f}/s; no-op tasks {tasks:,.0f}/s; raw list {raw:,.0f}/s; memory +{growth:,} KiB")
    return [
        {
            "what": f"fan-out to {told:,} people, per second, against no-op Celery tasks",
            "ours": f"{rate:,.0f}",
            "peer": f"{tasks:,.0f} (raw list {raw:,.0f})",
            "ratio": round(rate / tasks, 2),
            "goal": f">= {GOAL}",
            "met": rate / tasks >= GOAL and told == people,
        },
        {
            "what": "memory of the worker while it tells them, growth in KiB over a tenth of them",
            "ours": growth,
            "peer": "",
            "ratio": "",
            "goal": f"<= {FLAT_KIB}",
            "met": growth <= FLAT_KIB,
        },
    ]


def _crowd(people: int) -> Organization:
    """An organization with this many owners, each with an e-mail address."""
    with tenancy.activate(None, 1):
        office = Organization.objects.create(
            pk=1, slug="bench", organization_kind_id="sending_organization", country="VN", legal_name="Bench"
        )
    for first in range(0, people, 5000):
        users = User.objects.bulk_create(
            User(name=f"P{n}", email=f"p{n}@bench.example", language="vi") for n in range(first, min(first + 5000, people))
        )
        EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in users)
        with tenancy.activate(None, office.pk):
            Membership.objects.bulk_create(Membership(organization=office, user=u, roles=["owner"]) for u in users)
    return office


def _tell(office: Organization, people: int) -> tuple[float, int, int]:
    """Tell one event until `people` have heard: people a second, how many notices and deliveries lie there, and the most memory
    after any piece, in KiB."""
    now = timezone.now()
    with tenancy.activate(None, office.pk):
        event = events.record(verbs.EXPIRED, subject=office, actor=System("bench"), now=now)
        (pk,) = fanout.plan(event, now=now)
    began, told, most = time.perf_counter(), 0, 0
    while told < people and (piece := fanout.step(pk, now=timezone.now())):
        told += piece.told
        most = max(most, _resident())
        if piece.is_last:
            break
    took = time.perf_counter() - began
    Fanout.objects.filter(pk=pk).update(state=Fanout.DONE)
    with tenancy.posting():
        notices = Notice.objects.filter(fact__startswith=f"{event.pk}:").count()
        deliveries = Delivery.objects.filter(notice__fact__startswith=f"{event.pk}:").count()
    return told / took, min(told, notices, deliveries), most


def _idle_tasks(number: int) -> float:
    """Tasks a second that one worker does when they do nothing, once it has begun. They lie in the broker before it starts."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    for _ in range(number):
        nothing.apply_async()
    command = [sys.executable, "-m", "celery", "-A", "bench.idle", "worker", "--pool", "solo", "--loglevel", "ERROR", "-Q", QUEUE]
    worker = subprocess.Popen([*command, "--without-gossip", "--without-mingle", "--without-heartbeat"])
    try:
        while client.llen(QUEUE) > number - number // 20:
            if worker.poll() is not None:
                raise RuntimeError("The idle worker did not start.")
            time.sleep(0.01)
        began, first = time.perf_counter(), client.llen(QUEUE)
        while client.llen(QUEUE):
            time.sleep(0.02)
        return first / (time.perf_counter() - began)
    finally:
        worker.terminate()
        worker.wait()


def _raw_list(number: int) -> float:
    """Items a second that are pushed and popped one by one."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    began = time.perf_counter()
    for n in range(number):
        client.lpush("bench:raw", n)
    for _ in range(number):
        client.brpop("bench:raw", timeout=1)
    return number / (time.perf_counter() - began)


def _resident() -> int:
    """The memory this process holds now, in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
