"""What technical intern trainees paid before Terang: the Japanese survey of 2021–22, from the reviewed file.

Means among those who paid, in yen at the rates of January 2022. Never mixed with the product's own numbers, which are medians.
"""

import csv
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "reference" / "baseline_survey.csv"
INDICATORS = ("answers", "paid_share", "broker_share", "mean_total", "debt_share", "mean_debt")
SHOWN_MARKS = ("V", "S")


@lru_cache
def survey() -> list[dict[str, Any]]:
    """One row for each country and, last, one for all (`country` ""): `country` and each indicator, None where no source says.

    Shares are ratios (0.853), amounts whole yen.
    """
    rows: dict[str, dict[str, Any]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["mark"] in SHOWN_MARKS:
                row = rows.setdefault(line["country"], {"country": line["country"], **dict.fromkeys(INDICATORS)})
                row[line["indicator"]] = _value(line["indicator"], line["value"])
    return sorted(rows.values(), key=lambda row: (row["country"] == "", -(row["mean_total"] or 0)))


def _value(indicator: str, text: str) -> Decimal | int:
    return Decimal(text) / 100 if indicator.endswith("_share") else int(text)
