"""The ways to a person that leave the house, and how each of them is doing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The inbox on the site is no channel: every notice lies there, whatever else happens."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message (SMS)")
    PUSH = "push", _("Message on this device")
    LINE = "line", "LINE"
    ZALO = "zalo", "Zalo"
    WHATSAPP = "whatsapp", "WhatsApp"


class ChannelState(models.Model):
    """How a channel is doing. A broken one rests until `paused_until`; the others go on."""

    row_kind = "machine"

    channel = models.CharField(max_length=8, primary_key=True, choices=Channel)
    paused_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    worked_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.channel
