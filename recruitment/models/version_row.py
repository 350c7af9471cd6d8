"""The lines of a version: fees, pay, texts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import GrantedPolicy, TenantForeignKey
from recruitment.models.job_order import JobOrder, reviewed_by
from recruitment.models.job_order_version import JobOrderVersion


class VersionRow(OrganizationRow):
    """A line of a version; carries the job order so that a review opens it by one equality."""

    job_order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(JobOrderVersion, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(OrganizationRow.Meta):
        abstract = True
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="recruitment_%(class)s_same_tenant", field="version"),
            GrantedPolicy(name="recruitment_%(class)s_reviewed", exists=reviewed_by("job_order_id")),
        ]


class FeeCharge(VersionRow):
    """One fee or cost: what, how much, in which currency, who pays, to whom, when, and whether it comes back.

    `amount` is NULL when not known. The verdict stays as it was judged: ceiling row, amount allowed, day and rate.
    """

    class Refund(models.TextChoices):
        FULL = "full", _("Refundable in full")
        PART = "part", _("Refundable in part")
        NO = "no", _("Not refundable")
        UNKNOWN = "unknown", _("Not known")

    class Payee(models.TextChoices):
        SENDING = "sending_organization", _("Sending organization")
        TRAINING = "training_centre", _("Training centre")
        STATE = "state", _("Public office")
        HOSPITAL = "hospital", _("Hospital")
        CARRIER = "carrier", _("Airline or carrier")
        INSURER = "insurer", _("Insurer")
        FUND = "fund", _("Support fund")
        EMPLOYER = "employer", _("Employer")
        OTHER = "other", _("Somebody else")

    item = models.ForeignKey("recruitment.FeeItem", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    payer = models.ForeignKey("recruitment.FeePayer", on_delete=models.PROTECT, related_name="+")
    payer_by_law = models.ForeignKey("recruitment.FeePayer", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    payee = models.CharField(max_length=24, choices=Payee, default=Payee.SENDING)
    stage = models.ForeignKey("recruitment.FeeStage", on_delete=models.PROTECT, related_name="+")
    refund = models.CharField(max_length=8, choices=Refund, default=Refund.UNKNOWN)
    receipt = models.BooleanField(null=True, blank=True)
    instalments = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)

    legal_verdict = models.CharField(max_length=24, blank=True)
    ilo_verdict = models.CharField(max_length=24, blank=True)
    ceiling = models.ForeignKey("recruitment.FeeCeiling", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ceiling_amount = models.BigIntegerField(null=True, blank=True)
    judged_on = models.DateField(null=True, blank=True)

    class Meta(VersionRow.Meta):
        ordering = ["position", "id"]
        constraints = [
            *VersionRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="recruitment_feecharge_amount",
                violation_error_message=_("The fee cannot be below 0."),
            ),
            models.CheckConstraint(
                condition=Q(instalments__gte=1, instalments__lte=60), name="recruitment_feecharge_instalments"
            ),
        ]

    def __str__(self):
        return f"{self.item_id} {self.amount} {self.currency}"


class PayLine(VersionRow):
    """A monthly allowance, fixed overtime pay or deduction in yen. `amount` NULL = not known."""

    class Kind(models.TextChoices):
        ALLOWANCE = "allowance", _("Allowance")
        OVERTIME = "overtime", _("Fixed overtime pay")
        TAX = "tax", _("Tax")
        SOCIAL = "social", _("Social insurance")
        RENT = "rent", _("Rent")
        UTILITIES = "utilities", _("Electricity, gas, water")
        MEALS = "meals", _("Meals")
        OTHER = "other", _("Other deduction")

    ADDED = ("allowance", "overtime")

    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta(VersionRow.Meta):
        ordering = ["position", "id"]
        constraints = [
            *VersionRow.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="recruitment_payline_amount"),
        ]

    def __str__(self):
        return f"{self.kind} {self.amount}"


class JobOrderText(VersionRow):
    """Free text in the language it was written in, and its translations with their trust mark and date."""

    LANGUAGES = ("vi", "id", "en", "ja", "my", "ne", "km", "mn", "th", "zh-hans", "hi", "bn", "uz", "ky")

    class Key(models.TextChoices):
        WORK = "work", _("The work")
        HOUSING = "housing", _("Housing")
        REQUIREMENTS = "requirements", _("Requirements")
        EARLY_END = "early_end", _("Ending the contract early")
        DISPUTE = "dispute", _("If there is a dispute")
        OTHER = "other", _("More")

    class Origin(models.TextChoices):
        ORIGINAL = "original", _("Original")
        HUMAN = "human", _("Translated by a person")
        MACHINE = "machine", _("Machine translation")

    key = models.CharField(max_length=12, choices=Key)
    language = models.CharField(max_length=5)
    origin = models.CharField(max_length=8, choices=Origin)
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()

    class Meta(VersionRow.Meta):
        constraints = [
            *VersionRow.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key", "language"], name="recruitment_jobordertext_once"),
        ]

    def __str__(self):
        return f"{self.key} {self.language}"
