"""Doorways to messages that the developer's mailbox caught."""

from notifications.models import MailboxMessage

PAGE_SIZE = 30


def caught_messages(
    to: str = "", *, channel: str = "", after: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[MailboxMessage], int | None]:
    """What was caught, newest first, and the key of the next page. `to` is a part of the address, spaces do not matter."""
    rows = MailboxMessage.objects.order_by("-pk")
    if wanted := "".join(to.split()):
        rows = rows.filter(to__icontains=wanted)
    if channel:
        rows = rows.filter(channel=channel)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return found, found[-1].pk if more else None


def caught_message(pk: int) -> MailboxMessage | None:
    return MailboxMessage.objects.filter(pk=pk).first()
