"""The default outside production: to the mailbox page and the console."""

import structlog
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.mailbox import catch
from notifications.models import MailboxMessage

log = structlog.get_logger()


class EmailBackend(BaseEmailBackend):
    """Sends nothing."""

    def send_messages(self, email_messages):
        for message in email_messages:
            for to in message.recipients():
                log.info("email", to=to, subject=message.subject)
                catch(MailboxMessage.Channel.EMAIL, to, message.body, message.subject)
        return len(email_messages)
