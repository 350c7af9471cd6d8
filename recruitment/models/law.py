"""The law on fees with its dates: ceilings, and who must pay what.

Law changes by closing one row and opening another; PostgreSQL refuses two rows of one scope on the same day.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models.reference import ReviewedRow
from recruitment.models.reference import Currency, FeeStage, InForceQuerySet

ALL = "all"


class Standing(models.TextChoices):
    """Whether a row of law may decide. Only a row in force with mark V or S binds."""

    IN_FORCE = "in_force", _("In force")
    LAST_VERIFIED = "last_verified", _("Last verified value, now not verified")
    INFORMATION = "information", _("For information")
    GAP = "gap", _("No verified ceiling found")


class Unit(models.TextChoices):
    CONTRACT_WAGE = "month_of_contract_wage", _("months of contract wage")
    BASIC_WAGE = "month_of_basic_wage", _("months of basic wage")
    PLAN_PAY = "month_of_plan_pay", _("months of the pay in the plan")
    AMOUNT = "amount", _("fixed amount")
    ACTUAL = "actual_cost", _("actual cost")
    NONE = "none", _("no amount")


class LawRow(ReviewedRow):
    """What every dated row of fee law has: where it applies, since when, and the law's own name.

    Scope columns are never NULL; "all" means every one. `programme` is a code or a family, `destination` a country, a
    region or "all". `in_force` is half-open: its end is the first day on which the row no longer counts.
    """

    code = models.CharField(max_length=40, primary_key=True)
    rule = models.CharField(max_length=40)
    jurisdiction = models.CharField(max_length=2)
    origin = models.CharField(max_length=30)
    destination = models.CharField(max_length=30)
    programme = models.CharField(max_length=20)
    occupation_group = models.CharField(max_length=40)
    item = models.CharField(max_length=4)
    payer = models.CharField(max_length=30)
    unit = models.CharField(max_length=24, choices=Unit.choices)
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.ForeignKey(Currency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    in_force = DateRangeField()
    standing = models.CharField(max_length=13, choices=Standing.choices)
    title = models.CharField(max_length=200)
    condition = models.CharField(max_length=500, blank=True)
    citation = models.CharField(max_length=200)
    note = models.CharField(max_length=400, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta(ReviewedRow.Meta):
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return self.code

    @property
    def binds(self) -> bool:
        return self.standing == Standing.IN_FORCE and self.mark in ("V", "S")


class FeeCeiling(LawRow):
    """The most that may be charged for an item under one law on the days of `in_force`.

    Months of wage: `rate_per_12m` for each 12 months of work, at most `cap` months in all once the contract reaches
    `cap_from_months` (empty = always); a cap without a rate is the whole rule. `situation` narrows to renewals, people who
    completed TITP 2 and the like; `payee` to money paid to one side; `replaces` names the general rule that this one sets
    aside where it applies; with `others_count` what the foreign side pays for the item uses up the ceiling. `date_basis`: the law of the contract signing day, or of the day of entry.
    """

    payee = models.CharField(max_length=30)
    situation = models.CharField(max_length=30)
    rate_per_12m = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    cap = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    cap_from_months = models.PositiveSmallIntegerField(null=True, blank=True)
    wage_base = models.CharField(max_length=20, blank=True)
    date_basis = models.CharField(max_length=8, default="signing")
    earliest_stage = models.ForeignKey(FeeStage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.CharField(max_length=40, blank=True)
    others_count = models.BooleanField(default=False)

    class Meta(LawRow.Meta):
        constraints = [
            *LawRow.Meta.constraints,
            ExclusionConstraint(
                name="recruitment_feeceiling_one_a_day",
                expressions=[
                    *(
                        (column, RangeOperators.EQUAL)
                        for column in (
                            "jurisdiction",
                            "origin",
                            "destination",
                            "programme",
                            "occupation_group",
                            "situation",
                            "item",
                            "payer",
                            "payee",
                        )
                    ),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=Q(retired=False),
                violation_error_message=_("Another ceiling with the same scope covers the same day."),
            ),
            models.CheckConstraint(
                name="recruitment_feeceiling_shape",
                condition=Q(unit="amount", rate_per_12m__isnull=True, cap__isnull=True)
                | (Q(unit__startswith="month_of_", amount__isnull=True) & ~Q(wage_base=""))
                | Q(unit__in=["actual_cost", "none"], amount__isnull=True, rate_per_12m__isnull=True, cap__isnull=True),
                violation_error_message=_("The numbers do not fit the unit."),
            ),
            models.CheckConstraint(
                name="recruitment_feeceiling_not_negative",
                condition=(Q(amount__isnull=True) | Q(amount__gte=0))
                & (Q(rate_per_12m__isnull=True) | Q(rate_per_12m__gte=0))
                & (Q(cap__isnull=True) | Q(cap__gte=0)),
            ),
            models.CheckConstraint(
                name="recruitment_feeceiling_amount_currency",
                condition=Q(amount__isnull=True) | Q(amount=0) | Q(currency__isnull=False),
                violation_error_message=_("An amount needs its currency."),
            ),
            models.CheckConstraint(name="recruitment_feeceiling_date_basis", condition=Q(date_basis__in=["signing", "entry"])),
        ]


class PayerRule(LawRow):
    """Who must pay an item by law, and the least amount where the law names one (minor units)."""

    field = models.CharField(max_length=10, default=ALL)

    class Meta(LawRow.Meta):
        constraints = [
            *LawRow.Meta.constraints,
            ExclusionConstraint(
                name="recruitment_payerrule_one_a_day",
                expressions=[
                    *(
                        (column, RangeOperators.EQUAL)
                        for column in (
                            "jurisdiction",
                            "origin",
                            "destination",
                            "programme",
                            "field",
                            "occupation_group",
                            "item",
                            "payer",
                        )
                    ),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=Q(retired=False),
                violation_error_message=_("Another rule with the same scope covers the same day."),
            ),
        ]
