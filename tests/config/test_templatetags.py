"""Numbers, signs and boxes of the pages, in four languages and with hostile text."""

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from config.templatetags.terang import amounts, signs
from config.templatetags.terang.charts import _fit, _nice_top
from config.templatetags.terang.pictures import _shares

N = "\u00a0"
HOSTILE = "<script>alert(1)</script>\"'&"
NOW = dt.datetime(2026, 11, 23, 3, 42, tzinfo=dt.UTC)


def render(source: str, language: str = "en", **context) -> str:
    with override(language):
        return Template(source).render(Context(context))


# -- money --------------------------------------------------------------------------------------------------------------

MONEY = [
    (44620000, "VND", f"44.620.000{N}₫", "₫44.620.000", "₫44,620,000", "44,620,000ドン"),
    (138000, "JPY", f"138.000{N}¥", "¥138.000", "¥138,000", "138,000円"),
    (5000000, "IDR", f"5.000.000{N}Rp", f"Rp{N}5.000.000", f"Rp{N}5,000,000", "5,000,000ルピア"),
    (0, "VND", f"0{N}₫", "₫0", "₫0", "0ドン"),
    (-4100, "JPY", f"−4.100{N}¥", "−¥4.100", "−¥4,100", "−4,100円"),
    (123456, "USD", f"1.234,56{N}US$", "US$1.234,56", "US$1,234.56", "1,234.56米ドル"),
    (5, "USD", f"0,05{N}US$", "US$0,05", "US$0.05", "0.05米ドル"),
    (1234, "KWD", f"1,234{N}KWD", f"KWD{N}1,234", f"KWD{N}1.234", f"1.234{N}KWD"),
    (10**18, "VND", f"1.000.000.000.000.000.000{N}₫", "₫1.000.000.000.000.000.000", "₫1,000,000,000,000,000,000",
     "1,000,000,000,000,000,000ドン"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "currency", "vi", "id_", "en", "ja"), MONEY)
def test_money_is_written_as_each_language_writes_it(amount, currency, vi, id_, en, ja):
    for language, expected in {"vi": vi, "id": id_, "en": en, "ja": ja}.items():
        assert render("{{ amount|money:currency }}", language, amount=amount, currency=currency) == expected


@pytest.mark.parametrize("value", [None, "", "abc", True, Decimal("NaN"), float("inf"), object()])
def test_what_is_no_number_is_not_known_and_never_zero(value):
    assert render("{{ v|money:'VND' }} {{ v|months }} {{ v|number }} {{ v|percent }}", v=value) == " ".join(["not known"] * 4)


def test_decimals_are_those_of_the_reference_data():
    with (Path(__file__).resolve().parents[2] / "recruitment/reference/currencies.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert (row["code"], amounts.decimals_of(row["code"])) == (row["code"], int(row["exponent"]))


def test_money_never_breaks_inside():
    for language in ("vi", "id", "en", "ja"):
        assert " " not in render("{{ 44620000|money:'IDR' }}{{ 1900000000|money_short:'VND' }}", language)


def test_a_currency_code_from_outside_is_escaped():
    assert "<" not in render("{{ 1|money:code }}", code=HOSTILE).replace("&lt;", "")


def test_the_large_figure_has_its_unit_apart():
    with override("vi"):
        assert amounts.money_parts(44620000, "VND") == {"before": "", "number": "44.620.000", "after": "₫"}
    with override("id"):
        assert amounts.money_parts(5000, "IDR") == {"before": f"Rp{N}", "number": "5.000", "after": ""}
    with override("en"):
        assert amounts.money_parts(None, "VND") == {"before": "", "number": "not known", "after": ""}


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [(Decimal("1.9"), "1,9", "1.9"), (2, "2,0", "2.0"), (0, "0", "0"), (Decimal("1.85"), "1,9", "1.9"),
     (Decimal("0.01"), "0,1", "0.1"), (1234, "1.234,0", "1,234.0")],
)  # fmt: skip
def test_months_have_one_decimal_and_a_trace_is_not_zero(value, vi, en):
    assert (render("{{ v|months }}", "vi", v=value), render("{{ v|months }}", "en", v=value)) == (vi, en)


def test_numbers_and_shares():
    template = "{{ 1284|number }} {{ d|number }} {% percent 447 1000 %} {% percent 1 0 %} {% percent None 5 %}"

    assert render(template, "vi", d=Decimal("44.60")) == "1.284 44,6 45% chưa biết chưa biết"
    assert render(template, "en", d=Decimal("44.60")) == "1,284 44.6 45% not known not known"


@pytest.mark.parametrize(
    ("amounts_", "shares"), [([44620000, 51470000, 3750000], [45, 51, 4]), ([1, 1, 1], [34, 33, 33]), ([5], [100])]
)
def test_shares_add_up_to_a_hundred(amounts_, shares):
    assert _shares(amounts_) == shares


# -- dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "day", "short", "month", "moment"),
    [
        ("vi", "23/11/2026", "23/11", "tháng 11/2026", "10:42, 23/11/2026 (giờ Việt Nam)"),
        ("id", "23 November 2026", "23 Nov", "November 2026", "23 November 2026, 10.42 WIB"),
        ("en", "23 November 2026", "23 Nov", "November 2026", "23 November 2026, 12:42 (Japan time)"),
        ("ja", "2026年11月23日", "11月23日", "2026年11月", "2026年11月23日12:42（日本時間）"),
    ],
)
def test_dates_and_the_zone_of_each_language(language, day, short, month, moment):
    source = "{{ d|day }}|{{ d|day:'short' }}|{{ d|day:'month' }}|{{ t|moment }}|{{ d|day:'iso' }}"

    text = render(source, language, d=NOW.date(), t=NOW)

    assert text == f"{day}|{short}|{month}|{moment}|2026-11-23"


def test_a_moment_late_in_the_evening_is_the_next_day_over_there():
    late = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)

    assert render("{{ t|day }}", "ja", t=late) == "2026年11月24日"
    assert render("{{ t|day }} {{ t|moment }}", t=None) == "not known not known"


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (None, 1)])
def test_waiting_time_is_rounded_up(seconds, minutes):
    assert amounts.minutes_up(seconds) == minutes


# -- squares ------------------------------------------------------------------------------------------------------------


def squares(value, **context):
    html = render("{% months_squares v %}", v=value, **context)
    return html, html.count('class="f"'), html.count('class="o"')


@pytest.mark.parametrize(
    ("value", "filled", "empty"),
    [(0, 0, 4), (Decimal("1.9"), 2, 2), (4, 4, 0), (Decimal("4.1"), 5, 0), (Decimal("11.3"), 12, 0), (900, 48, 0)],
)
def test_one_square_is_one_month(value, filled, empty):
    assert squares(value)[1:] == (filled, empty)


def test_the_part_of_a_month_fills_a_part_of_its_square():
    html, *_ = squares(Decimal("1.9"))

    assert '<rect class="f" x="32" y="1" width="23.4" height="24" rx="2"/>' in html
    assert 'aria-label="1.9 months of take-home pay"' in html


def test_unknown_is_a_ring_with_words_and_not_four_empty_squares():
    html, filled, empty = squares(None)

    assert (filled, empty) == (0, 0)
    assert "#i-unk" in html
    assert 'aria-label="Months of pay: not known"' in html


# -- signs --------------------------------------------------------------------------------------------------------------


def test_every_sign_has_one_file_and_its_own_name():
    for name, symbol in signs.symbols().items():
        assert symbol.startswith(f'<symbol id="i-{name}" viewBox="0 0 24 24">')
        assert symbol.count("<symbol") == 1
    assert len(set(signs.symbols().values())) == len(signs.symbols())


def test_every_verdict_and_status_has_a_sign():
    assert {sign for _css, sign in signs.VERDICTS.values()} <= set(signs.symbols())
    assert {verdict for verdict, _words in signs.STATUSES.values()} <= set(signs.VERDICTS)


def test_the_page_carries_only_the_signs_it_uses():
    html = render('{% sprites %}{% icon "ok" %}{% icon "ok" %}<div data-signs="stop nothing"></div>{% endsprites %}')

    assert re.findall(r'<symbol id="i-(\w+)"', html) == ["ok", "stop"]


def test_a_page_without_signs_carries_no_sprite():
    assert render("{% sprites %}words{% endsprites %}") == "words"


def test_a_sign_alone_has_a_label_and_a_sign_beside_words_is_hidden():
    assert 'role="img" aria-label="Search"' in render('{% icon "search" label="Search" %}')
    assert 'aria-hidden="true"' in render('{% icon "search" %}')


def test_an_unheard_of_sign_is_a_mistake_of_ours():
    with pytest.raises(TemplateSyntaxError):
        render('{% icon "unicorn" %}')


def test_an_unheard_of_verdict_or_status_is_unknown_and_never_fine():
    assert 'class="chip unk"' in render('{% chip "splendid" "x" %}')
    assert "Permit not checked" in render("{% status code %}", code=None)


@pytest.mark.parametrize(
    ("hours", "paused", "words", "sign"),
    [(-3, "", "Late by 3 hours", "late"), (-0.5, "", "Late by less than 1 hour", "late"), (-72, "", "Late by 3 days", "late"),
     (5, "", "Today 17:42", "warn"), (24, "", "Tomorrow", "clock"), (240, "", "3 Dec", "clock"), (5, "ill", "Paused: ill", "pause")],
)  # fmt: skip
def test_due_clocks(hours, paused, words, sign):
    html = render("{% due at now paused=paused %}", at=NOW + dt.timedelta(hours=hours), now=NOW, paused=paused)

    assert words in html
    assert f"#i-{sign}" in html


# -- boxes and pictures -------------------------------------------------------------------------------------------------

HOSTILE_TEMPLATES = [
    "{% chip 'stop' t %}{% status 'valid' text=t %}{% icon 'ok' label=t %}{% due now now paused=t %}",
    "{% months_squares 1 label=t %}{% qr t label=t %}",
    "{% say 'stop' t id=t %}{{ t }}{% endsay %}{% box t %}{{ t }}{% endbox %}{% filters 1 %}{{ t }}{% endfilters %}{% nothing t %}{% endnothing %}",
    "{% who_pays_bar parts %}{% take_home lines 1 t %}{% ceiling_bar 1 2 t %}",
    "{% chart_bars rows title=t unit=t note=t %}{% chart_line rows title=t head=t %}{% chart_ranges ranges title=t note=t %}",
    "{% include 'components/_job_card.html' %}{% include 'components/_say.html' with title=t text=t verdict=t facts=facts %}",
    "{% include 'components/_text.html' with text=t lang='vi' source='human' on=now %}{% include 'components/_crumb.html' with text=t url=t %}",
    "{% include 'components/_facet.html' with legend=t name=t choices=choices %}{% include 'components/_empty.html' with title=t text=t links=links %}",
    "{% include 'components/_fees.html' with groups=groups total=1 currency='VND' %}{% include 'components/_flow.html' %}",
    "{% include 'components/_diff.html' with old=t new=t rows=changes %}{% include 'components/_tiles.html' %}{% include 'components/_signals.html' %}",
    "{% include 'components/_status.html' with status=t checked_by=t checked_on=now reason=t %}{% include 'components/_progress.html' with title=t %}",
    "{% include 'components/_leave.html' with state=t note=t exit_url=t %}{% include 'components/_pager.html' with next=t previous=t %}",
]


def hostile_context():
    t = HOSTILE
    chip = {"verdict": t, "text": t}
    job = {
        "url": t,
        "title": t,
        "lang": t,
        "meta": [t],
        "total": t,
        "currency": t,
        "take_home": 1,
        "take_home_currency": t,
        "months": t,
        "chips": [chip],
    }
    line = {"name": t, "amount": 1, "currency": t, "note": t, "chips": [chip], "payer": t, "label": t, "value": 1, "text": t}
    return {
        "t": t, "now": NOW, "job": job, "parts": [line], "lines": [line], "rows": [line, {**line, "value": None}],
        "ranges": [{"label": t, "note": t, "asked": 1, "paid": None, "low": None, "high": 3}], "facts": [{"label": t, "value": t}],
        "choices": [{"value": t, "label": t, "count": None, "checked": True}], "links": [{"url": t, "text": t}],
        "groups": [{"payer": t, "name": t, "subtotal": t, "currency": t, "chips": [chip], "lines": [line]}], "steps": [line],
        "changes": [{"label": t, "old": t, "new": t, "direction": t}], "tiles": [{"label": t, "value": t, "note": t, "url": t}],
        "signals": [{"verdict": t, "title": t, "subject": t, "text": t, "note": t, "actions": [{"url": t, "text": t}]}],
    }  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE_TEMPLATES)
def test_hostile_text_stays_text(source):
    html = render(source, **hostile_context())

    assert "<script" not in html
    assert "\"'" not in html  # the quote did not leave its attribute


def test_the_bar_of_who_pays_is_not_drawn_over_an_unknown_amount():
    parts = [
        {"payer": "you", "name": "You", "amount": 5, "currency": "VND"},
        {"payer": "emp", "name": "Company", "amount": None, "currency": "VND"},
    ]

    html = render("{% who_pays_bar parts %}", parts=parts)

    assert "<rect" not in html
    assert "%" not in html
    assert "not known" in html


def test_a_charge_above_its_ceiling_is_drawn_as_such_and_no_ceiling_is_not_drawn():
    assert 'class="over"' in render("{% ceiling_bar 5 3 'VND' %}")
    assert "No verified ceiling" in render("{% ceiling_bar 5 None 'VND' %}")
    assert "<rect" not in render("{% ceiling_bar 5 None 'VND' %}")
    assert 'class="you"' in render("{% ceiling_bar 0 0 'VND' %}")


def test_take_home_with_an_unknown_deduction_says_at_most():
    lines = [{"name": "Wage", "amount": 200000}, {"name": "Rent", "amount": None}]

    assert "You receive, at most" in render("{% take_home lines 200000 'JPY' %}", lines=lines)


def test_a_gap_in_a_line_is_a_gap():
    points = [{"label": "1", "value": 3}, {"label": "2", "value": None}, {"label": "3", "value": 5}]

    path = re.search(r'class="track" d="([^"]+)"', render("{% chart_line points title='x' %}", points=points))[1]

    assert path.count("M") == 2
    assert "L" not in path


def test_charts_without_numbers_say_so():
    for tag in ("chart_bars", "chart_line", "chart_ranges"):
        assert "There are no numbers yet." in render(f"{{% {tag} rows title='x' %}}", rows=[])


def test_wide_labels_are_cut_in_the_picture_only():
    assert _fit("あ" * 30) == "あ" * 22 + "…"
    assert ("あ" * 30) in render("{% chart_bars rows title='x' %}", "ja", rows=[{"label": "あ" * 30, "value": 1}])


@pytest.mark.parametrize(("value", "top"), [(0, 1), (3.1, 4), (40, 40), (63, 80), (0.02, 0.02)])
def test_axes_end_at_a_round_number(value, top):
    assert _nice_top(value)[0] == pytest.approx(top)


def test_no_picture_speaks_scientific_notation():
    points = [{"label": "x", "value": Decimal("1E+3")}, {"label": "y", "value": Decimal("1E-9")}]

    html = render(
        "{% chart_line p title='x' %}{% chart_bars p title='x' %}{% bar_mini v 1 %}{% months_squares v %}",
        p=points,
        v=Decimal("1E-9"),
    )

    assert not re.search(r"\d[eE][+-]\d", html)


def test_data_for_machines_cannot_end_its_own_script():
    html = render("{% json_ld data %}", data={"title": "</script><script>alert(1)</script>", "date": NOW.date()})

    assert html.count("<script") == html.count("</script>") == 1
    assert '"date": "2026-11-23"' in html
