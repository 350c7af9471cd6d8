"""What the world may read about openings. Copies, written by the publishing job only."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from core.models import PublishedRow


class PublishedOpening(PublishedRow):
    """The narrow search table: one row for each published opening, only what is searched, filtered and sorted.

    Visible while its permit is open and `live` holds. Money in minor units; `months` = total cost in months of take-home pay.
    """

    job_order_id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=8, unique=True)
    permit = models.ForeignKey("organizations.PublishedPermit", on_delete=models.CASCADE, related_name="+")
    organization_id = models.BigIntegerField()
    live = models.BooleanField(default=True)
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
    zero_fee = models.BooleanField(default=False)
    places_left = models.IntegerField()
    published_at = models.DateTimeField()
    fee_raised_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["search"], name="recruitment_opening_search")]

    def __str__(self):
        return self.code


class PublishedPosting(PublishedRow):
    """The whole posting as a document, for its page; stays after the end so that an old flyer still gets an answer."""

    code = models.CharField(max_length=8, primary_key=True)
    job_order_id = models.BigIntegerField(unique=True)
    organization_id = models.BigIntegerField()
    permit = models.ForeignKey("organizations.PublishedPermit", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10)
    state_since = models.DateTimeField()
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    document = models.JSONField()
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self):
        return self.code


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
