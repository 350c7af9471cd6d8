"""Who is told what, over which channel, and what became of it."""

from notifications.models.address import Address, Stop, address_lookup
from notifications.models.channel import Channel, ChannelState
from notifications.models.choice import Category, Choice, Hours, Rhythm
from notifications.models.clock import Clock, usual_clock
from notifications.models.mailbox import MailboxMessage
from notifications.models.notice import Delivery, Fanout, Notice
from notifications.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "Address",
    "Category",
    "Channel",
    "ChannelState",
    "Choice",
    "Clock",
    "Delivery",
    "Fanout",
    "Hours",
    "MailboxMessage",
    "Notice",
    "Rhythm",
    "Stop",
    "Webhook",
    "WebhookDelivery",
    "address_lookup",
    "usual_clock",
]
