"""What a person does with their own notices: read them, choose how they come."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils import translation

from core.policies import Actor
from notifications import routing
from notifications.models import Category, Choice, Clock, Hours, Notice, Rhythm
from notifications.services.rendering import words


def mark_read(*, notice: Notice, actor: Actor, now: datetime) -> Notice:
    """The person has opened it. The first time counts."""
    Notice.objects.filter(pk=notice.pk, user=actor.user, read_at=None).update(read_at=now)
    return notice


def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Everything in the inbox is read. Returns how many were not."""
    return Notice.objects.filter(user=actor.user, read_at=None).update(read_at=now)


def choose(*, choices: Mapping[tuple[str, str], str], clock: Clock, actor: Actor, now: datetime) -> None:
    """Keep the whole table of choices (a rhythm of "" means: as the routing table says) and the hours.

    What has a legal effect cannot be chosen.
    """
    for (category, channel), rhythm in choices.items():
        if category == Category.LEGAL:
            continue
        if rhythm in Rhythm.values:
            Choice.objects.update_or_create(user=actor.user, category=category, channel=channel, defaults={"rhythm": rhythm})
        else:
            Choice.objects.filter(user=actor.user, category=category, channel=channel).delete()
    Hours.objects.update_or_create(
        user=actor.user,
        defaults={
            "time_zone": clock.time_zone,
            "quiet_from": clock.quiet_from,
            "quiet_until": clock.quiet_until,
            "digest_at": clock.digest_at,
            "digest_day": clock.digest_day,
        },
    )


def kinds_saying(text: str) -> list[str]:
    """The kinds whose words, in the active language, hold this text."""
    wanted, language = text.casefold(), translation.get_language() or settings.LANGUAGE_CODE
    found = []
    for kind, sample in routing.samples().items():
        said = words(kind, sample["data"], language=language)
        if wanted in f"{said.subject} {said.text}".casefold():
            found.append(kind)
    return found
