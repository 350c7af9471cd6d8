"""Ways to reach a person. A channel is a folder of the same shape: a transport, how to configure it, its tests.

A channel is handed finished messages and knows neither events nor tables of notices. `docs/how-to/add-a-channel.md` says how to add one.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Message:
    """What leaves the house, in the reader's language.

    `key` is the same at every try, so that a receiving side that honours it shows the message once. `to` is the address in the
    channel's own form (an e-mail address, an E.164 number, a JSON text of a push subscription, a messenger's account).
    `link` is an absolute address. `unsubscribe` is the absolute one-click address, "" where the law wants the message to arrive.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    link: str = ""
    language: str = "en"
    urgency: str = "normal"
    unsubscribe: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Undeliverable(OSError):
    """This address does not take messages. `why` is a Stop.Why code ("gone", "bounced") or "" when only this message was refused.

    Like ChannelBroken an OSError, so that a sender who only asks whether it left (sign-in codes) needs to know no class of this room.
    """

    def __init__(self, why: str = "", detail: str = ""):
        super().__init__(detail or why)
        self.why, self.detail = why, detail


class ChannelBroken(OSError):
    """The channel itself does not answer: nothing is wrong with the message. The whole channel rests for a while."""


class Busy(ChannelBroken):
    """The provider asks for patience; `seconds` is how long."""

    def __init__(self, seconds: int, detail: str = ""):
        super().__init__(detail)
        self.seconds = seconds


class Transport(Protocol):
    """What every channel offers."""

    def send(self, message: Message) -> str:
        """Hand one message over; returns the provider's id for it ("" when it has none).

        Raises Undeliverable or ChannelBroken; any other exception counts as a failure of this message and is tried again.
        """
        ...


@cache
def transport(channel: str) -> Transport | None:
    """The transport that settings name for this channel code, or None where the channel is not set up."""
    name = settings.CHANNELS.get(channel, "")
    return import_string(name)() if name else None


def open_channels() -> list[str]:
    """Codes of the channels that are set up here."""
    return [code for code, name in settings.CHANNELS.items() if name]
