"""Catches what would leave the machine, for developers, tests and the demo."""

from notifications.models import MailboxMessage


def catch(channel: str, to: str, text: str, subject: str = "") -> str:
    """Keep a message; returns its id."""
    message = MailboxMessage.objects.create(channel=channel, to=to, subject=subject[:300], text=text)
    return str(message.pk)
