"""Messages that left, as far as this house keeps them."""

from django.db import models


class MailboxMessage(models.Model):
    """A message caught by the developer's mailbox instead of being sent. Exists only where MAILBOX is on.

    `key` is the sender's name for it: the same message handed over twice is caught once.
    """

    row_kind = "machine"

    class Channel(models.TextChoices):
        SMS = "sms", "SMS"
        EMAIL = "email", "E-mail"
        PUSH = "push", "Web push"
        LINE = "line", "LINE"
        ZALO = "zalo", "Zalo"
        WHATSAPP = "whatsapp", "WhatsApp"

    at = models.DateTimeField(auto_now_add=True)
    channel = models.CharField(max_length=8, choices=Channel)
    to = models.CharField(max_length=254, db_index=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    key = models.CharField(max_length=100, null=True, unique=True)

    def __str__(self):
        return f"{self.channel} {self.to}"
