"""What providers tell us afterwards: receipts, dead addresses, complaints, and words that people write back.

Everything here may come twice, late and in any order; what is not known is passed over.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services.phone import find_by_phone, read_phone
from core import tenancy
from core.models import Submission
from notifications.channels.sms import Receipt, Word
from notifications.models import Address, Channel, Delivery, Stop, address_lookup
from notifications.services.connecting import take_code
from notifications.services.settling import settle
from notifications.services.stop import lift_stops, record_stop

# As people write them, with and without marks. "dùng" and "đúng" are other words, so marks are not simply taken away.
STOP_WORDS = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "huy",
        "hủy",
        "huỷ",
        "húy",
        "dung",
        "dừng",
        "ngung",
        "ngưng",
        "berhenti",
        "batal",
        "停止",
        "ストップ",
        "配信停止",
        "解除",
    ]
)
START_WORDS = frozenset(["start", "unstop", "resume", "nhan", "nhận", "mo", "mở", "mulai", "lanjut", "開始", "再開", "スタート"])
OUR_NAME = "terang"
FAILED = {"bounced", "rejected", "failed"}
DEAD = {"bounced", "invalid"}


@dataclass(frozen=True)
class MailReport:
    """One line of a mail provider's report. `kind` is anymail's event type, `reason` its reject reason; `soft` = only for now, such as
    a full mailbox."""

    kind: str
    recipient: str
    message_id: str = ""
    reason: str = ""
    soft: bool = False

    @property
    def is_dead(self) -> bool:
        """Whether the address takes no mail at all."""
        return self.kind in FAILED and not self.soft and (self.kind == "bounced" or self.reason in DEAD)


def take_sms(found: Iterable[Receipt | Word], *, provider: str, now: datetime) -> None:
    """Receipts settle their delivery; a stop word ends messages to that number, a start word lets them come again."""
    with tenancy.posting():
        for entry in found:
            if isinstance(entry, Receipt):
                _take_receipt(entry, now)
            elif _is_first_time(f"sms:{provider}:{entry.id}"):
                _take_word(entry, now)


def take_messenger(found: Iterable[Receipt | Word], *, channel: str, now: datetime) -> None:
    """Receipts settle their delivery; a stop word ends messages to that account, a start word lets them come again, a code connects it."""
    for entry in found:
        if isinstance(entry, Receipt):
            with tenancy.posting():
                settle(channel=channel, provider_id=entry.provider_id, outcome=_outcome(entry), why=entry.why, now=now)
        else:
            _take_message(entry, channel, now)


def take_mail(reports: Iterable[MailReport], *, now: datetime) -> None:
    """Mails that arrived, that came back for good, and that somebody called unwanted."""
    with tenancy.posting():
        for report in reports:
            if report.kind == "delivered":
                settle(channel=Channel.EMAIL, provider_id=report.message_id, outcome="delivered", now=now)
            elif report.kind in FAILED:
                why = Stop.Why.BOUNCED if report.is_dead else report.reason
                settle(channel=Channel.EMAIL, provider_id=report.message_id, outcome="failed", why=why, now=now)
            if why := _stop_of(report):
                for user_id in _users_of(report.recipient):
                    record_stop(user_id=user_id, channel=Channel.EMAIL, address=report.recipient, why=why, now=now)


def word_of(text: str) -> str:
    """ "stop", "start" or "": what a short answer means. Only a word alone counts, with or without our name."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).casefold()
    words = "".join(c if c.isalnum() or unicodedata.category(c) == "Mn" else " " for c in plain).split()
    if len(words) == 2 and OUR_NAME in words:
        words.remove(OUR_NAME)
    if len(words) != 1:
        return ""
    return "stop" if words[0] in STOP_WORDS else "start" if words[0] in START_WORDS else ""


def _outcome(receipt: Receipt) -> Literal["delivered", "failed"]:
    return "delivered" if receipt.outcome == "delivered" else "failed"


def _take_message(word: Word, channel: str, now: datetime) -> None:
    """What somebody wrote to our account of a messenger."""
    with tenancy.posting():
        if not _is_first_time(f"{channel}:{word.id}"):
            return
        meaning = word_of(word.text)
        rows = Address.objects.filter(channel=channel, lookup=address_lookup(channel, word.sender), ended_at=None)
        for user_id in list(rows.values_list("user_id", flat=True)) if meaning else ():
            if meaning == "stop":
                record_stop(user_id=user_id, channel=channel, address=word.sender, why=Stop.Why.STOP_WORD, now=now)
            else:
                lift_stops(user_id=user_id, channel=channel, address=word.sender, now=now)
    if not meaning:
        take_code(channel=channel, word=word, now=now)


def _take_receipt(receipt: Receipt, now: datetime) -> None:
    settle(channel=Channel.SMS, provider_id=receipt.provider_id, outcome=_outcome(receipt), why=receipt.why, now=now)
    if receipt.why != Stop.Why.BOUNCED:
        return
    row = Delivery.objects.filter(channel=Channel.SMS, provider_id=receipt.provider_id).select_related("user").first()
    number = read_phone(row.user) if row else None
    if row and number:
        record_stop(user_id=row.user_id, channel=Channel.SMS, address=number, why=Stop.Why.BOUNCED, now=now)


def _take_word(word: Word, now: datetime) -> None:
    meaning = word_of(word.text)
    user = find_by_phone(word.sender) if meaning and word.sender else None
    if user is None or user.phone_verified_at is None:
        return
    if meaning == "stop":
        record_stop(user_id=user.pk, channel=Channel.SMS, address=word.sender, why=Stop.Why.STOP_WORD, now=now)
    else:
        lift_stops(user_id=user.pk, channel=Channel.SMS, address=word.sender, now=now)


def _stop_of(report: MailReport) -> str:
    if report.kind == "complained":
        return Stop.Why.COMPLAINED
    if report.kind == "unsubscribed":
        return Stop.Why.UNSUBSCRIBED
    return Stop.Why.BOUNCED if report.is_dead else ""


def _users_of(address: str) -> list[int]:
    """Whose address this is: one person at most has proved it."""
    if not address:
        return []
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).values_list("user_id", flat=True)
    return list(User.objects.filter(pk__in=list(proved)).values_list("pk", flat=True))


def _is_first_time(name: str) -> bool:
    """Whether this call was not heard before: an old "stop" played again must not undo a newer "start"."""
    token = hashlib.sha256(f"callback:{name}".encode()).hexdigest()
    try:
        with transaction.atomic():
            Submission.objects.create(token=token)
    except IntegrityError:
        return False
    return True
