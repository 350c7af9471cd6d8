"""Short messages.

CHANNEL_SMS names the transport of notices; SMS_TRANSPORT names the provider, which also carries sign-in codes: `sms.twilio.Transport`,
`sms.vonage.Transport`, `sms.gateway.Transport` (any provider that takes one POST of JSON) or `sms.mailbox.Transport`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Provider(Protocol):
    """What every SMS provider offers here. None of them writes a text or a number to a log."""

    def send(self, to: str, text: str, *, key: str = "") -> str:
        """Hand `text` over for the E.164 number `to`. Returns the provider's id for it.

        `key` is the same at every try of one message, where there is one. Raises Undeliverable, Busy or ChannelBroken, all OSErrors.
        """
        ...

    def read(self, call: "Call") -> "list[Receipt | Word]":
        """What a provider's call to us says. Raises NotSigned when it does not prove that it comes from the provider."""
        ...


@dataclass(frozen=True)
class Call:
    """A request of a provider: the full address it was sent to, its fields, its headers (lower-case names)."""

    url: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Receipt:
    """What became of a message. `outcome` is "delivered" or "failed"; `why` is "bounced" when the number takes no messages at all."""

    provider_id: str
    outcome: str
    why: str = ""


@dataclass(frozen=True)
class Word:
    """What somebody wrote back. `id` is the provider's own for it."""

    id: str
    sender: str
    text: str


class NotSigned(Exception):
    """The call is not proved to come from the provider."""
