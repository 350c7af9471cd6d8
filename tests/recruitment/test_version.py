"""What changed between two versions, in structure and in words; the fingerprint."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from recruitment.selectors.changes import change_rows
from recruitment.services.version import CODES, PLAIN, changes_between, fingerprint

FEE = {
    "item": "F1", "amount": 33_320_000, "currency": "VND", "payer": "worker", "payer_by_law": "", "payee": "sending_organization",
    "stage": "signing", "refund": "no", "receipt": True, "instalments": 1, "note": "", "legal": "legal", "ilo": "", "ceiling": "",
    "ceiling_amount": None,
}  # fmt: skip
BASE = {
    **dict.fromkeys(CODES, ""),
    **dict.fromkeys(PLAIN),
    "wage_base": 196_000,
    "wage_currency": "JPY",
    "city": "Yaizu",
    "insurance": ["health"],
    "fees": [FEE],
    "pay": [{"kind": "rent", "amount": 20_000, "note": ""}],
    "texts": [],
    "cost": {"total_home": 33_320_000, "home_currency": "VND", "take_home_jpy": 176_000, "months_of_pay": "1.11"},
}


def changed(**values):
    return {**copy.deepcopy(BASE), **values}


def brief(changes):
    return [(c["field"], c["label"], c["direction"]) for c in changes]


def test_nothing_changed_is_nothing():
    assert changes_between(BASE, changed()) == []


def test_a_raised_fee_goes_up():
    after = changed(fees=[{**FEE, "amount": 40_000_000}])

    assert brief(changes_between(BASE, after)) == [("fees", "F1", "up")]


def test_a_fee_moved_to_another_payer_is_a_change_of_the_same_line():
    after = changed(fees=[{**FEE, "payer": "employer"}])

    [change] = changes_between(BASE, after)

    assert (change["direction"], change["before"]["payer"], change["after"]["payer"]) == ("changed", "worker", "employer")


def test_new_and_dropped_lines_are_told_apart():
    after = changed(fees=[{**FEE, "item": "C1", "amount": 300_000}], pay=[])

    assert brief(changes_between(BASE, after)) == [("fees", "F1", "removed"), ("fees", "C1", "added"), ("pay", "rent", "removed")]


def test_unknown_is_not_zero():
    after = changed(fees=[{**FEE, "amount": None}], wage_base=None)

    assert brief(changes_between(BASE, after)) == [("wage_base", "", "removed"), ("fees", "F1", "changed")]


def test_terms_texts_and_totals():
    after = changed(
        city="Shizuoka",
        insurance=["health", "pension"],
        fees=[{**FEE, "refund": "full"}],
        texts=[{"key": "work", "language": "vi", "text": "Cá", "origin": "original", "on": "2026-11-23"}],
        cost={**BASE["cost"], "months_of_pay": "1.20"},
    )

    assert brief(changes_between(BASE, after)) == [
        ("city", "", "changed"),
        ("insurance", "", "changed"),
        ("fees.refund", "F1", "changed"),
        ("texts", "work", "added"),
        ("months_of_pay", "", "up"),
    ]


def test_rows_for_pages_have_words_and_typed_values(db):
    after = changed(fees=[{**FEE, "amount": 40_000_000}], departure_on="2027-06-01", route="public")

    rows = {row["field"]: row for row in change_rows(changes_between(BASE, after))}

    assert rows["fees"]["label"]
    assert rows["fees"]["new"]["amount"] == 40_000_000
    assert (rows["departure_on"]["kind"], rows["departure_on"]["new"].year) == ("date", 2027)
    assert rows["route"]["new"] == "Through a public body"


@given(st.lists(st.sampled_from(["F1", "C1", "C4a"]), max_size=6), st.lists(st.sampled_from(["F1", "C1", "C4a"]), max_size=6))
def test_every_line_is_accounted_for(before, after):
    one = changed(fees=[{**FEE, "item": item, "amount": n} for n, item in enumerate(before)])
    two = changed(fees=[{**FEE, "item": item, "amount": 100 + n} for n, item in enumerate(after)])

    found = [c for c in changes_between(one, two) if c["field"] == "fees"]

    added = sum(c["direction"] == "added" for c in found)
    removed = sum(c["direction"] == "removed" for c in found)
    assert len(after) - len(before) == added - removed


def test_the_fingerprint_does_not_depend_on_the_order_of_keys():
    turned = dict(reversed(list(BASE.items())))

    assert fingerprint(turned) == fingerprint(BASE)
    assert fingerprint(changed(city="Yaizu ")) != fingerprint(BASE)
