"""Days in the country of an office: a permit ends with the day there, and an answer is due on a working day there."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# IANA time zone of the seat of government, by ISO 3166 country. Others are read in UTC.
ZONES = {
    "AU": "Australia/Sydney",
    "BD": "Asia/Dhaka",
    "BN": "Asia/Brunei",
    "BT": "Asia/Thimphu",
    "CN": "Asia/Shanghai",
    "FJ": "Pacific/Fiji",
    "ID": "Asia/Jakarta",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "KG": "Asia/Bishkek",
    "KH": "Asia/Phnom_Penh",
    "KR": "Asia/Seoul",
    "LA": "Asia/Vientiane",
    "LK": "Asia/Colombo",
    "MM": "Asia/Yangon",
    "MN": "Asia/Ulaanbaatar",
    "MY": "Asia/Kuala_Lumpur",
    "NP": "Asia/Kathmandu",
    "PH": "Asia/Manila",
    "PK": "Asia/Karachi",
    "TH": "Asia/Bangkok",
    "TO": "Pacific/Tongatapu",
    "TW": "Asia/Taipei",
    "UZ": "Asia/Tashkent",
    "VN": "Asia/Ho_Chi_Minh",
}
SATURDAY = 5


def zone_of(country: str) -> ZoneInfo:
    """The time zone in which days of this country's offices are counted."""
    return ZoneInfo(ZONES.get(country, "UTC"))


def today_in(country: str, now: datetime) -> date:
    """The calendar day in this country at this moment."""
    return now.astimezone(zone_of(country)).date()


def end_of_day(day: date, country: str) -> datetime:
    """The moment at which this day is over in this country (aware)."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone_of(country))


def working_days_after(day: date, count: int) -> date:
    """The day `count` working days later. Monday to Friday; public holidays are not known here, so they count as working days."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
