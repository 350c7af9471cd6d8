"""The baseline survey as it is shown."""

import csv
from decimal import Decimal

from reports.selectors.survey import FILE, INDICATORS, survey


def test_survey_has_every_country_and_all_of_them_last():
    rows = survey()

    assert {row["country"] for row in rows} == {"VN", "CN", "KH", "MM", "ID", "PH", ""}
    assert rows[-1]["country"] == ""


def test_survey_keeps_cambodia_and_indonesia_as_the_survey_has_them():
    by_country = {row["country"]: row for row in survey()}

    assert by_country["KH"]["mean_total"] == 573607
    assert by_country["ID"]["mean_total"] == 235343


def test_survey_says_nothing_where_no_source_does():
    by_country = {row["country"]: row for row in survey()}

    assert by_country["MM"]["mean_debt"] is None
    assert by_country["VN"]["debt_share"] == Decimal("0.8")


def test_every_figure_has_its_source_and_a_mark_that_may_be_shown():
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))

    assert [
        line for line in lines if line["indicator"] not in INDICATORS or not line["source"] or line["mark"] not in ("V", "S")
    ] == []
