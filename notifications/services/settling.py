"""What the receiving side says later about a message that was handed over."""

from datetime import datetime
from typing import Literal

from notifications.models import Delivery

State = Delivery.State


def settle(*, channel: str, provider_id: str, outcome: Literal["delivered", "failed"], why: str = "", now: datetime) -> int:
    """Write a delivery receipt into the log, as the postman. Returns how many rows it was about (0: unknown or already settled).

    A message said to be delivered stays delivered, whatever comes later and in whatever order.
    """
    if not provider_id:
        return 0
    rows = Delivery.objects.filter(channel=channel, provider_id=provider_id)
    if outcome == "delivered":
        return rows.filter(state__in=[State.SENT, State.FAILED]).update(state=State.DELIVERED, reason="", done_at=now)
    return rows.filter(state=State.SENT).update(state=State.FAILED, reason=why[:40], done_at=now)
