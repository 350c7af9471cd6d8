"""Notices as short messages, over the provider of SMS_TRANSPORT."""

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.channels import Message
from notifications.channels.sms import Provider
from notifications.channels.sms.length import fitted


class Transport:
    """Text and link, at most four parts."""

    def send(self, message: Message) -> str:
        return provider().send(message.to, fitted(message.text, message.link), key=message.key)


def provider() -> Provider:
    """The provider that the settings name."""
    return import_string(settings.SMS_TRANSPORT)()
