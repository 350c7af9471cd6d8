"""Catches what would leave the machine, for developers, tests and the demo."""

import structlog

from notifications.channels import Message
from notifications.models import MailboxMessage

log = structlog.get_logger()


def catch(channel: str, to: str, text: str, subject: str = "", html: str = "", key: str = "") -> str:
    """Keep a message; returns its id. The same `key` handed over again is caught once."""
    kept = {"channel": channel, "to": to[:254], "subject": subject[:300], "text": text, "html": html}
    if not key:
        return str(MailboxMessage.objects.create(**kept).pk)
    message, _new = MailboxMessage.objects.get_or_create(key=key[:100], defaults=kept)
    return str(message.pk)


class Mailbox:
    """The transport of a channel that sends nothing. A channel's own class says which `channel` it is and whom it shows as receiver."""

    channel = ""

    def receiver(self, message: Message) -> str:
        """What the mailbox page shows as address."""
        return message.to

    def send(self, message: Message) -> str:
        to = self.receiver(message)
        log.info(self.channel, to=to, subject=message.subject)
        text = f"{message.text}\n\n{message.link}" if message.link and message.link not in message.text else message.text
        return catch(self.channel, to, text, message.subject, message.html, f"{self.channel}:{message.key}")
