"""For trying out: to the mailbox page."""

from notifications.channels.mailbox import Mailbox


class Transport(Mailbox):
    """Sends nothing."""

    channel = "whatsapp"
