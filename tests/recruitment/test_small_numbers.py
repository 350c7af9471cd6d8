"""No hidden count can be computed from what is shown: of one release, or of two that follow each other."""

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recruitment.selectors import small_numbers
from recruitment.selectors.small_numbers import ShownTable, enough, rounded, shown_list, shown_table
from tests.recruitment.attacker import Attack, see_list, see_table

ROWS, COLUMNS = ("VN", "ID", "PH"), ("0", "1", "unknown")
FEW = settings(
    max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck)
)
COUNT = st.one_of(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7, 10, 23]), st.integers(0, 60))
TABLE = st.fixed_dictionaries({(row, column): COUNT for row in ROWS for column in COLUMNS})


def truth(counts: dict) -> dict:
    """Every true number behind a table, sums too."""
    all_of_it = {(row, column): counts.get((row, column), 0) for row in ROWS for column in COLUMNS}
    for row in ROWS:
        all_of_it[row, "*"] = sum(all_of_it[row, column] for column in COLUMNS)
    for column in COLUMNS:
        all_of_it["*", column] = sum(all_of_it[row, column] for row in ROWS)
    all_of_it["*", "*"] = sum(all_of_it[row, "*"] for row in ROWS)
    return all_of_it


def hidden_from(shown) -> int:
    """What a hidden number is at least: one, unless nothing is shown."""
    return 0 if all(value is None for value in shown.cells.values()) else 1


def pinned(attack: Attack, counts: dict, release: int = 0) -> list:
    """The small numbers that can have one value only."""
    small = [place for place, number in truth(counts).items() if 0 < number < 5]
    return [place for place in small if len(attack.values((release, *place))) < 2]


# -- the rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)])
def test_shown_counts_are_rounded_to_fives(count, shown):
    assert rounded(count) == shown
    assert shown_list({"a": count, "b": 40}).cells["a"] == shown


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_small_count_is_hidden_and_so_is_what_would_give_it_away(count):
    assert shown_list({"a": count, "b": 50, "c": 9, "d": 0}).cells == {"a": None, "b": 50, "c": 10, "d": 0}
    assert shown_list({"a": 1, "b": 8, "c": 23}).cells == {"a": None, "b": None, "c": 25}


def test_a_list_of_few_says_nothing():
    assert shown_list({"a": 1, "b": 2, "c": 0}) == small_numbers.ShownList({"a": None, "b": None, "c": 0}, None)


def test_sums_do_not_lead_to_a_small_place():
    shown = shown_table({("VN", "0"): 2, ("VN", "1"): 30, ("ID", "0"): 12, ("ID", "1"): 11, ("PH", "1"): 5}, ROWS, COLUMNS)

    assert shown.cells["VN", "0"] is None
    assert shown.rows == {"VN": 30, "ID": 25, "PH": 5}
    assert shown.cells["ID", "1"] == 10  # 11 or 10 or 12: the rounding hides the step already
    assert shown.total == 60


def test_when_no_second_table_is_possible_only_the_sum_is_shown():
    shown = shown_table({("VN", "0"): 1, ("ID", "1"): 12}, ROWS, COLUMNS)

    assert set(shown.cells.values()) == set(shown.rows.values()) == set(shown.columns.values()) == {None}
    assert shown.total == 15


@pytest.mark.parametrize(("count", "organizations", "answer"), [(4, None, False), (5, None, True), (9, 2, False), (5, 3, True)])
def test_a_figure_needs_enough_cases_of_enough_organizations(count, organizations, answer):
    assert enough(count, organizations) is answer


@override_settings(SMALL_NUMBERS_LEAST=10)
def test_an_installation_may_be_stricter():
    assert shown_list({"a": 9, "b": 50, "c": 40}).cells == {"a": None, "b": 50, "c": 40}
    assert not enough(9)


@override_settings(SMALL_NUMBERS_LEAST=1)
def test_no_installation_may_be_laxer():
    assert small_numbers.least() == 5


# -- the attacker -------------------------------------------------------------------------------------------------------


@given(TABLE)
@FEW
def test_one_release_gives_no_small_number_away(counts):
    shown = shown_table(counts, ROWS, COLUMNS)
    attack = Attack()
    see_table(attack, shown, ROWS, COLUMNS, hidden_from=hidden_from(shown))

    assert pinned(attack, counts) == []


PLACE = st.sampled_from([(row, column) for row in ROWS for column in COLUMNS])


def two_months(counts: dict, later: dict, *, knows: bool = True) -> tuple[Attack, ShownTable]:
    """What a reader of both months can work with: each month's table, and that cases only join. `knows`: the second month is
    published with the first in mind."""
    first = shown_table(counts, ROWS, COLUMNS)
    second = shown_table(later, ROWS, COLUMNS, before=(counts, first) if knows else None)
    attack = Attack()
    for release, shown in enumerate((first, second)):
        see_table(attack, shown, ROWS, COLUMNS, release=release, hidden_from=hidden_from(shown))
    attack.orders += [((0, row, column), (1, row, column)) for row in ROWS for column in COLUMNS]
    return attack, second


@given(TABLE, PLACE, st.integers(0, 2))
@settings(FEW, max_examples=25)
def test_two_releases_give_no_small_number_away(counts, place, more):
    """The second month has the cases of the first and `more` in one place."""
    later = {**counts, place: counts[place] + more}

    attack, _second = two_months(counts, later)

    assert pinned(attack, counts, 0) == []
    assert pinned(attack, later, 1) == []


def test_a_month_like_the_one_before_is_shown_like_it():
    counts = {("VN", "0"): 2, ("VN", "1"): 30, ("ID", "0"): 12, ("ID", "1"): 11, ("PH", "1"): 5}
    first = shown_table(counts, ROWS, COLUMNS)

    assert shown_table(counts, ROWS, COLUMNS, before=(counts, first)) == first


JOINED = {("VN", "0"): 3, ("VN", "unknown"): 29, ("ID", "0"): 1, ("ID", "1"): 3, ("PH", "1"): 5, ("PH", "unknown"): 5}


@pytest.mark.parametrize(("knows", "found"), [(False, [("ID", "0")]), (True, [])])
def test_a_month_published_without_the_one_before_gives_a_number_away(knows, found):
    attack, _second = two_months(JOINED, {**JOINED, ("VN", "1"): 1}, knows=knows)

    assert pinned(attack, JOINED, 0) == found


@given(TABLE, st.fixed_dictionaries(dict.fromkeys(("CARE", "FOOD", "FARM"), COUNT)))
@FEW
def test_a_list_beside_the_table_gives_no_small_number_away(counts, by_field):
    """Two endpoints with one sum: the last field takes what the table has more."""
    rest = sum(counts.values()) - sum(by_field.values())
    if rest < 0:
        by_field = dict.fromkeys(by_field, 0)
        rest = sum(counts.values())
    fields = {**by_field, "OTHER": rest}
    shown, listed = shown_table(counts, ROWS, COLUMNS), shown_list(fields)
    attack = Attack()
    see_table(attack, shown, ROWS, COLUMNS, hidden_from=hidden_from(shown))
    see_list(attack, listed, hidden_from=hidden_from(listed))

    assert pinned(attack, counts) == []
    assert [key for key, n in fields.items() if 0 < n < 5 and len(attack.values((0, "list", key))) < 2] == []


# -- the attacker can win -----------------------------------------------------------------------------------------------

COUNTS = {("VN", "0"): 3, ("VN", "1"): 30, ("VN", "2"): 20, ("ID", "0"): 12, ("ID", "1"): 9, ("PH", "2"): 50}


def test_the_attacker_wins_against_hiding_small_numbers_only():
    exact = truth(COUNTS)
    hidden = {place: None if 0 < number < 5 else number for place, number in exact.items()}
    broken = ShownTable(
        {(row, column): hidden[row, column] for row in ROWS for column in COLUMNS},
        {row: hidden[row, "*"] for row in ROWS},
        {column: hidden["*", column] for column in COLUMNS},
        hidden["*", "*"],
    )
    attack = Attack()
    see_table(attack, broken, ROWS, COLUMNS, base=1)

    assert pinned(attack, COUNTS) == [("VN", "0")]


def test_the_attacker_wins_against_rounding_alone():
    """Twelve in all, at least nine of them in one row: the other three are one each."""
    counts = {("ID", "0"): 8, ("ID", "1"): 1, ("PH", "0"): 1, ("PH", "1"): 1, ("PH", "unknown"): 1}
    exact = truth(counts)
    hidden = {place: None if 0 < number < 5 else rounded(number) for place, number in exact.items()}
    broken = ShownTable(
        {(row, column): hidden[row, column] for row in ROWS for column in COLUMNS},
        {row: hidden[row, "*"] for row in ROWS},
        {column: hidden["*", column] for column in COLUMNS},
        hidden["*", "*"],
    )
    attack = Attack()
    see_table(attack, broken, ROWS, COLUMNS)

    assert ("PH", "1") in pinned(attack, counts)


def test_the_attacker_wins_against_two_pages_that_hide_different_things():
    """The list shows what the table hides."""
    shown = shown_table(COUNTS, ROWS, COLUMNS)
    attack = Attack()
    see_table(attack, shown, ROWS, COLUMNS)
    for place in shown.cells:
        if place != ("VN", "0"):
            attack.see((0, *place), COUNTS.get(place, 0), base=1, least=0)
    for row in ROWS:
        attack.see((0, row, "*"), truth(COUNTS)[row, "*"], base=1)

    assert pinned(attack, COUNTS) == [("VN", "0")]
