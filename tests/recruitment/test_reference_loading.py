"""What PostgreSQL and the loader refuse, and how a change of law is loaded."""

import csv
import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from organizations.services import reference as organizations
from organizations.services.reference import BadReference, load_csv
from recruitment.models import Country, ExchangeRate, FeeCeiling
from recruitment.services import reference as recruitment
from tests.recruitment.test_reference import records

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def copy_of(code: str, **changes) -> FeeCeiling:
    values = FeeCeiling.objects.using("owner").filter(pk=code).values(*organizations._columns(FeeCeiling)).get()
    return FeeCeiling(**{**values, "code": "COPY", **changes})


def test_two_ceilings_of_one_scope_on_one_day_are_refused():
    with pytest.raises(IntegrityError, match="recruitment_feeceiling_one_a_day"), transaction.atomic(using="owner"):
        copy_of("VN-SVC-DEFAULT-2022").save(using="owner", force_insert=True)


def test_the_same_scope_after_the_end_is_accepted():
    until = FeeCeiling.objects.using("owner").get(pk="VN-BRK-JP-2024").in_force
    assert until.upper == datetime.date(2026, 6, 30)
    assert FeeCeiling.objects.using("owner").get(pk="VN-BRK-JP-2026").in_force.lower == until.upper


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"item": "C1", "cap": Decimal("-1")}, "recruitment_feeceiling_not_negative"),
        ({"item": "C1", "wage_base": ""}, "recruitment_feeceiling_shape"),
        ({"item": "C1", "amount": 5, "currency_id": "VND"}, "recruitment_feeceiling_shape"),
        ({"item": "C1", "mark": "X"}, "recruitment_feeceiling_mark"),
        ({"item": "C1", "date_basis": "today"}, "recruitment_feeceiling_date_basis"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(using="owner"):
        copy_of("VN-SVC-DEFAULT-2022", **changes).save(using="owner", force_insert=True)


def test_two_rates_on_one_day_are_refused():
    rate = ExchangeRate.objects.using("owner").get(pk="JPY-VND-sample")
    rate.pk = "another"
    with pytest.raises(IntegrityError, match="recruitment_exchangerate_one_a_day"), transaction.atomic(using="owner"):
        rate.save(using="owner", force_insert=True)


@pytest.fixture
def country_file(tmp_path):
    """`country_file(change)`: the countries' file after `change(rows)`, as a list with one path."""

    def make(change=lambda rows: None):
        rows = records(recruitment.FOLDER / "countries.csv")
        change(rows)
        path = tmp_path / "countries.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return [path]

    return make


def refused(model, paths, **kwargs) -> list[str]:
    with pytest.raises(BadReference) as error:
        load_csv(model, paths, **kwargs)
    return error.value.mistakes


def test_a_text_correction_is_loaded_in_place(country_file):
    loaded = load_csv(Country, country_file(lambda rows: rows[0].update(name_vi="Nước Việt Nam")))

    assert (loaded.created, loaded.changed, loaded.retired) == (0, 1, 0)
    assert Country.objects.using("owner").get(pk="VN").name_vi == "Nước Việt Nam"


def test_a_row_that_left_its_file_is_retired_and_comes_back(country_file):
    assert load_csv(Country, country_file(lambda rows: rows.pop(7))).retired == 1
    assert Country.objects.using("owner").get(pk="TO").retired

    assert load_csv(Country, country_file()).changed == 1
    assert not Country.objects.using("owner").get(pk="TO").retired


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows[1].update(currency="XXX"), "countries.csv:3: currency: 'XXX' is not known."),
        (lambda rows: rows[1].update(code="VN"), "countries.csv:3: VN stands already in countries.csv:2."),
        (lambda rows: rows[1].update(is_origin="yes"), "countries.csv:3: is_origin: write true or false."),
        (lambda rows: rows[1].update(name_id=""), "countries.csv:3: name_id: this cell may not be empty."),
        (lambda rows: rows[1].update(checked_on="soon"), "countries.csv:3: checked_on:"),
        (lambda rows: rows[1].update(mark="X"), "countries.csv:3: mark:"),
        (lambda rows: [row.pop("name_ja") for row in rows], "countries.csv:1: the column 'name_ja' is missing."),
        (lambda rows: [row.pop("source") for row in rows], "countries.csv:1: the column 'source' is missing."),
        (lambda rows: rows[0].update(nonsense="1"), "countries.csv:1: there is no field 'nonsense'."),
    ],
)
def test_a_mistake_is_told_with_file_and_line_and_nothing_is_loaded(country_file, change, sentence):
    before = list(Country.objects.using("owner").order_by("pk").values_list("pk", "name_vi", "retired"))

    mistakes = refused(Country, country_file(change))

    assert mistakes[0].startswith(sentence)
    assert list(Country.objects.using("owner").order_by("pk").values_list("pk", "name_vi", "retired")) == before


def test_the_number_of_a_loaded_ceiling_never_changes_in_place(tmp_path):
    mistakes = refused(FeeCeiling, changed_law(tmp_path, lambda rows: rows[0].update(cap="2")), frozen=recruitment._CEILING)

    assert mistakes == ["VN.csv:2: cap of a loaded row does not change in place. Close this row and add a new one."]


def test_a_loaded_ceiling_may_be_closed_and_followed_by_another(tmp_path):
    def follow(rows):
        rows[0]["valid_to"] = "2027-01-01"
        rows.append({**rows[0], "code": "VN-SVC-DEFAULT-2027", "cap": "2", "valid_from": "2027-01-01", "valid_to": ""})

    loaded = load_csv(FeeCeiling, changed_law(tmp_path, follow), frozen=recruitment._CEILING)

    assert (loaded.created, loaded.changed) == (1, 1)
    law = FeeCeiling.objects.using("owner").filter(rule="VN-SVC-DEFAULT")
    assert law.in_force(on=datetime.date(2026, 12, 31)).get().cap == 3
    assert law.in_force(on=datetime.date(2027, 1, 1)).get().cap == 2


def test_a_number_typed_wrongly_is_retired_and_its_successor_takes_the_same_days(tmp_path):
    def correct(rows):
        rows[0].update(code="VN-SVC-DEFAULT-2022-B", cap="2")

    loaded = load_csv(FeeCeiling, changed_law(tmp_path, correct), frozen=recruitment._CEILING)

    assert (loaded.created, loaded.retired) == (1, 1)
    assert FeeCeiling.objects.using("owner").get(pk="VN-SVC-DEFAULT-2022").retired
    assert FeeCeiling.objects.using("owner").current().get(rule="VN-SVC-DEFAULT").cap == 2


def test_a_closed_ceiling_is_not_opened_again(tmp_path):
    def reopen(rows):
        next(row for row in rows if row["code"] == "VN-SVC-JP-TITP3-2024")["valid_to"] = "2026-09-01"

    mistakes = refused(FeeCeiling, changed_law(tmp_path, reopen), frozen=recruitment._CEILING)

    assert "the dates of a loaded row may only be closed" in mistakes[0]


def test_an_overlap_in_the_file_is_refused_with_its_line(tmp_path):
    paths = changed_law(
        tmp_path, lambda rows: rows.append({**rows[0], "code": "VN-SVC-DEFAULT-2030", "valid_from": "2030-01-01"})
    )
    line = len(records(paths[0])) + 1

    mistakes = refused(FeeCeiling, paths, frozen=recruitment._CEILING)

    assert mistakes == [f"VN.csv:{line}: Another ceiling with the same scope covers the same day."]


def test_an_unknown_word_in_a_scope_is_refused():
    row = copy_of("VN-SVC-DEFAULT-2022", destination="XX")
    row.save(using="owner", force_insert=True)

    assert list(recruitment._unknown_codes(FeeCeiling, "owner")) == ["COPY: destination: 'XX' is not known."]


def test_the_command_says_what_is_wrong_and_changes_nothing(monkeypatch, country_file):
    folder = country_file(lambda rows: rows[1].update(mark="X"))[0].parent
    real = recruitment.files_of
    monkeypatch.setattr(recruitment, "files_of", lambda name: [folder / name] if name == "countries.csv" else real(name))

    with pytest.raises(CommandError, match=r"Nothing was loaded.\ncountries.csv:3: mark:"):
        call_command("load_reference")


def changed_law(tmp_path, change) -> list[Path]:
    """All ceiling files, Viet Nam's after `change(rows)`."""
    rows = records(recruitment.FOLDER / "fee_ceilings" / "VN.csv")
    change(rows)
    path = tmp_path / "VN.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return [path, *(other for other in recruitment.files_of("fee_ceilings") if other.name != "VN.csv")]


def test_reference_tables_are_read_only_for_the_product():
    """The login of the product may read and not write."""
    assert Country.objects.exists()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Country.objects.filter(pk="VN").update(sort=1)
