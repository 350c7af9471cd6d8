"""What happens to the ways out of the house: webhooks of organizations, devices of people."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

WEBHOOK_CREATED = Verb("webhook.created", _("{actor} connected a system of the organization"))
WEBHOOK_CHANGED = Verb("webhook.changed", _("{actor} changed the connection to a system of the organization"))
WEBHOOK_SECRET_ROTATED = Verb("webhook.secret_rotated", _("{actor} changed the secret of a connected system"))
WEBHOOK_PAUSED = Verb("webhook.paused", _("{actor} paused the messages to a connected system"))
WEBHOOK_RESUMED = Verb("webhook.resumed", _("{actor} switched the messages to a connected system on again"))
WEBHOOK_DELETED = Verb("webhook.deleted", _("{actor} deleted the connection to a system of the organization"))
WEBHOOK_ENDED = Verb("webhook.ended", _("A connected system was cut off, because the organization was closed"))
WEBHOOK_TESTED = Verb("webhook.tested", _("{actor} sent a test message to a connected system"))
WEBHOOK_REPLAYED = Verb("webhook.replayed", _("{actor} sent a message to a connected system again"))
WEBHOOK_BROKEN = Verb("webhook.broken", _("A connected system failed too often; messages to it were switched off"))
WEBHOOK_GONE = Verb("webhook.gone", _("A connected system says that it is gone; messages to it were switched off"))

DEVICE_ADDED = Verb("device.added", _("{actor} allowed messages on a device"))
DEVICE_REMOVED = Verb("device.removed", _("{actor} stopped messages on a device"))
