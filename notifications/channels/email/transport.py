"""Over Django's EMAIL_BACKEND."""

import hashlib
import smtplib
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels import Busy, ChannelBroken, Message, Undeliverable

TIMEOUT = 10
REFUSED = {"invalid", "rejected", "failed"}


class Transport:
    """The sender's name is the house's own and says nothing of the matter. A repeated hand-over has the same Message-ID, so that
    a receiving side shows one mail.

    RFC 5322 (Message-ID), RFC 3834 (Auto-Submitted), RFC 2369 and RFC 8058 (List-Unsubscribe, one click).
    """

    def send(self, message: Message) -> str:
        mail = build(message)
        try:
            mail.connection = get_connection(timeout=TIMEOUT) if _takes_timeout() else get_connection()
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients.get(message.to) or next(iter(error.recipients.values()), (550, b""))) from error
        except smtplib.SMTPDataError as error:
            raise _refused((error.smtp_code, error.smtp_error), why="") from error
        except smtplib.SMTPResponseException as error:
            raise ChannelBroken(f"SMTP {error.smtp_code}") from error
        except AnymailRecipientsRefused as error:
            raise Undeliverable("bounced", "The provider does not send to this address.") from error
        except AnymailRequestsAPIError as error:
            raise _of_provider(error) from error
        except (AnymailAPIError, OSError) as error:
            raise ChannelBroken(f"{type(error).__name__}: {error}"[:300]) from error
        return _id_of(mail)


class Mail(EmailMultiAlternatives):
    """`mailbox_key` is for the embedded mailbox, which catches the same mail once; it does not leave the house."""

    mailbox_key = ""


def build(message: Message) -> Mail:
    """The mail of a message, ready to be sent."""
    headers = {
        "Message-ID": message_id(message.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": message.language,
        **message.headers,
    }
    if message.unsubscribe:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.urgency == "low":
        headers["Precedence"] = "bulk"
    mail = Mail(_line(message.subject), message.text, _sender(), [message.to], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    mail.mailbox_key = f"email:{message.key}"
    return mail


def message_id(key: str) -> str:
    """The same key gives the same id; the key itself does not show."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    digest = hashlib.blake2b(key.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=20).hexdigest()
    return f"<{digest}@{host}>"


def _id_of(mail: EmailMultiAlternatives) -> str:
    """The provider's id, else our own. Some providers answer that all is well and refuse the receiver in the same breath."""
    status = getattr(mail, "anymail_status", None)
    if status is not None and status.status and status.status <= REFUSED:
        raise Undeliverable("bounced", "The provider does not send to this address.")
    return str(getattr(status, "message_id", "") or mail.extra_headers["Message-ID"])


def _sender() -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or "Terang", address))


def _line(subject: str) -> str:
    """A subject is one line."""
    return " ".join(subject.split())


def _takes_timeout() -> bool:
    return settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend")


def _refused(answer: tuple[int, bytes | str], why: str = "bounced") -> OSError:
    """5xx is for good (for the receiver, or with `why` empty for this message); 4xx asks to come back later."""
    code, words = answer
    detail = f"SMTP {code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:200]
    return Busy(300, detail) if 400 <= code < 500 else Undeliverable(why, detail)


def _of_provider(error: AnymailRequestsAPIError) -> OSError:
    """An answer of a provider's API: 429 asks for patience, other 4xx refuse this message only, the rest is the provider's trouble."""
    status = getattr(error, "status_code", None) or 0
    if status == 429:
        return Busy(60, "The provider asks for patience.")
    if 400 <= status < 500 and status not in (401, 403):
        return Undeliverable("", f"The provider answered {status}.")
    return ChannelBroken(f"The provider answered {status}." if status else type(error).__name__)
