import csv
import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import override

from organizations.models import OrganizationKind, PermitKind, PermitStatus
from organizations.services import reference as organizations
from recruitment.models import (
    Currency,
    FeeItem,
    FeePayer,
    Field,
    Occupation,
    Prefecture,
    Programme,
    Synonym,
)
from recruitment.services import reference as recruitment
from recruitment.services.cost import WORKER_SIDE
from recruitment.services.reference import ceilings_between, payer_by_law, rates_on
from recruitment.services.verdict import FeeLine, Legal, Terms, judge

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

TODAY = datetime.date(2026, 11, 23)
FILES = [
    *organizations.FOLDER.glob("*.csv"),
    *recruitment.FOLDER.rglob("*.csv"),
]
LANGUAGES = ("vi", "id", "en", "ja")


def records(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def terms(origin="VN", programme="SSW1", signing=datetime.date(2026, 12, 1), months=36, **more):
    family = programme.rstrip("123")
    wages = {"contract_wage": 196_000, "basic_wage": 196_000, "plan_pay": 196_000}
    return Terms(origin, "JP", programme, signing, family, contract_months=months, wages=wages, **more)


def verdict(these, item, amount, *, currency="JPY", payer="worker", payee="sending_organization"):
    lines = [FeeLine(item, payer, amount, currency, payee)]
    return judge(these, lines, ceilings_between(these.origin), rates_on(these.signing_date)).lines[0]


# -- the files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_has_source_mark_review_and_four_languages(path):
    rows = records(path)

    assert rows
    for row in rows:
        assert row["source"]
        assert row["mark"] in "VSMD"
        assert row["checked_on"] == "2026-11-23"
        assert row["checked_by"] == "Terang reference review"
        for column in [column.removesuffix("_vi") for column in row if column.endswith("_vi")]:
            filled = [bool(row[f"{column}_{language}"]) for language in LANGUAGES]
            assert all(filled) or not any(filled), (path.name, row, column)
            assert all(filled) or column in ("hint", "condition")


@pytest.mark.parametrize("path", [path for path in FILES if "fee_ceilings" in str(path)], ids=lambda path: path.name)
def test_a_ceiling_file_speaks_of_its_own_country_and_leaves_no_scope_empty(path):
    for row in records(path):
        assert row["jurisdiction"] == path.stem
        for column in ("origin", "destination", "programme", "occupation_group", "situation", "item", "payer", "payee"):
            assert row[column]


def test_no_row_of_law_rests_on_memory():
    law = [row for path in FILES if path.parent.name in ("fee_ceilings", "payer_rules") for row in records(path)]

    assert {row["mark"] for row in law} == {"V", "S"}


def test_no_rate_claims_to_be_real():
    assert all(row["is_sample"] == "true" for row in records(recruitment.FOLDER / "exchange_rates.csv"))


# -- what is loaded ------------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing(capsys):
    call_command("load_reference", verbosity=1)

    assert capsys.readouterr().out == "Reference data is loaded.\n"


def test_the_fields_of_the_cabinet_decision():
    assert Field.objects.filter(ssw=True).count() == 19
    assert Field.objects.filter(esd=True).count() == 17
    assert set(Field.objects.filter(esd=False).values_list("code", flat=True)) == {"AVIA", "DRIVE"}
    assert set(Field.objects.filter(is_new=True).values_list("code", flat=True)) == {"LINEN", "WARE", "RECYC"}
    two_years = set(Field.objects.filter(esd_transfer_years=2).values_list("code", flat=True))
    assert two_years == {"KAIGO", "MFG", "CONST", "SHIP", "AUTO", "FOOD", "REST", "RECYC"}


def test_every_field_has_occupations_and_words_in_four_languages():
    for field in Field.objects.all():
        assert 4 <= field.occupations.count() <= 8
        assert {synonym.language for synonym in field.synonyms.filter(occupation=None)} == set(LANGUAGES)


def test_forty_seven_prefectures_without_an_unsourced_minimum_wage():
    assert [row.code for row in Prefecture.objects.all()] == [f"{number:02}" for number in range(1, 48)]
    assert not Prefecture.objects.filter(minimum_wage_jpy_hour__isnull=False).exists()


def test_the_dates_of_the_change_of_programmes():
    assert Programme.objects.get(pk="ESD").entry_from == datetime.date(2027, 4, 1)
    for programme in Programme.objects.filter(family="TITP"):
        assert programme.last_plan_on == datetime.date(2027, 3, 31)
        assert programme.last_entry_on == datetime.date(2027, 6, 30)


def test_fee_items_follow_the_ilo_groups():
    assert set(FeeItem.objects.filter(forbidden_always=True).values_list("code", flat=True)) == {"X1", "X2", "X3", "X4"}
    assert set(FeeItem.objects.filter(in_total=False).values_list("code", flat=True)) == {"O1", "O2"}
    assert set(FeeItem.objects.filter(parent="C7").values_list("code", flat=True)) == {f"C7{letter}" for letter in "abcdef"}


def test_the_worker_side_is_the_one_the_arithmetic_knows():
    assert set(FeePayer.objects.filter(is_worker_side=True).values_list("code", flat=True)) == set(WORKER_SIDE)


def test_yen_dong_and_rupiah_have_no_small_change():
    assert set(Currency.objects.filter(code__in=["JPY", "VND", "IDR"]).values_list("exponent", flat=True)) == {0}
    assert rates_on(TODAY).convert(588_000, "JPY", "VND") == 99_960_000
    assert rates_on(TODAY).used("JPY", "VND").is_sample


def test_names_follow_the_language_of_the_page():
    wanted = {"vi": "Chế biến thủy sản", "id": "Pengolahan hasil laut", "en": "Seafood processing", "ja": "水産加工"}
    for language, name in wanted.items():
        with override(language):
            assert Occupation.objects.get(pk="seafood-processing").name == name


def test_words_of_the_field_are_known_in_every_language():
    words = set(Synonym.objects.filter(field="KAIGO").values_list("word", flat=True))

    assert words >= {"điều dưỡng", "hộ lý", "kaigo", "介護", "perawat lansia"}


def test_every_kind_that_the_house_speaks_of_exists():
    assert OrganizationKind.objects.count() == 13
    assert set(OrganizationKind.objects.filter(may_review=True).values_list("code", flat=True)) == {"regulator", "platform_desk"}
    kinds = set(OrganizationKind.objects.values_list("code", flat=True))
    families = {code for pair in Programme.objects.values_list("code", "family") for code in pair}
    for permit in PermitKind.objects.all():
        assert set(permit.kinds) <= kinds
        assert set(permit.programmes) <= families


def test_openings_stand_only_under_a_permit_in_force():
    may_publish = set(PermitStatus.objects.filter(may_publish=True).values_list("code", flat=True))

    assert may_publish == {"valid", "suspended_market"}


# -- Viet Nam ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("months", "allowed"), [(36, 588_000), (60, 588_000), (12, 196_000), (30, 490_000)])
def test_viet_nam_service_charge(months, allowed):
    assert verdict(terms(months=months), "F1", allowed).legal == Legal.LEGAL
    refused = verdict(terms(months=months), "F1", allowed + 1)
    assert (refused.legal, refused.allowed) == (Legal.OVER_CEILING, allowed)
    assert refused.binding.ceiling.code == "VN-SVC-DEFAULT-2022"


def test_viet_nam_renewal_allows_half_a_month():
    assert verdict(terms(months=12, situations=frozenset({"renewal"})), "F1", 1).allowed == 98_000


def test_viet_nam_public_bodies_charge_nothing():
    assert verdict(terms(situations=frozenset({"public_sender"})), "F1", 1).legal == Legal.FORBIDDEN


@pytest.mark.parametrize(("item", "code"), [("X2", "VN-DEP-JP-2022"), ("F5", "VN-BRK-WORKER-2022"), ("F6", "VN-SEL-WORKER-2022")])
def test_viet_nam_forbids(item, code):
    refused = verdict(terms(), item, 20_000_000, currency="VND")

    assert (refused.legal, refused.basis, refused.allowed, refused.binding.ceiling.code) == (Legal.FORBIDDEN, "law", 0, code)


@pytest.mark.parametrize(
    ("programme", "situation"), [("TITP3", "same_employer"), ("SSW1", "completed_titp2"), ("SSW2", "completed_titp2")]
)
def test_annex_xi_bound_until_29_june_2026_and_informs_since(programme, situation):
    situations = frozenset({situation})
    before = terms(programme=programme, signing=datetime.date(2026, 6, 29), situations=situations)
    since = terms(programme=programme, signing=datetime.date(2026, 6, 30), situations=situations)

    assert verdict(before, "F1", 1).legal == Legal.FORBIDDEN
    judged = verdict(since, "F1", 196_000)
    assert (judged.legal, judged.binding.ceiling.code) == (Legal.LEGAL, "VN-SVC-DEFAULT-2022")
    assert "last_verified" in {ceiling.standing for ceiling in judged.information}


def test_the_missing_annex_of_2026_is_said_beside_the_general_ceiling():
    judged = verdict(terms(), "F1", 588_000)

    assert "VN-SVC-JP-2026-GAP" in {ceiling.code for ceiling in judged.information}
    earlier = verdict(terms(signing=datetime.date(2026, 6, 29)), "F1", 588_000)
    assert "VN-SVC-JP-2026-GAP" not in {ceiling.code for ceiling in earlier.information}


def test_the_2020_notice_informs_and_does_not_bind():
    judged = verdict(terms(), "F1", 588_000)

    assert judged.legal == Legal.LEGAL
    assert "VN-SVC-JP-SSW-NEW-2020" in {ceiling.code for ceiling in judged.information}


def test_the_fund_is_100_000_dong_once():
    assert verdict(terms(), "C2b", 100_000, currency="VND").legal == Legal.LEGAL
    assert verdict(terms(), "C2b", 100_001, currency="VND").legal == Legal.OVER_CEILING
    assert verdict(terms(), "C2b", 150_000, currency="VND", payer="sending_organization").legal == Legal.LEGAL


def test_training_has_no_verified_ceiling():
    assert verdict(terms(), "C4a", 9_500_000, currency="VND").legal == Legal.NO_VERIFIED_CEILING


def test_broker_money_of_the_enterprise_for_japan_is_no_longer_verified_as_zero():
    now = verdict(terms(), "F5", 98_000, payer="sending_organization", payee="other")
    then = verdict(terms(signing=datetime.date(2026, 6, 29)), "F5", 1, payer="sending_organization", payee="other")

    assert (now.legal, then.legal) == (Legal.LEGAL, Legal.FORBIDDEN)
    assert "VN-BRK-JP-2026" in {ceiling.code for ceiling in now.information}


# -- other origins and Japan ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("programme", ["TITP1", "TITP3", "SSW1", "SSW2"])
def test_the_philippines_allow_no_placement_fee_for_japan(programme):
    assert verdict(terms("PH", programme), "F1", 1).legal == Legal.FORBIDDEN


def test_the_philippine_default_is_one_month_of_basic_wage():
    assert verdict(terms("PH", "ENG"), "F1", 196_000).legal == Legal.LEGAL
    assert verdict(terms("PH", "ENG"), "F1", 196_001).legal == Legal.OVER_CEILING


def test_indonesia_has_no_verified_ceiling_for_japans_fields():
    judged = verdict(terms("ID"), "F1", 5_000_000, currency="IDR")

    assert judged.legal == Legal.NO_VERIFIED_CEILING
    assert {"ID-UU18-30", "ID-JP-SSW-GAP"} <= {ceiling.code for ceiling in judged.information}


def test_indonesia_forbids_thirteen_items_for_its_ten_occupations():
    ten = terms("ID", occupation_groups=frozenset({"id_zero_cost_ten"}))

    for item in ("F1", "C1", "C2a", "C3", "C4a", "C6a", "C6b", "C6c", "C6d", "C7a", "C7b", "C7c", "C7d"):
        assert verdict(ten, item, 1, currency="IDR").legal == Legal.FORBIDDEN, item


@pytest.mark.parametrize("origin", ["KH", "NP", "TO", "LK"])
def test_a_country_without_a_ceiling_says_so(origin):
    judged = verdict(terms(origin), "F1", 1)

    assert judged.legal == Legal.NO_VERIFIED_CEILING
    assert judged.information


@pytest.mark.parametrize(("programme", "cents"), [("TITP1", 280_000), ("SSW1", 150_000)])
def test_myanmar_maxima_as_reported(programme, cents):
    assert verdict(terms("MM", programme), "F1", cents + 1, currency="USD").legal == Legal.OVER_CEILING
    assert not verdict(terms("MM", programme), "F1", cents, currency="USD").blocks


def test_japan_caps_skill_development_at_two_months_of_pay():
    skill = terms(programme="ESD", entry_date=datetime.date(2027, 5, 1))

    refused = verdict(skill, "F1", 392_001)
    assert (refused.legal, refused.binding.ceiling.code, refused.allowed) == (Legal.OVER_CEILING, "JP-ESD-FEE-2027", 392_000)
    assert verdict(skill, "F1", 392_000).legal == Legal.LEGAL


def test_japan_forbids_deposits_of_technical_interns_and_fixed_penalties():
    assert verdict(terms("ID", "TITP1"), "X2", 1).binding.ceiling.code == "JP-TITP-DEP"
    assert verdict(terms("NP", "TITP1"), "X3", 1).binding.ceiling.code == "JP-47.1-TITP"


def test_who_must_pay_is_told_only_while_verified():
    ask = {"item": "C6b", "origin": "VN", "programme": "SSW1", "family": "SSW", "field": "FOOD"}

    assert payer_by_law(**ask, on=datetime.date(2026, 6, 29)).payer == "employer"
    assert payer_by_law(**ask, on=TODAY) is None
    assert payer_by_law(**{**ask, "origin": "PH"}, on=TODAY).payer == "employer"
