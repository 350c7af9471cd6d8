"""A person's hours as a value: chosen, or usual for their language."""

from dataclasses import dataclass
from datetime import time

ZONES = {"vi": "Asia/Ho_Chi_Minh", "id": "Asia/Jakarta", "ja": "Asia/Tokyo", "en": "Asia/Tokyo"}


@dataclass(frozen=True)
class Clock:
    """When a person may be disturbed. Without quiet hours both ends are None; `digest_day` counts from Monday, 0."""

    time_zone: str = "Asia/Ho_Chi_Minh"
    quiet_from: time | None = time(21)
    quiet_until: time | None = time(7)
    digest_at: time = time(8)
    digest_day: int = 0


def usual_clock(language: str) -> Clock:
    """The hours of somebody who chose none."""
    return Clock(time_zone=ZONES.get(language, ZONES["vi"]))
