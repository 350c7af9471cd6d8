import dataclasses
import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from recruitment.services.exchange import Rate, Rates
from recruitment.services.verdict import Ceiling, FeeLine, Gap, Ilo, Legal, ProRata, Terms, allowed_amount, covers, judge

DAY = datetime.date(2026, 12, 1)
RATES = Rates.of(
    [Rate("JPY", "VND", Fraction(170), DAY, is_sample=True), Rate("JPY", "USD", Fraction(66, 10000), DAY)],
    {"JPY": 0, "VND": 0, "USD": 2, "IDR": 0},
)
SERVICE = Ceiling(
    "VN-SVC-DEFAULT-2022",
    "VN-SVC-DEFAULT",
    "VN",
    "F1",
    origin="VN",
    unit="month_of_contract_wage",
    rate_per_12m=Decimal(1),
    cap=Decimal(3),
    cap_from_months=36,
    wage_base="contract_wage",
    valid_from=datetime.date(2022, 1, 1),
    others_count=True,
    earliest_step=40,
)
NO_DEPOSIT = Ceiling("VN-DEP-JP", "VN-DEP-JP", "VN", "X2", origin="VN", destination="JP", amount=0)
ESD = Ceiling(
    "JP-ESD-FEE",
    "JP-ESD-FEE",
    "JP",
    "all",
    destination="JP",
    programme="ESD",
    payee="sending_organization",
    unit="month_of_plan_pay",
    cap=Decimal(2),
    wage_base="plan_pay",
    valid_from=datetime.date(2027, 4, 1),
    date_basis="entry",
    mark="S",
)
TERMS = Terms("VN", "JP", "SSW1", DAY, "SSW", contract_months=36, wages={"contract_wage": 196_000, "plan_pay": 196_000})


def line(item="F1", amount=1, payer="worker", currency="VND", payee="sending_organization", step=None):
    return FeeLine(item, payer, amount, currency, payee, step)


def one(fee, *ceilings, terms=TERMS, **kwargs):
    return judge(terms, [fee], ceilings, RATES, **kwargs).lines[0]


def terms(**changes):
    return dataclasses.replace(TERMS, **changes)


# -- how much the law allows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "allowed"),
    [(36, 588_000), (48, 588_000), (60, 588_000), (12, 196_000), (30, 490_000), (35, Fraction(1715000, 3)), (0, 0)],
)
def test_viet_nam_allows_a_month_for_each_year_and_three_at_most(months, allowed):
    assert allowed_amount(SERVICE, terms(contract_months=months)) == (allowed, Gap.NONE)


def test_whole_years_is_the_other_reading_of_the_law():
    assert allowed_amount(SERVICE, terms(contract_months=35), pro_rata=ProRata.WHOLE_YEAR) == (392_000, Gap.NONE)


def test_an_extension_allows_half_a_month_for_a_year():
    renewal = dataclasses.replace(SERVICE, rate_per_12m=Decimal("0.5"), cap=None, cap_from_months=None)

    assert allowed_amount(renewal, terms(contract_months=12)) == (98_000, Gap.NONE)


def test_a_cap_without_a_rate_needs_no_months():
    assert allowed_amount(ESD, terms(contract_months=None)) == (392_000, Gap.NONE)


@pytest.mark.parametrize(
    ("ceiling", "changes", "gap"),
    [
        (SERVICE, {"wages": {}}, Gap.WAGE_UNKNOWN),
        (SERVICE, {"contract_months": None}, Gap.MONTHS_UNKNOWN),
        (dataclasses.replace(SERVICE, unit="actual_cost"), {}, Gap.NO_NUMBER),
        (dataclasses.replace(NO_DEPOSIT, amount=None), {}, Gap.NO_NUMBER),
        (dataclasses.replace(SERVICE, rate_per_12m=None, cap=None), {}, Gap.NO_NUMBER),
    ],
)
def test_what_is_not_known_allows_nothing_and_forbids_nothing(ceiling, changes, gap):
    assert allowed_amount(ceiling, terms(**changes)) == (None, gap)


def test_zero_needs_neither_wage_nor_months():
    nothing = dataclasses.replace(SERVICE, rate_per_12m=Decimal(0), cap=Decimal(0), cap_from_months=None)

    assert allowed_amount(nothing, terms(wages={}, contract_months=None)) == (0, Gap.NONE)


# -- verdicts on one line ------------------------------------------------------------------------------------------------


def test_the_service_charge_of_the_reference_posting_is_lawful_and_yet_an_ilo_fee():
    verdict = one(line(amount=33_320_000), SERVICE)

    assert verdict.legal == Legal.LEGAL
    assert verdict.ilo == Ilo.WORKER_SHOULD_NOT_PAY
    assert verdict.allowed == 99_960_000
    assert verdict.binding.ceiling.code == "VN-SVC-DEFAULT-2022"
    assert verdict.rate.rate == 170
    assert not verdict.blocks


@pytest.mark.parametrize(("amount", "legal"), [(99_960_000, Legal.LEGAL), (99_960_001, Legal.OVER_CEILING)])
def test_the_ceiling_itself_is_still_lawful(amount, legal):
    assert one(line(amount=amount), SERVICE).legal == legal


def test_a_deposit_for_japan_is_forbidden_by_law():
    verdict = one(line("X2", 20_000_000), NO_DEPOSIT)

    assert (verdict.legal, verdict.basis, verdict.allowed, verdict.blocks) == (Legal.FORBIDDEN, "law", 0, True)
    assert verdict.ilo == Ilo.NEVER_LEGITIMATE


def test_a_forbidden_item_of_zero_says_forbidden_and_does_not_block():
    verdict = one(line("X2", 0), NO_DEPOSIT)

    assert verdict.legal == Legal.FORBIDDEN
    assert not verdict.blocks


def test_a_forbidden_item_of_unknown_amount_blocks():
    assert one(line("X2", None), NO_DEPOSIT).blocks


def test_without_any_law_the_platform_refuses_what_is_never_legitimate():
    verdict = one(line("X2", 5, currency="IDR"), terms=terms(origin="ID"))

    assert (verdict.legal, verdict.basis, verdict.binding) == (Legal.FORBIDDEN, "platform", None)


def test_a_cap_on_sums_does_not_make_a_bribe_a_matter_of_amount():
    esd = terms(programme="ESD", programme_family="ESD", entry_date=datetime.date(2027, 5, 1))

    assert one(line("X1", 5), ESD, terms=esd).basis == "platform"


def test_a_deposit_that_a_law_allows_is_measured_by_that_law():
    taiwan = dataclasses.replace(NO_DEPOSIT, code="VN-DEP-TW", destination="TW", amount=12_000_000, currency="VND")
    there = terms(destination="TW", programme="", programme_family="")

    assert one(line("X2", 12_000_000), taiwan, terms=there).legal == Legal.LEGAL
    assert one(line("X2", 12_000_001), taiwan, terms=there).legal == Legal.OVER_CEILING


def test_without_a_ceiling_nothing_is_called_lawful():
    verdict = one(line("C4a", 9_500_000), SERVICE)

    assert (verdict.legal, verdict.gap, verdict.allowed) == (Legal.NO_VERIFIED_CEILING, Gap.NO_RULE, None)
    assert not verdict.blocks


@pytest.mark.parametrize(
    ("fee", "changes", "gap"),
    [
        (line(amount=None), {}, Gap.AMOUNT_UNKNOWN),
        (line(amount=5, currency="IDR"), {}, Gap.RATE_UNKNOWN),
        (line(amount=5), {"wages": {}}, Gap.WAGE_UNKNOWN),
        (line(amount=5), {"contract_months": None}, Gap.MONTHS_UNKNOWN),
    ],
)
def test_what_cannot_be_compared_is_not_called_lawful(fee, changes, gap):
    verdict = one(fee, SERVICE, terms=terms(**changes))

    assert (verdict.legal, verdict.gap) == (Legal.NO_VERIFIED_CEILING, gap)


def test_a_cost_of_others_is_no_cost_of_the_worker():
    verdict = one(line("C6b", 9_000_000, payer="employer"), SERVICE)

    assert (verdict.legal, verdict.ilo) == (Legal.NOT_A_WORKER_COST, Ilo.PAID_BY_OTHERS_OK)


def test_a_ceiling_for_the_enterprise_judges_the_enterprise():
    fund = Ceiling("VN-FUND", "VN-FUND", "VN", "C2b", payer="sending_organization", origin="VN", amount=150_000, currency="VND")

    assert one(line("C2b", 150_000, payer="sending_organization"), fund).legal == Legal.LEGAL
    assert one(line("C2b", 150_001, payer="sending_organization"), fund).blocks
    assert one(line("C2b", 150_001, payer="worker"), fund).legal == Legal.NO_VERIFIED_CEILING


def test_interest_is_not_a_fee():
    assert one(line("O1", 5)).ilo == Ilo.NOT_A_FEE


def test_a_charge_before_the_contract_is_too_early():
    assert one(line(amount=5, step=10), SERVICE).too_early
    assert not one(line(amount=5, step=40), SERVICE).too_early
    assert not one(line(amount=0, step=10), SERVICE).too_early


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        one(line(amount=-1), SERVICE)


def test_a_parent_item_covers_its_children_only():
    welfare = Ceiling("ID-ZERO-C2", "ID-ZERO-C2", "ID", "C2", amount=0)

    assert covers(welfare, line("C2a"))
    assert covers(welfare, line("C2"))
    assert not covers(dataclasses.replace(welfare, item="C2a"), line("C2"))
    assert not covers(welfare, line("C7b"))


# -- which rows decide ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes", [{"mark": "M"}, {"mark": "D"}, {"standing": "last_verified"}, {"standing": "information"}, {"standing": "gap"}]
)
def test_only_verified_rows_in_force_decide(changes):
    silent = dataclasses.replace(NO_DEPOSIT, item="C1", **changes)
    verdict = one(line("C1", 5), silent)

    assert verdict.legal == Legal.NO_VERIFIED_CEILING
    assert verdict.binding is None
    assert verdict.information == (silent,)


@pytest.mark.parametrize(
    ("signed", "legal"),
    [
        (datetime.date(2024, 5, 14), Legal.NO_VERIFIED_CEILING),
        (datetime.date(2024, 5, 15), Legal.FORBIDDEN),
        (datetime.date(2026, 6, 29), Legal.FORBIDDEN),
        (datetime.date(2026, 6, 30), Legal.NO_VERIFIED_CEILING),
    ],
)
def test_the_law_of_the_signing_day_decides_and_its_end_is_outside(signed, legal):
    annex = dataclasses.replace(
        SERVICE,
        rate_per_12m=Decimal(0),
        cap=Decimal(0),
        cap_from_months=None,
        valid_from=datetime.date(2024, 5, 15),
        valid_to=datetime.date(2026, 6, 30),
    )

    assert one(line(amount=5), annex, terms=terms(signing_date=signed)).legal == legal


@pytest.mark.parametrize(
    ("scope", "meets"),
    [
        ({}, True),
        ({"origin": "ID"}, False),
        ({"destination": "KR"}, False),
        ({"destination": "east"}, True),
        ({"programme": "SSW"}, True),
        ({"programme": "SSW1"}, True),
        ({"programme": "TITP"}, False),
        ({"occupation_group": "domestic_work"}, False),
        ({"occupation_group": "agriculture"}, True),
        ({"situation": "renewal"}, False),
        ({"situation": "completed_titp2"}, True),
        ({"payer": "employer"}, False),
        ({"payee": "state"}, False),
    ],
)
def test_scope(scope, meets):
    here = terms(
        destination_region="east", occupation_groups=frozenset({"agriculture"}), situations=frozenset({"completed_titp2"})
    )
    ceiling = dataclasses.replace(NO_DEPOSIT, item="C1", **scope)

    assert (one(line("C1", 5), ceiling, terms=here).legal == Legal.FORBIDDEN) is meets


def test_the_lowest_of_all_jurisdictions_binds_and_all_are_listed():
    esd = terms(programme="ESD", programme_family="ESD", entry_date=datetime.date(2027, 5, 1))
    verdict = one(line(amount=80_000_000), SERVICE, ESD, terms=esd)

    assert verdict.legal == Legal.OVER_CEILING
    assert verdict.binding.ceiling.code == "JP-ESD-FEE"
    assert verdict.allowed == 392_000 * 170
    assert [check.ceiling.jurisdiction for check in verdict.checks] == ["VN", "JP"]


def test_the_japanese_cap_counts_everything_paid_to_the_sending_organization():
    esd = terms(programme="ESD", programme_family="ESD", entry_date=datetime.date(2027, 5, 1))
    lines = [line(amount=50_000_000), line("C4a", 17_000_000), line("C1", 5_000_000, payee="hospital")]

    judgement = judge(esd, lines, [SERVICE, ESD], RATES)

    assert [verdict.legal for verdict in judgement.lines] == [Legal.OVER_CEILING, Legal.OVER_CEILING, Legal.NO_VERIFIED_CEILING]
    assert judgement.sums[0].charged == Fraction(67_000_000, 170)


def test_within_the_sum_an_item_without_its_own_ceiling_stays_unverified():
    esd = terms(programme="ESD", programme_family="ESD", entry_date=datetime.date(2027, 5, 1))

    assert one(line("C4a", 5), ESD, terms=esd).legal == Legal.NO_VERIFIED_CEILING


@pytest.mark.parametrize(
    ("entry", "applies"), [(datetime.date(2027, 3, 31), False), (datetime.date(2027, 4, 1), True), (None, True)]
)
def test_the_japanese_cap_goes_by_the_day_of_entry(entry, applies):
    esd = terms(programme="ESD", programme_family="ESD", entry_date=entry)

    assert bool(judge(esd, [line(amount=5)], [ESD], RATES).sums) is applies


def test_a_special_rule_sets_the_general_one_aside():
    crew = dataclasses.replace(
        SERVICE, code="SEA", rule="VN-SVC-SEA", rate_per_12m=Decimal("1.5"), occupation_group="crew", replaces="VN-SVC-DEFAULT"
    )
    on_board = terms(contract_months=12, occupation_groups=frozenset({"crew"}))
    fee = line(amount=49_000_000)

    assert one(fee, SERVICE, crew, terms=on_board).legal == Legal.LEGAL
    assert one(fee, SERVICE, crew, terms=terms(contract_months=12)).blocks
    assert one(fee, SERVICE, dataclasses.replace(crew, mark="M"), terms=on_board).blocks


# -- what the foreign side has paid (Law 69 art. 23) ---------------------------------------------------------------------


def test_what_the_foreign_side_pays_uses_up_the_ceiling():
    lines = [line(amount=99_960_000), line(amount=33_320_000, payer="employer")]
    verdict, other = judge(TERMS, lines, [SERVICE], RATES).lines

    assert (verdict.legal, verdict.allowed, verdict.blocks) == (Legal.OVER_CEILING, 66_640_000, True)
    assert (other.legal, other.blocks) == (Legal.NOT_A_WORKER_COST, False)


def test_the_foreign_side_alone_may_pay_more_than_the_workers_ceiling():
    lines = [line(amount=0), line(amount=200_000_000, payer="employer")]

    assert not judge(TERMS, lines, [SERVICE], RATES).blocks


def test_money_to_a_japanese_body_does_not_use_up_the_vietnamese_ceiling():
    lines = [line(amount=99_960_000), line(amount=33_320_000, payer="employer", payee="other")]

    assert not judge(TERMS, lines, [SERVICE], RATES).blocks


# -- the whole -----------------------------------------------------------------------------------------------------------


def test_the_whole_is_as_bad_as_its_worst_charged_line():
    lines = [line(amount=5), line("C1", 5), line("X2", 5)]

    assert judge(TERMS, lines, [SERVICE, NO_DEPOSIT], RATES).legal == Legal.FORBIDDEN
    assert judge(TERMS, lines[:2], [SERVICE, NO_DEPOSIT], RATES).legal == Legal.NO_VERIFIED_CEILING
    assert judge(TERMS, lines[:1], [SERVICE, NO_DEPOSIT], RATES).legal == Legal.LEGAL


def test_a_posting_on_which_the_worker_pays_nothing():
    lines = [line(amount=0), line("X2", 0), line("C6b", 500, payer="employer")]
    judgement = judge(TERMS, lines, [SERVICE, NO_DEPOSIT], RATES)

    assert (judgement.legal, judgement.ilo, judgement.blocks) == (Legal.NOT_A_WORKER_COST, Ilo.PAID_BY_OTHERS_OK, False)


def test_nothing_at_all():
    judgement = judge(TERMS, [], [SERVICE], RATES)

    assert (judgement.lines, judgement.blocks) == ((), False)
