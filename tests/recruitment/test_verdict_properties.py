"""Laws of arithmetic that hold for any fee table and any law."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from recruitment.services.verdict import Ceiling, judge
from tests.recruitment.test_verdict import RATES, TERMS, line

amounts = st.integers(min_value=0, max_value=10**9)
lines_of = st.lists(
    st.builds(
        line,
        st.sampled_from(["F1", "F1a", "C1", "C4a", "X2"]),
        st.none() | amounts,
        st.sampled_from(["worker", "family", "employer", "sending_organization"]),
        st.sampled_from(["JPY", "VND", "USD", "IDR"]),
    ),
    max_size=6,
)
ceilings_of = st.lists(
    st.builds(
        lambda item, amount, currency, payer, others: Ceiling(
            "T", "T", "VN", item, payer=payer, amount=amount, currency=currency, others_count=others
        ),
        st.sampled_from(["F1", "C1", "C4a", "X2", "all"]),
        st.none() | amounts,
        st.sampled_from(["JPY", "VND", "IDR"]),
        st.sampled_from(["worker", "sending_organization"]),
        st.booleans(),
    ),
    max_size=4,
)


@given(lines_of, ceilings_of, st.data())
def test_a_lower_ceiling_never_makes_a_refused_line_lawful(lines, ceilings, data):
    before = judge(TERMS, lines, ceilings, RATES)
    lower = [
        dataclasses.replace(ceiling, amount=None if ceiling.amount is None else data.draw(st.integers(0, ceiling.amount)))
        for ceiling in ceilings
    ]
    after = judge(TERMS, lines, lower, RATES)

    for old, new in zip(before.lines, after.lines, strict=True):
        assert new.blocks or not old.blocks


@given(lines_of, ceilings_of, ceilings_of)
def test_one_more_law_never_makes_a_refused_line_lawful(lines, ceilings, more):
    """Except where law allows what only this platform refuses."""
    before, after = judge(TERMS, lines, ceilings, RATES), judge(TERMS, lines, [*ceilings, *more], RATES)

    for old, new in zip(before.lines, after.lines, strict=True):
        assert new.blocks or not old.blocks or old.basis == "platform"


@given(lines_of, ceilings_of, st.integers(1, 10**9), st.integers(1, 10**9), st.sampled_from(["worker", "family"]))
def test_splitting_a_charge_changes_nothing(lines, ceilings, first, second, payer):
    whole = judge(TERMS, [*lines, line(amount=first + second)], ceilings, RATES)
    parts = judge(TERMS, [*lines, line(amount=first), line(amount=second, payer=payer)], ceilings, RATES)

    assert parts.blocks == whole.blocks
    assert parts.legal == whole.legal
    assert parts.lines[-1].legal == parts.lines[-2].legal == whole.lines[-1].legal


@given(lines_of, ceilings_of, st.integers(0, 5), amounts)
def test_a_higher_charge_never_becomes_lawful(lines, ceilings, which, more):
    if which >= len(lines) or lines[which].amount is None:
        return
    raised = [dataclasses.replace(fee, amount=fee.amount + more) if number == which else fee for number, fee in enumerate(lines)]
    before, after = judge(TERMS, lines, ceilings, RATES), judge(TERMS, raised, ceilings, RATES)

    assert after.lines[which].blocks or not before.lines[which].blocks


@given(lines_of, ceilings_of)
def test_rows_that_do_not_bind_change_no_verdict(lines, ceilings):
    silent = [dataclasses.replace(ceiling, standing="last_verified") for ceiling in ceilings]

    bare, beside = judge(TERMS, lines, [], RATES), judge(TERMS, lines, silent, RATES)

    assert [verdict.legal for verdict in beside.lines] == [verdict.legal for verdict in bare.lines]
