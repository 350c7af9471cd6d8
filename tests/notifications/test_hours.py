"""Wall clocks of readers: midnight, summer time, zones on the other side of the date line."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from notifications.models import Clock, Rhythm, usual_clock
from notifications.policies.hours import is_quiet, may_go_at, next_digest

ZONES = ["Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
         "Pacific/Kiritimati", "Asia/Kathmandu"]  # fmt: skip
CLOCKS = some.builds(
    Clock,
    time_zone=some.sampled_from(ZONES),
    quiet_from=some.times(),
    quiet_until=some.times(),
    digest_at=some.times(),
    digest_day=some.integers(0, 6),
)
MOMENTS = some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC))


@given(CLOCKS, MOMENTS)
@settings(max_examples=1000, deadline=None)
def test_what_waits_goes_out_when_it_is_not_quiet_and_within_a_day(clock, at):
    goes = may_go_at(clock, at)

    assert not is_quiet(clock, goes)
    assert timedelta(0) <= goes - at <= timedelta(hours=25)
    assert (goes == at) is not is_quiet(clock, at)


@given(CLOCKS, MOMENTS)
@settings(max_examples=1000, deadline=None)
def test_a_summary_comes_at_the_chosen_hour_once_a_day_and_once_a_week(clock, at):
    zone = ZoneInfo(clock.time_zone)

    daily, weekly = next_digest(clock, Rhythm.DAILY, at), next_digest(clock, Rhythm.WEEKLY, at)

    assert timedelta(0) < daily - at <= timedelta(hours=25)
    assert timedelta(0) < weekly - at <= timedelta(days=7, hours=1)
    assert _near(daily.astimezone(zone), clock.digest_at)
    assert _near(weekly.astimezone(zone), clock.digest_at)


def _near(local: datetime, wall: time) -> bool:
    """The wall clock, up to the hour that a spring night leaves out."""
    apart = abs((datetime.combine(local.date(), local.time()) - datetime.combine(local.date(), wall)).total_seconds())
    return min(apart, 86400 - apart) <= 3600


@pytest.mark.parametrize(
    ("zone", "at", "goes"),
    [
        ("Asia/Ho_Chi_Minh", "2026-11-25T10:00+07:00", "2026-11-25T10:00+07:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-25T23:30+07:00", "2026-11-26T07:00+07:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-26T00:00+07:00", "2026-11-26T07:00+07:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-26T07:00+07:00", "2026-11-26T07:00+07:00"),
        ("Europe/Berlin", "2026-03-28T22:00+01:00", "2026-03-29T07:00+02:00"),
        ("Europe/Berlin", "2026-10-24T22:00+02:00", "2026-10-25T07:00+01:00"),
    ],
)
def test_quiet_hours_over_midnight_and_summer_time(zone, at, goes):
    clock = Clock(time_zone=zone)

    assert may_go_at(clock, datetime.fromisoformat(at)) == datetime.fromisoformat(goes)


def test_an_hour_that_comes_twice_is_not_waited_for_until_tomorrow():
    clock = Clock(time_zone="Europe/Berlin", quiet_from=time(1), quiet_until=time(2, 30))
    first_two_thirty_is_over = datetime.fromisoformat("2026-10-25T02:10+01:00")

    assert may_go_at(clock, first_two_thirty_is_over) == datetime.fromisoformat("2026-10-25T02:30+01:00")


def test_without_quiet_hours_everything_goes_at_once():
    at = datetime(2026, 11, 25, 18, tzinfo=UTC)

    assert may_go_at(Clock(quiet_from=None, quiet_until=None), at) == at
    assert may_go_at(Clock(quiet_from=time(5), quiet_until=time(5)), at) == at


@pytest.mark.parametrize(
    ("language", "zone"), [("vi", "Asia/Ho_Chi_Minh"), ("id", "Asia/Jakarta"), ("ja", "Asia/Tokyo"), ("xx", "Asia/Ho_Chi_Minh")]
)
def test_somebody_who_chose_nothing_has_the_hours_of_their_language(language, zone):
    assert usual_clock(language).time_zone == zone
