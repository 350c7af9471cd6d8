"""The default outside production: to the mailbox page and the console."""

import structlog

from notifications.channels.mailbox import catch
from notifications.channels.sms import Call, NotSigned, Receipt, Word
from notifications.models import MailboxMessage

log = structlog.get_logger()


class Transport:
    """Sends nothing."""

    def send(self, to: str, text: str, *, key: str = "") -> str:
        log.info("sms", to=to, text=text)
        return catch(MailboxMessage.Channel.SMS, to, text, key=f"sms:{key}" if key else "")

    def read(self, call: Call) -> list[Receipt | Word]:
        raise NotSigned
