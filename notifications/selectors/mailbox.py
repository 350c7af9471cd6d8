"""Doorways to messages."""

from notifications.models import MailboxMessage


def caught_messages(to: str = "", *, limit: int = 100) -> list[MailboxMessage]:
    """What the developer's mailbox caught, newest first; `to` is a part of the address, spaces do not matter."""
    rows = MailboxMessage.objects.order_by("-pk")
    wanted = "".join(to.split())
    return list((rows.filter(to__icontains=wanted) if wanted else rows)[:limit])
