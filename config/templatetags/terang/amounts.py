"""Money, months, numbers and dates in the reader's language. All filters return plain text."""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ._library import register

NBSP = "\u00a0"
MINUS = "\u2212"

LOCALES = {"vi": "vi", "id": "id", "en": "en_GB", "ja": "ja"}
ZONES = {
    "vi": ZoneInfo("Asia/Ho_Chi_Minh"),
    "id": ZoneInfo("Asia/Jakarta"),
    "en": ZoneInfo("Asia/Tokyo"),
    "ja": ZoneInfo("Asia/Tokyo"),
}

# Decimals of the stored minor unit, the same as in recruitment/reference/currencies.csv (a test compares them): ISO 4217 lists 2 for
# IDR, MMK and LAK, but nobody counts their cents, so the product stores whole units.
_NO_DECIMALS = frozenset(
    [
        "VND",
        "JPY",
        "IDR",
        "MMK",
        "LAK",
        "KRW",
        "CLP",
        "ISK",
        "PYG",
        "UGX",
        "XAF",
        "XOF",
        "XPF",
        "RWF",
        "VUV",
        "KMF",
        "GNF",
        "DJF",
        "BIF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_SYMBOLS = {
    "VND": "₫", "JPY": "¥", "IDR": "Rp", "USD": "US$", "EUR": "€", "GBP": "£", "PHP": "₱", "KRW": "₩",
    "TWD": "NT$", "MYR": "RM", "SGD": "S$", "THB": "฿", "INR": "₹", "KHR": "៛", "LAK": "₭", "MNT": "₮",
}  # fmt: skip
_JAPANESE = {
    "VND": "ドン", "JPY": "円", "IDR": "ルピア", "USD": "米ドル", "EUR": "ユーロ", "PHP": "ペソ", "KRW": "ウォン",
    "TWD": "台湾ドル", "THB": "バーツ", "INR": "インドルピー", "NPR": "ネパールルピー", "MMK": "チャット",
    "KHR": "リエル", "LAK": "キープ", "BDT": "タカ", "LKR": "スリランカルピー", "MNT": "トゥグルグ",
}  # fmt: skip

# Date patterns are locale data, like Babel's; Babel's own Vietnamese long forms are longer than people write.
_DAYS = {
    "vi": {"": "dd/MM/yyyy", "short": "d/M", "month": "'tháng' M/yyyy", "week": "EEEE, d/M"},
    "id": {"": "d MMMM y", "short": "d MMM", "month": "MMMM y", "week": "EEEE, d MMMM"},
    "en": {"": "d MMMM y", "short": "d MMM", "month": "MMMM y", "week": "EEEE, d MMMM"},
    "ja": {"": "y年M月d日", "short": "M月d日", "month": "y年M月", "week": "M月d日(E)"},
}
_MOMENTS = {
    "vi": {"": "{time}, {day} (giờ Việt Nam)", "short": "{time}, {short}"},
    "id": {"": "{day}, {time} WIB", "short": "{short} {time}"},
    "en": {"": "{day}, {time} (Japan time)", "short": "{short} {time}"},
    "ja": {"": "{day}{time}（日本時間）", "short": "{short}{time}"},
}


def reader_language() -> str:
    """The reader's language as one of our four codes; English when it is another one."""
    code = (get_language() or "en")[:2]
    return code if code in LOCALES else "en"


def decimals_of(currency: str) -> int:
    """How many decimals the minor unit of this currency has in our tables: 0 for VND, JPY and IDR."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def not_known() -> str:
    """The words for a value nobody knows; never shown as zero."""
    return _("not known")


def _decimal(value) -> Decimal | None:
    """A number as Decimal; None for nothing or for what is no finite number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _grouped(value: Decimal, decimals: int = 0) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return format_decimal(rounded, format=pattern, locale=LOCALES[reader_language()])


def _around(currency: str) -> tuple[str, str]:
    """What stands before and after the number, with its no-break space."""
    language = reader_language()
    symbol = _SYMBOLS.get(currency, currency)
    if language == "ja":
        return "", _JAPANESE.get(currency, NBSP + currency)
    if language == "vi":
        return "", NBSP + symbol
    return (symbol + NBSP if symbol[-1].isalpha() else symbol), ""


def _split_money(amount, currency: str) -> tuple[str, str, str] | None:
    number = _decimal(amount)
    if number is None:
        return None
    decimals = decimals_of(currency)
    before, after = _around(currency)
    sign = MINUS if number < 0 else ""
    return sign + before, _grouped(abs(number).scaleb(-decimals), decimals), after


@register.filter
def money(amount, currency="VND") -> str:
    """Integer minor units as money of the reader's language; `None` as the words "not known"."""
    parts = _split_money(amount, str(currency))
    return "".join(parts) if parts else not_known()


@register.filter
def money_parts(amount, currency="VND") -> dict[str, str]:
    """`before`, `number`, `after` for a large figure with a small unit. Unknown: the words as `number`."""
    before, figure, after = _split_money(amount, str(currency)) or ("", not_known(), "")
    return {"before": before, "number": figure, "after": after.strip(NBSP)}


@register.filter
def money_short(amount, currency="VND") -> str:
    """Money rounded for a tile: `₫1.9B`, `1,9 T ₫`."""
    number = _decimal(amount)
    if number is None:
        return not_known()
    before, after = _around(str(currency))
    whole = abs(number).scaleb(-decimals_of(str(currency)))
    text = format_compact_decimal(whole, locale=LOCALES[reader_language()], fraction_digits=1)
    return (MINUS if number < 0 else "") + before + text.replace(" ", NBSP) + after


@register.filter
def number(value, decimals=None) -> str:
    """A grouped number; as many decimals as it has (at most two), unless `decimals` is given."""
    figure = _decimal(value)
    if figure is None:
        return not_known()
    if decimals is None:
        decimals = min(2, max(0, -figure.normalize().as_tuple().exponent))
    return (MINUS if figure < 0 else "") + _grouped(abs(figure), int(decimals))


@register.filter
def months(value) -> str:
    """Months of pay with one decimal: `1,9`. Zero is `0`; a trace above zero is never rounded down to it."""
    figure = _decimal(value)
    if figure is None:
        return not_known()
    if figure == 0:
        return "0"
    return _grouped(max(figure, Decimal("0.1")), 1)


@register.filter
def percent(ratio, decimals=0) -> str:
    """A ratio (0.447) as `45%`."""
    figure = _decimal(ratio)
    return not_known() if figure is None else _grouped(figure * 100, int(decimals)) + "%"


@register.simple_tag(name="percent")
def percent_of(part, whole, decimals=0) -> str:
    """Part of a whole as `45%`; "not known" when either is missing or the whole is zero."""
    top, bottom = _decimal(part), _decimal(whole)
    return percent(top / bottom if top is not None and bottom else None, decimals)


def local(value: dt.datetime) -> dt.datetime:
    """An aware moment in the zone of the reader's language."""
    aware = value if timezone.is_aware(value) else timezone.make_aware(value, dt.UTC)
    return aware.astimezone(ZONES[reader_language()])


@register.filter
def day(value, form="") -> str:
    """A date as people write it: full, `short`, `month`, `week` or `iso`."""
    if not isinstance(value, dt.date):
        return not_known()
    date = local(value).date() if isinstance(value, dt.datetime) else value
    if form == "iso":
        return date.isoformat()
    language = reader_language()
    return format_date(date, _DAYS[language][form], locale=LOCALES[language])


@register.filter
def moment(value, form="") -> str:
    """Day and time with the zone of the language; `short` without year and zone, `time` alone."""
    if not isinstance(value, dt.datetime):
        return not_known()
    language, here = reader_language(), local(value)
    clock = format_time(here, "HH.mm" if language == "id" else "HH:mm", locale=LOCALES[language])
    if form == "time":
        return clock
    return _MOMENTS[language][form].format(time=clock, day=day(value), short=day(value, "short"))


@register.filter
def minutes_up(seconds) -> int:
    """Seconds to wait as whole minutes, rounded up: a promise of waiting time must not be too short."""
    figure = _decimal(seconds)
    return 1 if figure is None else max(1, math.ceil(figure / 60))
