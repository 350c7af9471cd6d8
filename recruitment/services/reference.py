"""Reference data of recruitment: loading it, and the law and rates of one day in the shape that verdicts and costs want."""

import datetime
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from django.db import models, transaction

from organizations.services.reference import BadReference, Loaded, load_csv
from recruitment.models import (
    Country,
    Currency,
    ExchangeRate,
    FeeCeiling,
    FeeItem,
    FeePayer,
    FeeStage,
    Field,
    Occupation,
    PayerRule,
    Prefecture,
    Programme,
    Synonym,
)
from recruitment.models.law import ALL
from recruitment.services.exchange import Rate, Rates
from recruitment.services.verdict import Ceiling

FOLDER = Path(__file__).resolve().parent.parent / "reference"
REGIONS = ("south_east_asia", "west_asia", "americas", "gulf")
SITUATIONS = (ALL, "renewal", "completed_titp2", "same_employer", "public_sender", "return_new_employer")

_LAW = (
    "rule",
    "jurisdiction",
    "origin",
    "destination",
    "programme",
    "occupation_group",
    "item",
    "payer",
    "unit",
    "amount",
    "currency",
)
_CEILING = (
    *_LAW,
    "payee",
    "situation",
    "rate_per_12m",
    "cap",
    "cap_from_months",
    "wage_base",
    "date_basis",
    "replaces",
    "others_count",
)

# table, file or folder, what never changes in place
FILES: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (Currency, "currencies.csv", ("exponent",)),
    (Country, "countries.csv", ("currency",)),
    (ExchangeRate, "exchange_rates.csv", ("base", "quote", "rate")),
    (Prefecture, "prefectures.csv", ()),
    (Programme, "programmes.csv", ()),
    (Field, "fields.csv", ()),
    (Occupation, "occupations.csv", ("field",)),
    (Synonym, "synonyms.csv", ()),
    (FeePayer, "fee_payers.csv", ("is_worker_side",)),
    (FeeStage, "fee_stages.csv", ()),
    (FeeItem, "fee_items.csv", ("group", "parent")),
    (FeeCeiling, "fee_ceilings", _CEILING),
    (PayerRule, "payer_rules", (*_LAW, "field")),
)


def load(*, using: str = "owner") -> list[Loaded]:
    """Load every file of this app, all or nothing. Raises BadReference with file and line of each mistake."""
    with transaction.atomic(using=using):
        loaded = [load_csv(model, files_of(name), frozen=frozen, using=using) for model, name, frozen in FILES]
        mistakes = [*_unknown_codes(FeeCeiling, using), *_unknown_codes(PayerRule, using)]
        if mistakes:
            raise BadReference(mistakes)
        return loaded


def files_of(name: str) -> list[Path]:
    """The file of this name, or all files of the folder of this name, sorted."""
    return [FOLDER / name] if name.endswith(".csv") else sorted((FOLDER / name).glob("*.csv"))


def rates_on(day: datetime.date) -> Rates:
    """The exchange rates in force on this day, with the decimals of every currency."""
    rates = ExchangeRate.objects.current().in_force(on=day)
    exponents = dict(Currency.objects.values_list("code", "exponent"))
    return Rates.of((Rate(row.base_id, row.quote_id, Fraction(row.rate), day, row.is_sample) for row in rates), exponents)


def ceilings_between(origin: str, destination: str = "JP") -> list[Ceiling]:
    """Every row of law that may speak of this corridor, on any day; `verdict.judge` chooses by the signing day."""
    region = Country.objects.filter(code=destination).values_list("region", flat=True).first() or ALL
    rows = FeeCeiling.objects.current().select_related("earliest_stage")
    return [as_ceiling(row) for row in rows.filter(origin__in=[ALL, origin], destination__in=[ALL, destination, region])]


def as_ceiling(row: FeeCeiling) -> Ceiling:
    """The row without its words."""
    return Ceiling(
        code=row.code,
        rule=row.rule,
        jurisdiction=row.jurisdiction,
        item=row.item,
        payer=row.payer,
        origin=row.origin,
        destination=row.destination,
        programme=row.programme,
        occupation_group=row.occupation_group,
        situation=row.situation,
        payee=row.payee,
        unit=row.unit,
        rate_per_12m=row.rate_per_12m,
        cap=row.cap,
        cap_from_months=row.cap_from_months,
        wage_base=row.wage_base,
        amount=row.amount,
        currency=row.currency_id or "",
        valid_from=row.in_force.lower,
        valid_to=row.in_force.upper,
        date_basis=row.date_basis,
        standing=row.standing,
        mark=row.mark,
        replaces=row.replaces,
        others_count=row.others_count,
        earliest_step=row.earliest_stage.sort if row.earliest_stage else None,
    )


def payer_rules() -> list[PayerRule]:
    """Every verified rule that says who must pay something, on any day."""
    return list(PayerRule.objects.current().filter(standing="in_force", mark__in=["V", "S"]))


def payer_by_law(
    *,
    item: str,
    origin: str,
    programme: str,
    family: str,
    field: str,
    on: datetime.date,
    destination: str = "JP",
    rules: Iterable[PayerRule] | None = None,
) -> PayerRule | None:
    """The verified rule in force that says who must pay this item; None = no such rule is known. `rules`: read before."""
    found = [
        rule
        for rule in (payer_rules() if rules is None else rules)
        if rule.item == item
        and rule.origin in (ALL, origin)
        and rule.destination in (ALL, destination)
        and rule.programme in (ALL, programme, family)
        and rule.field in (ALL, field)
        and on in rule.in_force
    ]
    return max(found, key=lambda rule: (rule.field != ALL, rule.programme != ALL, rule.code), default=None)


def _unknown_codes(model: type[FeeCeiling] | type[PayerRule], using: str) -> Iterable[str]:
    """Scope columns are plain text because they also say "all", a family or a region; each word must be known."""
    programmes = Programme.objects.using(using).values_list("code", "family")
    countries = set(Country.objects.using(using).values_list("code", flat=True))
    known = {
        "origin": {ALL, *countries},
        "destination": {ALL, *countries, *REGIONS},
        "programme": {ALL, *(code for pair in programmes for code in pair)},
        "item": {ALL, *FeeItem.objects.using(using).values_list("code", flat=True)},
        "payer": set(FeePayer.objects.using(using).values_list("code", flat=True)),
        "situation": set(SITUATIONS),
        "field": {ALL, *Field.objects.using(using).values_list("code", flat=True)},
    }
    columns = {field.attname for field in model._meta.concrete_fields}
    for row in model.objects.using(using).current().order_by("code"):
        for column in sorted(known.keys() & columns):
            if getattr(row, column) not in known[column]:
                yield f"{row.code}: {column}: {getattr(row, column)!r} is not known."
