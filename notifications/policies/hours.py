"""When a message may go out, in the reader's own time zone. Pure functions of wall clocks; they survive midnight and summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.models import Clock, Rhythm


def is_quiet(clock: Clock, at: datetime) -> bool:
    """Whether the reader wants silence at this moment."""
    begin, end = clock.quiet_from, clock.quiet_until
    if begin is None or end is None or begin == end:
        return False
    local = at.astimezone(ZoneInfo(clock.time_zone)).time().replace(tzinfo=None)
    return begin <= local < end if begin < end else local >= begin or local < end


def may_go_at(clock: Clock, at: datetime) -> datetime:
    """This moment, or the end of the quiet hours it falls into (UTC)."""
    if not is_quiet(clock, at) or clock.quiet_until is None:
        return at
    return _next(clock, clock.quiet_until, at)


def next_digest(clock: Clock, rhythm: str, at: datetime) -> datetime:
    """The next daily or weekly moment after this one (UTC)."""
    weekday = clock.digest_day if rhythm == Rhythm.WEEKLY else None
    return _next(clock, clock.digest_at, at, weekday=weekday)


def _next(clock: Clock, wall: time, after: datetime, weekday: int | None = None) -> datetime:
    """The first time this wall clock shows `wall` later than `after`. An hour that comes twice counts twice."""
    zone = ZoneInfo(clock.time_zone)
    today = after.astimezone(zone).date()
    for days in range(9):
        day = today + timedelta(days=days)
        if weekday is not None and day.weekday() != weekday:
            continue
        for moment in _moments(day, wall, zone):
            if moment > after:
                return moment
    raise AssertionError("Every week has every day.")


def _moments(day: date, wall: time, zone: ZoneInfo) -> list[datetime]:
    return sorted({datetime.combine(day, wall.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)})
