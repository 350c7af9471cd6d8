"""The link that ends messages of one kind over one channel, without sign-in (RFC 8058). It is good for as long as the mail is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing

from core import tenancy
from notifications.models import Category, Channel, Stop
from notifications.services.stop import record_stop
from notifications.services.ways import readers

SALT = "notifications.unsubscribe"


@dataclass(frozen=True)
class Wish:
    """Whose messages of which category end over which channel; category "" = all that may be switched off."""

    user_id: int
    channel: str
    category: str


def unsubscribe_link(user_id: int, channel: str, category: str, language: str) -> str:
    """The absolute one-click address."""
    token = signing.dumps([user_id, channel, category], salt=SALT)
    return f"{settings.BASE_URL}/{language}/notices/stop/{token}/"


def read_wish(token: str) -> Wish | None:
    """What a link asks for; None for one that we did not sign."""
    try:
        user_id, channel, category = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    known = isinstance(user_id, int) and channel in Channel.values and (category == "" or category in Category.values)
    return Wish(user_id, channel, category) if known else None


def fulfil_wish(*, wish: Wish, now: datetime) -> int:
    """Switch it off for the addresses this channel has now. Asked twice, it is done once. Returns how many addresses."""
    with tenancy.posting():
        reader = readers([wish.user_id]).get(wish.user_id)
        ways = reader.ways.get(wish.channel, []) if reader else []
        for way in ways:
            record_stop(
                user_id=wish.user_id,
                channel=wish.channel,
                address=way.address or (way.row.open() if way.row else ""),
                why=Stop.Why.UNSUBSCRIBED,
                category=wish.category,
                now=now,
            )
    return len(ways)
