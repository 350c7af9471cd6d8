"""What happens after an event, and what is due by the clock."""

from notifications.tasks import delivery, fanout, forgetting, webhook

__all__ = ["delivery", "fanout", "forgetting", "webhook"]
