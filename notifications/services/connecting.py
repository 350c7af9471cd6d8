"""An account of a messenger becomes a person's: the person asks for a code here and sends it to us from there.

Only a keyed hash of a code stands in the cache, for fifteen minutes; when the cache goes away, the person asks for another one.
"""

from datetime import datetime

from django.core.cache import cache

from accounts.models import User
from accounts.services.phone import masked
from core import events, tenancy
from core.policies import Actor, require, signed_in
from core.vault import lookup_hash
from notifications.channels.sms import Word
from notifications.events import DEVICE_ADDED
from notifications.models import Address, Channel, address_lookup
from notifications.services.address import MOST_DEVICES, end_elsewhere
from notifications.services.stop import lift_stops
from recruitment.services import code as codes

GOOD_SECONDS = 15 * 60
WRONG_SECONDS = 3600
MOST_WRONG = 10


def new_code(*, channel: str, actor: Actor) -> str:
    """A code that connects one account of this messenger with the person, once. An earlier one is good no more. Raises Refused."""
    require(signed_in(actor))
    drop_code(channel=channel, actor=actor)
    code = codes.random_code()
    place = _place(channel, code)
    cache.set(place, actor.user_id, GOOD_SECONDS)
    cache.set(_own(channel, actor.user_id), place, GOOD_SECONDS)
    return code


def is_waiting(*, channel: str, actor: Actor) -> bool:
    """Whether a code of this person is still good and was not sent yet."""
    return cache.get(_own(channel, actor.user_id)) is not None


def drop_code(*, channel: str, actor: Actor) -> None:
    """The person's code is good no more."""
    if place := cache.get(_own(channel, actor.user_id)):
        cache.delete_many([place, _own(channel, actor.user_id)])


def take_code(*, channel: str, word: Word, now: datetime) -> Address | None:
    """Connect the sender of a good code. Whoever sent ten wrong ones in an hour is not heard any more in it; nothing is ever answered."""
    code = code_in(word.text)
    tries = f"connect-wrong:{_place(channel, word.sender)}"
    if not code or (cache.get(tries) or 0) >= MOST_WRONG:
        return None
    place = _place(channel, code)
    user_id = cache.get(place)
    if user_id is None or not cache.delete(place):
        cache.add(tries, 0, WRONG_SECONDS)
        cache.incr(tries)
        return None
    cache.delete(_own(channel, user_id))
    return _connect(channel=channel, sender=word.sender, user_id=user_id, now=now)


def code_in(text: str) -> str | None:
    """The code that a text is, or holds as a word of its own."""
    return next(filter(None, map(codes.parse, [text, *text.split()])), None)


def _connect(*, channel: str, sender: str, user_id: int, now: datetime) -> Address | None:
    """An account shows the messages of one person: whoever had it before gets none there any more."""
    with tenancy.activate(user_id):
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is None:
            return None
        own = Address.objects.filter(user=user, channel=channel, ended_at=None)
        lookup = address_lookup(channel, sender)
        if known := own.filter(lookup=lookup).first():
            return known
        if own.count() >= MOST_DEVICES:
            return None
        end_elsewhere(channel=channel, lookup=lookup, now=now)
        hint = masked(sender) if channel == Channel.WHATSAPP else ""
        row = Address(user=user, channel=channel, hint=hint, added_at=now)
        row.seal(sender)
        row.save()
        lift_stops(user_id=user_id, channel=channel, address=sender, now=now)
        events.record(DEVICE_ADDED, subject=row, actor=Actor(user=user), now=now, data={"channel": str(channel)})
        return row


def _place(channel: str, value: str) -> str:
    return f"connect:{channel}:{lookup_hash(value, purpose=f'connect:{channel}').hex()}"


def _own(channel: str, user_id: int | None) -> str:
    return f"connect-of:{channel}:{user_id}"
