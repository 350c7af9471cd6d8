"""What the world may read about openings. Copies, written by the publishing job only.

`PublishedOpening` is narrow: words of the four languages are resolved to codes before the question reaches the database, so a
row carries codes, amounts, three order columns and the few free words (city, employer, organization) in `search`.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from core.models import PublishedRow

UNKNOWN_COST = 2**53  # an unknown cost sorts after every known one
COST_BANDS = (0, 1, 2, 3, 6)  # months of take-home pay: "up to"; the band after the last is "more, or not known"
PAY_BANDS = (120_000, 140_000, 160_000, 180_000, 200_000)  # take-home yen a month: "from"


class PublishedOpeningQuerySet(models.QuerySet):
    def visible(self, *, now):
        """Openings whose permit is open at this moment. One UPDATE of a permit row hides all of its openings."""
        return self.filter(Q(permit__isnull=True) | Q(permit__open_from__lte=now, permit__open_until__gt=now))


class PublishedOpening(PublishedRow):
    """The narrow search table: one row for each opening that is published now.

    Money in minor units; `months` = total cost in months of take-home pay; NULL = not known. In each `…_order` column smaller
    comes first. `permit` is empty only for routes that need none.
    """

    job_order_id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=8, unique=True)
    permit = models.ForeignKey("organizations.PublishedPermit", null=True, on_delete=models.CASCADE, related_name="+")
    organization_id = models.BigIntegerField()
    origin = models.CharField(max_length=2)
    programme = models.CharField(max_length=20)
    field = models.CharField(max_length=10)
    occupation = models.CharField(max_length=30)
    prefecture = models.CharField(max_length=2)
    city = models.CharField(max_length=80, blank=True)
    months = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    cost_jpy = models.BigIntegerField(null=True)
    cost_home = models.BigIntegerField(null=True)
    home_currency = models.CharField(max_length=3)
    at_least = models.BooleanField()
    take_home_jpy = models.BigIntegerField(null=True)
    take_home_home = models.BigIntegerField(null=True)
    zero_fee = models.BooleanField(default=False)
    places_left = models.IntegerField()
    published_at = models.DateTimeField()
    fee_raised_on = models.DateField(null=True)
    fee_raised_home = models.BigIntegerField(null=True)
    is_demo = models.BooleanField(default=False)
    cost_band = models.SmallIntegerField()
    pay_band = models.SmallIntegerField()
    cost_order = models.BigIntegerField()
    pay_order = models.BigIntegerField()
    new_order = models.BigIntegerField()
    search = SearchVectorField(null=True)

    objects = PublishedOpeningQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], fastupdate=False, name="recruitment_opening_search"),
            models.Index(fields=["organization_id", "cost_order"], name="recruitment_opening_org"),
            models.Index(fields=["cost_order", "job_order_id"], name="recruitment_opening_cost"),
            models.Index(fields=["pay_order", "job_order_id"], name="recruitment_opening_pay"),
            models.Index(fields=["new_order", "job_order_id"], name="recruitment_opening_new"),
            models.Index(fields=["occupation", "cost_order", "job_order_id"], name="recruitment_opening_occ_cost"),
            models.Index(fields=["occupation", "pay_order", "job_order_id"], name="recruitment_opening_occ_pay"),
            models.Index(fields=["occupation", "new_order", "job_order_id"], name="recruitment_opening_occ_new"),
            models.Index(fields=["prefecture", "occupation", "cost_order", "job_order_id"], name="recruitment_opening_pref_cost"),
            models.Index(fields=["field", "cost_order", "job_order_id"], name="recruitment_opening_fld_cost"),
        ]

    def __str__(self):
        return self.code


class PublishedPosting(PublishedRow):
    """The whole posting as a document of codes, amounts and dates; stays after the end so that an old flyer gets an answer."""

    class State(models.TextChoices):
        PUBLISHED = "published"
        PAUSED = "paused"
        FILLED = "filled"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"
        SUSPENDED = "suspended"

    code = models.CharField(max_length=8, primary_key=True)
    job_order_id = models.BigIntegerField(unique=True)
    organization_id = models.BigIntegerField(db_index=True)
    permit = models.ForeignKey("organizations.PublishedPermit", null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    state_since = models.DateTimeField()
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    document = models.JSONField()
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.code

    def is_live(self, *, now) -> bool:
        """Published, with places left, and under a permit that is open at this moment."""
        return self.state == self.State.PUBLISHED and self.document["places_left"] != 0 and self.is_permitted(now=now)

    def is_permitted(self, *, now) -> bool:
        """Under a permit that is open, or on a route that needs none."""
        return self.permit_id is None or self.permit.open_from <= now < self.permit.open_until


class PublishedVersion(PublishedRow):
    """An approved version as it was, with its hash and what changed from the one before."""

    code = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    changes = models.JSONField(default=list)
    document = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="recruitment_publishedversion_once")]

    def __str__(self):
        return f"{self.code} v{self.number}"


class PublishedWord(PublishedRow):
    """A free word of published openings (city, employer, organization), for prefixes and for "did you mean".

    `lexeme` is the comparable form, `shown` how it was written.
    """

    lexeme = models.CharField(max_length=80, primary_key=True, db_collation="C")
    shown = models.CharField(max_length=80)

    class Meta:
        indexes = [GinIndex(OpClass("lexeme", name="gin_trgm_ops"), name="recruitment_word_trigram")]

    def __str__(self):
        return self.lexeme


class PublishedFacet(PublishedRow):
    """How many visible openings have two values at once; `dimension_b` is empty for one value alone. A small cube."""

    dimension_a = models.CharField(max_length=12)
    value_a = models.CharField(max_length=20)
    dimension_b = models.CharField(max_length=12, blank=True)
    value_b = models.CharField(max_length=20, blank=True)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension_b", "value_b", "dimension_a", "value_a"], name="recruitment_facet_once")
        ]

    def __str__(self):
        return f"{self.dimension_a}={self.value_a} {self.dimension_b}={self.value_b}: {self.n}"
