"""Reference rows of recruitment: places, money, programmes, fields and kinds of work, fee items.

Rows live in `recruitment/reference/` and are loaded by `manage.py load_reference`; nothing writes them at run time.
Zero is a value. NULL means "we do not know", which is neither free nor allowed.
"""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models.reference import ReviewedRow


class InForceQuerySet(models.QuerySet):
    def in_force(self, *, on: datetime.date):
        """Rows whose dates include this day. No row means unknown, never free."""
        return self.filter(in_force__contains=on)

    def current(self):
        """Rows that still stand in their file."""
        return self.filter(retired=False)


class Currency(ReviewedRow):
    """An ISO 4217 currency. `exponent` = decimals of the minor unit as people use it (VND, JPY and IDR: 0)."""

    code = models.CharField(max_length=3, primary_key=True)
    exponent = models.PositiveSmallIntegerField()
    symbol = models.CharField(max_length=8)
    name = models.CharField(max_length=60)

    class Meta(ReviewedRow.Meta):
        ordering = ["code"]

    def __str__(self):
        return self.code


class Country(ReviewedRow):
    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    phone_prefix = models.CharField(max_length=5)
    region = models.CharField(max_length=30, blank=True)
    is_origin = models.BooleanField()
    is_destination = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]

    def __str__(self):
        return self.name


class ExchangeRate(ReviewedRow):
    """One `base` costs `rate` of `quote`, major units, on the days of `in_force`. A sample rate says so on every page."""

    code = models.CharField(max_length=30, primary_key=True)
    base = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    rate = models.DecimalField(max_digits=24, decimal_places=10)
    is_sample = models.BooleanField()
    in_force = DateRangeField()

    objects = InForceQuerySet.as_manager()

    class Meta(ReviewedRow.Meta):
        ordering = ["code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.CheckConstraint(name="recruitment_exchangerate_positive", condition=Q(rate__gt=0)),
            ExclusionConstraint(
                name="recruitment_exchangerate_one_a_day",
                expressions=[
                    ("base", RangeOperators.EQUAL),
                    ("quote", RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=Q(retired=False),
                violation_error_message=_("Another rate of these currencies covers the same day."),
            ),
        ]

    def __str__(self):
        return f"1 {self.base_id} = {self.rate.normalize():f} {self.quote_id}"


class Prefecture(ReviewedRow):
    """One of Japan's 47 prefectures. A minimum wage stands here only with its own source and date."""

    class Region(models.TextChoices):
        HOKKAIDO = "hokkaido", _("Hokkaido")
        TOHOKU = "tohoku", _("Tohoku")
        KANTO = "kanto", _("Kanto")
        CHUBU = "chubu", _("Chubu")
        KINKI = "kinki", _("Kinki")
        CHUGOKU = "chugoku", _("Chugoku")
        SHIKOKU = "shikoku", _("Shikoku")
        KYUSHU = "kyushu", _("Kyushu and Okinawa")

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    region = models.CharField(max_length=10, choices=Region.choices)
    minimum_wage_jpy_hour = models.PositiveIntegerField(null=True, blank=True)
    minimum_wage_from = models.DateField(null=True, blank=True)
    minimum_wage_source = models.CharField(max_length=300, blank=True)

    class Meta(ReviewedRow.Meta):
        ordering = ["code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.CheckConstraint(
                name="recruitment_prefecture_wage_sourced",
                condition=Q(minimum_wage_jpy_hour__isnull=True)
                | (Q(minimum_wage_from__isnull=False) & ~Q(minimum_wage_source="")),
                violation_error_message=_("A minimum wage needs its date and its source."),
            ),
        ]

    def __str__(self):
        return self.name


class Programme(ReviewedRow):
    """A status under which people work. Dates are days of entry; `last_…` days are still inside."""

    code = models.CharField(max_length=20, primary_key=True)
    family = models.CharField(max_length=20)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    rule = models.CharField(max_length=400)
    entry_from = models.DateField(null=True, blank=True)
    last_plan_on = models.DateField(null=True, blank=True)
    last_entry_on = models.DateField(null=True, blank=True)
    max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    needs_field = models.BooleanField()
    may_post = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]

    def __str__(self):
        return self.name


class Field(ReviewedRow):
    """A field of work of the Cabinet decision: open for specified skilled workers, for skill development, or both."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=80)
    ssw = models.BooleanField()
    esd = models.BooleanField()
    esd_transfer_years = models.PositiveSmallIntegerField(null=True, blank=True)
    is_new = models.BooleanField()
    hiring_from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.CheckConstraint(
                name="recruitment_field_transfer_is_esd",
                condition=Q(esd=True) | Q(esd_transfer_years__isnull=True),
            ),
        ]

    def __str__(self):
        return self.name


class Occupation(ReviewedRow):
    """A kind of work inside a field. `groups` are the occupation groups that fee law speaks of."""

    code = models.CharField(max_length=30, primary_key=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="occupations")
    name = models.CharField(max_length=120)
    groups = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["field__sort", "sort", "code"]

    def __str__(self):
        return self.name


class Synonym(ReviewedRow):
    """A word people type for a field, or for one occupation in it (`occupation` empty = the whole field)."""

    code = models.CharField(max_length=80, primary_key=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="synonyms")
    occupation = models.ForeignKey(Occupation, null=True, blank=True, on_delete=models.PROTECT, related_name="synonyms")
    language = models.CharField(max_length=2)
    word = models.CharField(max_length=80)

    class Meta(ReviewedRow.Meta):
        ordering = ["code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.UniqueConstraint(
                name="recruitment_synonym_once",
                fields=["field", "occupation", "language", "word"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return self.word


class FeePayer(ReviewedRow):
    """Who bears a cost. `is_worker_side` lines count as the worker's: the family's money is the worker's money."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=80)
    is_worker_side = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]

    def __str__(self):
        return self.name


class FeeStage(ReviewedRow):
    """When money leaves, in the order of the journey (`sort`)."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=80)
    sort = models.PositiveSmallIntegerField()

    class Meta(ReviewedRow.Meta):
        ordering = ["sort"]

    def __str__(self):
        return self.name


class FeeItem(ReviewedRow):
    """A recruitment fee or related cost by the ILO's groups. A child (`C6a`) also falls under its parent's rules (`C6`)."""

    class Group(models.TextChoices):
        FEE = "fee", _("Recruitment fee")
        COST = "cost", _("Related cost")
        ILLEGITIMATE = "illegitimate", _("Never legitimate")
        OUTSIDE = "outside", _("Not a recruitment fee")

    class WorkerPays(models.TextChoices):
        NO = "no", _("The worker should not pay this")
        NEVER = "never", _("Nobody may ask for this")
        OUTSIDE = "outside", _("Outside the ILO list")

    code = models.CharField(max_length=4, primary_key=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    group = models.CharField(max_length=12, choices=Group.choices)
    ilo_worker_pays = models.CharField(max_length=7, choices=WorkerPays.choices)
    name = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    default_stage = models.ForeignKey(FeeStage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    in_total = models.BooleanField()
    forbidden_always = models.BooleanField()
    may_enter = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.CheckConstraint(
                name="recruitment_feeitem_never",
                condition=Q(forbidden_always=False) | Q(ilo_worker_pays="never"),
            ),
        ]

    def __str__(self):
        return self.name
