"""Short messages. `settings.SMS_TRANSPORT` names the class."""

from typing import Protocol


class SmsTransport(Protocol):
    """What every SMS provider offers here."""

    def send(self, to: str, text: str) -> str:
        """Hand `text` to the provider for the E.164 number `to`. Returns the provider's id; raises OSError when it failed."""
        ...
