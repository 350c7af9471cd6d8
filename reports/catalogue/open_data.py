"""The public figures as documents: what the page draws and every download holds. All of them read one release."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organizations.selectors.places import country_name
from recruitment.selectors import names
from recruitment.selectors.small_numbers import least
from reports.models import FigureRelease
from reports.renderers import Chart, Column, Document, Table
from reports.renderers.values import written
from reports.selectors.open_data import BANDS, bulk, status_names
from reports.selectors.survey import survey

SURVEY_DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)  # when the rows of the survey were last checked


def openings(release: FigureRelease) -> Document:
    """Openings by country of origin, programme and field."""
    data = release.document
    groups = (
        ("origin", _("Openings by country of origin"), _("Country"), country_name),
        ("programme", _("Openings by programme"), _("Programme"), names.programme_name),
        ("field", _("Openings by field of work"), _("Field"), lambda code: names.name("fields", code) or _("no field")),
    )
    parts: list[Any] = []
    for key, title, head, named in groups:
        lines = _by_size((code, named(code), n) for code, n in data[key].items())
        columns = (
            Column(
                "code", _("Code"), "code", meaning=_("The code of this platform; names change with the language, codes do not.")
            ),
            Column("name", head),
            _count_column(_("Openings")),
        )
        parts += [*_bars(title, lines, key), _table(key, title, columns, lines, total=data["total"])]
    return _document(
        "openings", _("Openings for work in Japan"), release, parts, _("Openings that anybody could see on that day.")
    )


def cost(release: FigureRelease) -> Document:
    """What openings ask of the worker, in months of take-home pay, by country of origin."""
    data = release.document
    lines = [
        (
            code,
            country_name(code),
            data["rows"][code],
            *(data["cells"][code][band] for band in BANDS),
            *_quarters(data["middle"][code]),
        )
        for code in sorted(data["rows"], key=country_name)
    ]
    words = _band_words()
    columns = (
        Column("origin", _("Code"), "code", meaning=_("ISO 3166 code of the country the workers come from."), for_files=True),
        Column("name", _("Country")),
        _count_column(_("Openings")),
        *(
            Column(
                f"months_{band}",
                words[band],
                "integer",
                meaning=_("Openings in this band, to the nearest five; empty: not enough data."),
                missing=_("not enough data"),
            )
            for band in BANDS
        ),
        Column(
            "low",
            _("A quarter asks at most"),
            "months",
            meaning=_("Lower quartile of the cost in months of take-home pay."),
            missing=_("not enough data"),
        ),
        Column(
            "median",
            _("Half ask at most"),
            "months",
            meaning=_("Median of the cost in months of take-home pay."),
            missing=_("not enough data"),
        ),
        Column(
            "high",
            _("Three quarters ask at most"),
            "months",
            meaning=_("Upper quartile of the cost in months of take-home pay."),
            missing=_("not enough data"),
        ),
    )
    totals = (None, None, data["total"], *(data["columns"][band] for band in BANDS), None, None, None)
    table = Table("cost", _("Cost by country of origin"), columns, lambda: iter(lines), count=len(lines), totals=totals)
    title = _("What openings ask, in months of take-home pay")
    return _document(
        "cost", title, release, [*_cost_charts(data, words), table], _("The whole cost that an opening names for the worker.")
    )


def _cost_charts(data: dict[str, Any], words: dict[str, str]) -> Iterable[Chart]:
    by_band = [{"label": words[band], "value": data["columns"][band], "text": _shown(data["columns"][band])} for band in BANDS]
    known = [row for row in by_band if row["value"]]
    if known:
        most = max(known, key=lambda row: row["value"])
        sentence = _("Most openings: %(band)s (%(n)s).") % {"band": most["label"], "n": most["text"]}
        yield Chart("bars", _("How many months of pay openings cost"), sentence, by_band, "cost")
    middles = [
        {"label": country_name(code), "value": float(middle["median"]), "text": written(Decimal(middle["median"]), 1)}
        for code, middle in data["middle"].items()
        if middle
    ]
    if middles:
        sentence = "; ".join(f"{row['label']}: {row['text']}" for row in middles)
        yield Chart("bars", _("Half of the openings ask at most so many months of pay"), sentence, middles, "cost")


def organizations(release: FigureRelease) -> Document:
    """Organizations that need a permit, by its status."""
    data = release.document
    known = status_names()
    lines = _by_size((code, known.get(code, code), n) for code, n in data["status"].items())
    columns = (
        Column("status", _("Code"), "code", for_files=True),
        Column("name", _("Status of the permit")),
        _count_column(_("Organizations")),
    )
    title = _("Organizations by the status of their permit")
    parts = [*_bars(title, lines, "status"), _table("status", title, columns, lines, total=data["total"])]
    return _document("organizations", title, release, parts, _("Published organizations that need a permit."))


def baseline() -> Document:
    """The Japanese survey of 2021-22: means, asked before this platform, never mixed with its own numbers."""
    lines = [
        (row["country"], country_name(row["country"]) if row["country"] else _("All countries together"), row["answers"],
         row["paid_share"], row["mean_total"], row["debt_share"], row["mean_debt"])
        for row in survey()
    ]  # fmt: skip
    columns = (
        Column("country", _("Code"), "code", meaning=_("ISO 3166 code; empty: all countries together."), for_files=True),
        Column("name", _("Country")),
        Column("answers", _("Answers"), "integer"),
        Column("paid_share", _("Paid a sending organization"), "percent"),
        Column("mean_total", _("Average total"), "money", currency="JPY", meaning=_("Average among those who paid.")),
        Column("debt_share", _("In debt"), "percent"),
        Column("mean_debt", _("Average debt"), "money", currency="JPY", meaning=_("Average among those in debt.")),
    )
    title = _("What technical intern trainees had paid, 2021–22")
    bars = [{"label": line[1], "value": line[4], "text": _shown(line[4])} for line in lines]
    known = [bar for bar in bars if bar["value"]]
    sentence = "; ".join(f"{bar['label']}: {bar['text']}" for bar in known)
    table = Table("survey", title, columns, lambda: iter(lines), count=len(lines))
    notes = (
        _("They are averages of the people who paid. A few very high payments lift an average; the numbers on our openings are not averages, so do not compare them."),
        _("People answered during inspections, and the amounts were changed into yen at the rates of January 2022."),
        _("Source: Immigration Services Agency of Japan, survey on payments by technical intern trainees, published on 26 July 2022. The number of answers is taken from the survey itself, the other figures from reports about it in the press."),
    )  # fmt: skip
    chart = Chart("bars", _("Average total paid, in yen"), sentence, bars, "survey")
    return Document(
        code="survey", title=title, subtitle="", facts=(), figures=(), parts=(chart, table), notes=notes,
        language=_language(), made_at=SURVEY_DAY, organization="", demo=False,
    )  # fmt: skip


FIGURES: dict[str, Callable[[FigureRelease], Document]] = {"openings": openings, "cost": cost, "organizations": organizations}


def method() -> tuple[str, ...]:
    """How the figures were made, in words; the same for every page and file."""
    return (
        _("Counts are rounded to the nearest five. “Not enough data” stands where there are fewer than %(n)s, and where such a number could be computed from the others.")
        % {"n": least()},
        _("The figures are counted once a month and then never changed. Every page and file of a month says the same."),
        _("Cost is what openings ask for, not what people paid. Figures of what people paid will follow when enough of them have told."),
    )  # fmt: skip


def _document(code: str, title: str, release: FigureRelease, parts: Iterable[Any], note: str) -> Document:
    month = release.month
    return Document(
        code=code, title=title, subtitle=_("Release of %(month)s") % {"month": date_format(month, "YEAR_MONTH_FORMAT")},
        facts=((_("Counted on"), date_format(release.made_at.date())), (_("Hash of the figures (SHA-256)"), release.sha256)),
        figures=(), parts=tuple(parts), notes=(note, *method()), language=_language(), made_at=release.made_at, organization="",
        demo=release.is_demo or settings.DEMO,
    )  # fmt: skip


def _language() -> str:
    return (get_language() or "en")[:2]


def _count_column(title: str) -> Column:
    return Column("n", title, "integer", meaning=_("To the nearest five; empty: not enough data."), missing=_("not enough data"))


def _by_size(lines: Iterable[tuple[str, str, int | None]]) -> list[tuple[str, str, int | None]]:
    """The largest first; what is hidden last, by name, so that the order says nothing about it."""
    return sorted(lines, key=lambda line: (line[2] is None, -(line[2] or 0), line[1]))


def _table(key: str, title: str, columns: tuple[Column, ...], lines: list[tuple], *, total: int | None) -> Table:
    return Table(key, title, columns, lambda: iter(lines), count=len(lines), totals=(None, None, total))


def _bars(title: str, lines: list[tuple[str, str, int | None]], table: str) -> tuple[Chart, ...]:
    shown = [line for line in lines if line[2]]
    if not shown:
        return ()
    sentence = _("Most: %(name)s (%(n)s).") % {"name": shown[0][1], "n": _shown(shown[0][2])}
    data = [{"label": name, "value": n, "text": _shown(n)} for _code, name, n in lines[:12]]
    return (Chart("bars", title, sentence, data, table),)


def _shown(n: int | None) -> str:
    return "" if n is None else written(n)


def _quarters(middle: dict[str, str] | None) -> tuple[Decimal | None, ...]:
    return (None, None, None) if middle is None else tuple(Decimal(middle[name]) for name in ("low", "median", "high"))


def _band_words() -> dict[str, str]:
    return {
        "0": _("nothing"),
        "1": _("up to 1 month"),
        "2": _("1 to 2 months"),
        "3": _("2 to 3 months"),
        "6": _("3 to 6 months"),
        "more": _("more than 6 months"),
        "unknown": _("cost not known"),
    }


def every_opening(*, now: datetime.datetime) -> Document:
    """All public openings as they are now, for who wants to count for themselves."""
    code = _("The code of this platform; names change with the language, codes do not.")
    columns = (
        Column("code", _("Code"), "code"),
        Column("origin", _("Country"), "code", meaning=code),
        Column("programme", _("Programme"), "code", meaning=code),
        Column("field", _("Field"), "code", meaning=code),
        Column("occupation", _("Work"), "code", meaning=code),
        Column("prefecture", _("Prefecture"), "code", meaning=code),
        Column("city", _("Place")),
        Column("months", _("Months of pay"), "months"),
        Column("cost", _("Worker pays"), "money", currency_key="currency"),
        Column("currency", _("Currency"), "code"),
        Column("at_least", _("At least"), "code", meaning=_("true: something is not known, the cost is at least this.")),
        Column("take_home", _("Take-home pay a month"), "money", currency="JPY"),
        Column("zero_fee", _("The worker pays nothing"), "code"),
        Column("places_left", _("Places left"), "integer"),
        Column("published", _("Published"), "moment"),
    )
    table = Table("openings", _("Openings"), columns, lambda: bulk(now=now))
    return Document(
        code="all-openings", title=_("Openings"), subtitle="", facts=(), figures=(), parts=(table,), notes=(), language=_language(),
        made_at=now, organization="", demo=settings.DEMO,
    )  # fmt: skip
