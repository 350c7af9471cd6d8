"""Permits, their append-only history, and the registers regulators keep."""

import unicodedata

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Leased, OrganizationRow, PublishedRow
from core.tenancy import GrantedPolicy, ReachableManager, TenantForeignKey, TenantManager
from organizations.models.organization import REVIEWED


def number_key(number: str) -> str:
    """A permit number as it is compared: without spaces, punctuation, marks and case ("12/LĐTBXH-GP" → "12ldtbxhgp")."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", number).casefold()).replace("đ", "d")
    return "".join(c for c in plain if c.isalnum())[:80]


class PermitQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """Permits under which openings may stand on this day."""
        return self.filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on), status__may_publish=True)


class Permit(OrganizationRow):
    """A permit the organization claims; its status is what the regulator of that kind said last.

    `expires_on` is the last day on which it is good (in the regulator's country). `number_key` is the number without spaces,
    punctuation and case.
    """

    permit_kind = models.ForeignKey("organizations.PermitKind", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    markets = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    scan = models.ForeignKey("organizations.Evidence", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.ForeignKey("organizations.PermitStatus", default="not_checked", on_delete=models.PROTECT, related_name="+")
    status_since = models.DateField(null=True, blank=True)
    suspended_markets = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(PermitQuerySet)()
    reachable = ReachableManager.from_queryset(PermitQuerySet)()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="organizations_permit_scan_same_tenant", field="scan"),
            GrantedPolicy(name="organizations_permit_reviewed", exists=REVIEWED),
            models.UniqueConstraint(fields=["organization", "permit_kind", "number_key"], name="organizations_permit_once"),
            models.CheckConstraint(
                condition=models.Q(issued_on__isnull=True)
                | models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("issued_on")),
                name="organizations_permit_dates",
            ),
        ]

    def __str__(self):
        return f"{self.permit_kind_id} {self.number}"


class PermitChange(OrganizationRow):
    """One line of a permit's history: which status, since when, said by whom and why. Never edited."""

    append_only = True

    class Source(models.TextChoices):
        REVIEW = "review"
        REGISTER = "register"
        EXPIRY = "expiry"
        DECISION = "decision"

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="changes")
    status = models.ForeignKey("organizations.PermitStatus", on_delete=models.PROTECT, related_name="+")
    market = models.CharField(max_length=2, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    decided_by_name = models.CharField(max_length=200)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="organizations_permitchange_same_tenant", field="permit"),
            GrantedPolicy(name="organizations_permitchange_reviewed", exists=REVIEWED),
        ]

    def __str__(self):
        return f"{self.permit_id} {self.status_id}"


class JurisdictionQuerySet(models.QuerySet):
    def over(self, *, permit_kinds, country):
        """Who reviews an organization with these permit kinds, the first kind first; without any: the country's own regulator."""
        found = {
            row.permit_kind_id: row
            for row in self.filter(models.Q(permit_kind__in=permit_kinds) | models.Q(permit_kind=None, country=country))
        }
        return next((found[kind] for kind in [*permit_kinds, None] if kind in found), None)


class Jurisdiction(PublishedRow):
    """Which regulator reviews permits of a kind (and registrations of organizations that need that kind). Public.

    `permit_kind` is empty for organizations of a country that need no permit.
    """

    country = models.CharField(max_length=2)
    permit_kind = models.ForeignKey("organizations.PermitKind", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    regulator_id = models.BigIntegerField()
    regulator_name = models.CharField(max_length=200)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "permit_kind"], nulls_distinct=False, name="organizations_jurisdiction_one"
            )
        ]

    def __str__(self):
        return f"{self.country} {self.permit_kind_id or '-'}: {self.regulator_name}"

    @classmethod
    def kinds_of(cls, regulator_id: int | None) -> frozenset[str]:
        """Codes of the permit kinds this organization is the regulator of."""
        found = cls.objects.filter(regulator_id=regulator_id, permit_kind__isnull=False).values_list("permit_kind_id", flat=True)
        return frozenset(found) if regulator_id else frozenset()


class RegisterImport(Leased, OrganizationRow):
    """One permit register a regulator handed in: the report of the dry run, and whether it was applied.

    `report`: `{"lines": [...], "errors": [...], "counts": {...}, "digest": text}`; while a long one is worked on
    `{"done": rows, "total": rows}`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the check")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Refused")
        APPLYING = "applying", _("Being taken over")
        APPLIED = "applied", _("Taken over")

    UNFINISHED = ("waiting", "applying")

    permit_kind = models.ForeignKey("organizations.PermitKind", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State)
    rows = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "checked", "refused", "applying", "applied"]),
                name="organizations_registerimport_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                condition=models.Q(state__in=["waiting", "applying"]),
                name="organizations_register_open",
            )
        ]

    def __str__(self):
        return self.file_name


class RegisterEntry(OrganizationRow):
    """A line of the regulator's register as it stands now."""

    permit_kind = models.ForeignKey("organizations.PermitKind", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80)
    holder_name = models.CharField(max_length=200)
    status = models.ForeignKey("organizations.PermitStatus", on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    market = models.CharField(max_length=2, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    register_import = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, related_name="+")

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "permit_kind", "number_key"], name="organizations_registerentry_once"
            ),
        ]

    def __str__(self):
        return self.number
