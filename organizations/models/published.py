"""What the world may read about organizations. Copies, written by the publishing job only."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from core.models import PublishedRow


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class PublishedOrganization(PublishedRow):
    """A verified organization as the public directory shows it."""

    organization_id = models.BigIntegerField(primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    organization_kind = models.ForeignKey(
        "organizations.OrganizationKind", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    country = models.CharField(max_length=2)
    legal_name = models.CharField(max_length=200)
    latin_name = models.CharField(max_length=200, blank=True)
    name_norm = models.CharField(max_length=420)
    registration_number = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    website = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField()
    verified_by = models.CharField(max_length=200)
    contacts = models.JSONField(default=list)
    representatives = models.JSONField(default=list)
    status = models.CharField(max_length=30)
    status_since = models.DateField(null=True)
    openings = models.IntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    search = SearchVectorField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="organizations_published_search")]

    def __str__(self):
        return self.legal_name


class PublishedPermitQuerySet(models.QuerySet):
    def open(self, *, now):
        """Permits under which openings are visible at this moment."""
        return self.filter(open_from__lte=now, open_until__gt=now)


class PublishedPermit(PublishedRow):
    """A permit with its history. Openings are visible while `open_from <= now < open_until`; one UPDATE hides them all.

    `open_until` is the far future while in force without an end, and the moment of a stop once stopped.
    """

    permit_id = models.BigIntegerField(primary_key=True)
    organization = models.ForeignKey(PublishedOrganization, on_delete=models.CASCADE, related_name="permits")
    permit_kind = models.ForeignKey("organizations.PermitKind", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80, db_index=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    markets = ArrayField(models.CharField(max_length=2), default=list)
    suspended_markets = ArrayField(models.CharField(max_length=2), default=list)
    status = models.ForeignKey("organizations.PermitStatus", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    status_since = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    checked_by = models.CharField(max_length=200, blank=True)
    history = models.JSONField(default=list)
    open_from = models.DateTimeField()
    open_until = models.DateTimeField()

    objects = PublishedPermitQuerySet.as_manager()

    def __str__(self):
        return self.number

    @property
    def changes(self) -> list[dict]:
        """The history with days instead of text, newest first."""
        lines = ({**line, "since": _day(line.get("since")), "until": _day(line.get("until"))} for line in self.history)
        return list(lines)[::-1]

    def is_open(self, *, now) -> bool:
        """Whether openings are visible under it at this moment."""
        return self.open_from <= now < self.open_until


class PublishedContact(PublishedRow):
    """A keyed hash of a phone, account or bank holder that a verified organization registered; exact match only."""

    lookup = models.BinaryField(max_length=64)
    contact_kind = models.CharField(max_length=12)
    organization = models.ForeignKey(PublishedOrganization, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["lookup"], name="organizations_contact_lookup")]

    def __str__(self):
        return self.contact_kind
