"""Which way a notice takes to one person. What costs money is data here."""

from collections.abc import Mapping

from notifications.models import Category, Channel, Notice, Rhythm

# A text message is paid for one by one: it goes to people without an e-mail address, for these alone.
SMS_URGENCIES = frozenset({Notice.Urgency.URGENT})
SMS_CATEGORIES = frozenset({Category.LEGAL})

# What a route says when it says nothing else: every way that costs nothing, at once.
FREE = (Channel.EMAIL, Channel.PUSH, Channel.LINE, Channel.ZALO, Channel.WHATSAPP)
USUAL: Mapping[str, str] = {channel.value: Rhythm.AT_ONCE.value for channel in FREE}


def by_summary(rhythm: str = Rhythm.DAILY) -> dict[str, str]:
    """A route whose messages wait for the e-mail summary and disturb nobody otherwise."""
    return {Channel.EMAIL.value: str(rhythm)}


def rhythm_for(channel: str, *, category: str, urgency: str, route: Mapping[str, str], chosen: str | None) -> str:
    """How a notice leaves by this channel: the person's choice, else the route's. Legal and urgent ones never wait for a summary."""
    if channel == Channel.SMS:
        if category != Category.LEGAL and chosen == Rhythm.NEVER:
            return Rhythm.NEVER
        paid_for = urgency in SMS_URGENCIES or category in SMS_CATEGORIES
        return Rhythm.AT_ONCE if paid_for else Rhythm.NEVER
    if category == Category.LEGAL:
        return Rhythm.AT_ONCE
    rhythm = chosen or route.get(channel, Rhythm.NEVER)
    if urgency == Notice.Urgency.URGENT and rhythm != Rhythm.NEVER:
        return Rhythm.AT_ONCE
    return rhythm


def may_stop(category: str) -> bool:
    """Whether the person may switch this category off."""
    return category != Category.LEGAL
