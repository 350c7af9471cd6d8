"""One message for many notices, at the moment the person chose. Made once, however many clocks tick and however late they are."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import translation

from core import tenancy
from notifications.models import Category, Delivery, Notice
from notifications.services.rendering import DIGEST, NEUTRAL, is_neutral, words
from notifications.services.ways import names_of

PEOPLE = 200
LINES = 30
ONE_AT_A_TIME = 7233422
State = Delivery.State


def merge_due(*, now: datetime) -> tuple[int, set[str]]:
    """Make the due summaries of up to PEOPLE people. Returns how many were looked at and the channels that have something to send.

    A second clock that comes meanwhile finds the lock taken and makes none: two halves of one summary would be two messages.
    """
    with tenancy.posting():
        if not _alone():
            return 0, set()
        due = Delivery.objects.filter(state=State.HELD, next_try_at__lte=now)
        pairs = list(due.order_by("user_id", "channel").values_list("user_id", "channel").distinct()[:PEOPLE])
        rows = due.filter(user_id__in={user_id for user_id, _channel in pairs}).order_by("pk")
        waiting: dict[tuple[int, str], list[int]] = defaultdict(list)
        read = []
        for row in rows.values("pk", "user_id", "channel", "notice__read_at"):
            if row["notice__read_at"] is not None:
                read.append(row["pk"])
            elif (row["user_id"], row["channel"]) in set(pairs):
                waiting[row["user_id"], row["channel"]].append(row["pk"])
        Delivery.objects.filter(pk__in=read).update(state=State.READ_BEFORE, done_at=now)
        _write(waiting, now)
        return len(pairs), {channel for _user, channel in waiting}


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _write(waiting: dict[tuple[int, str], list[int]], now: datetime) -> None:
    """The summary itself is a notice that the inbox does not show; what it holds stays there one by one."""
    notices = Notice.objects.bulk_create(
        Notice(
            user_id=user_id,
            fact=f"digest:{channel}:{ids[-1]}",
            kind=DIGEST,
            category=Category.ACCOUNT,
            urgency=Notice.Urgency.LOW,
            at=now,
            data={"count": len(ids)},
            path="me/notices/",
        )
        for (user_id, channel), ids in waiting.items()
    )
    for notice, ids in zip(notices, waiting.values(), strict=True):
        Delivery.objects.filter(pk__in=ids).update(state=State.MERGED, done_at=now, digest=notice)
    Delivery.objects.bulk_create(
        Delivery(user_id=user_id, notice=notice, channel=channel, next_try_at=now)
        for notice, (user_id, channel) in zip(notices, waiting, strict=True)
    )


def contents(notice: Notice, *, language: str) -> dict[str, Any] | None:
    """The lines of a summary in the reader's language, by category; None when everything in it was read meanwhile."""
    with tenancy.posting():
        held = list(Notice.objects.filter(pk__in=_held_by(notice), read_at=None).order_by("-pk"))
    if not held:
        return None
    shown = held[:LINES]
    names = names_of({row.organization_id for row in shown})
    groups: dict[str, list[str]] = defaultdict(list)
    for row in shown:
        groups[row.category].append(_line(row, names.get(row.organization_id or 0, ""), language))
    with translation.override(language):
        return {
            "count": len(held),
            "more": len(held) - len(shown),
            "groups": [{"category": code, "lines": groups[code]} for code in Category.values if code in groups],
        }


def _held_by(notice: Notice):
    return Delivery.objects.filter(digest=notice).values("notice_id")


def _line(notice: Notice, organization: str, language: str) -> str:
    if is_neutral(notice.category, notice.discreet):
        return words(NEUTRAL, {}, language=language).subject
    subject = words(notice.kind, notice.data, organization=organization, language=language).subject
    return f"{organization}: {subject}" if organization else subject
