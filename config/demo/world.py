"""The order in which the demo world is made."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from config.demo import stories
from config.demo.ledger import Ledger
from config.demo.offices import Offices
from config.demo.people import Crowd
from config.demo.rows import code_at
from config.demo.stories import Stories
from config.demo.stream import stream
from core import events, tenancy
from core.models import Outbox
from recruitment.services.fee import LawBook
from recruitment.services.search_index import refresh_facets
from reports.services.release import publish_figures

OPENINGS = 300
FIRST_BULK = len(stories.PLOTS)
NEWS = timedelta(days=4)


@dataclass
class Made:
    """What was made. `known` is the code of the opening of the design's pictures."""

    openings: int
    known: str
    seconds: float


def build(
    *, seed: int, now: datetime, scale: float = 1, only: Collection[str] = (), say: Callable[[str], None] = lambda text: None
) -> Made:
    """Make the world into an empty place: everything by services at any scale, 300 openings at 1, more by COPY.

    `only`: keys of the offices to make (all of them when empty). Below 1 fewer openings are written in bulk; what walked the whole way stays. One transaction up to 300: a world that could not
    be finished leaves nothing behind.
    """
    began = time.monotonic()
    with _quiet(now), transaction.atomic():
        book = LawBook()
        crowd = Crowd(seed)
        offices = Offices(crowd=crowd, now=now, only=only)
        offices.build()
        crowd.workers(now)
        say(f"{len(offices.members)} organizations after {time.monotonic() - began:.1f} s")
        Stories(offices, seed=seed, now=now, book=book).build()
        say(f"{FIRST_BULK} openings by the services after {time.monotonic() - began:.1f} s")
        last = max(FIRST_BULK, round(OPENINGS * min(scale, 1)))
        Ledger(offices, seed=seed, now=now, book=book).build(range(FIRST_BULK, last))
        say(f"{last} openings after {time.monotonic() - began:.1f} s")
        offices.decide_permits()
    if scale > 1:
        total = round(OPENINGS * scale)
        stream(range(last, total), seed=seed, now=now, book=book, say=say)
        last = total
    with tenancy.publishing():
        refresh_facets(now=now)
    publish_figures(now=now)
    return Made(last, code_at(0, seed=seed), time.monotonic() - began)


@contextmanager
def _quiet(now: datetime) -> Iterator[None]:
    """Its events are history, not news: nothing of it is told to anybody. Where a mailbox catches what leaves, the last days are
    told all the same, so that inboxes are not empty."""
    hooks = events.after_commit[:]
    events.after_commit.clear()
    newest = Outbox.objects.order_by("-event_id").values_list("event_id", flat=True).first() or 0
    try:
        yield
    finally:
        events.after_commit.extend(hooks)
        history = Outbox.objects.filter(event_id__gt=newest, state=Outbox.PENDING)
        if settings.MAILBOX:
            history = history.filter(next_try_at__lt=now - NEWS)
        history.update(state=Outbox.DONE, done_at=now)
