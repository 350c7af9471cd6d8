"""The default outside production: to the mailbox page and the console."""

import structlog
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.mailbox import catch
from notifications.models import MailboxMessage

log = structlog.get_logger()


class EmailBackend(BaseEmailBackend):
    """Sends nothing. A mail with a `mailbox_key` is caught once, however often it is handed over."""

    def send_messages(self, email_messages):
        for message in email_messages:
            html = next((str(part[0]) for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
            for to in message.recipients():
                log.info("email", to=to, subject=message.subject)
                key = getattr(message, "mailbox_key", "")
                catch(MailboxMessage.Channel.EMAIL, to, message.body, message.subject, html, key)
        return len(email_messages)
