"""What an opening says at one time, and the codes it uses."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import GrantedPolicy, TenantForeignKey
from recruitment.models.job_order import JobOrder, reviewed_by


class JobOrderVersion(OrganizationRow):
    """What the opening says at one time. After it was submitted it is never edited; a change is the next version.

    Money is in minor units of its currency; wages are in `wage_currency` (JPY). NULL means not known, never zero.
    `content_hash` is the SHA-256 of the canonical JSON of everything shown.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        REPLACED = "replaced", _("Replaced by a newer version")
        DROPPED = "dropped", _("Taken back")

    class Route(models.TextChoices):
        ORGANIZATION = "organization", _("Through a sending organization")
        PUBLIC = "public", _("Through a public body")
        INDEPENDENT = "independent", _("On one's own, without a sending organization")

    class Meals(models.TextChoices):
        FREE = "free", _("Free")
        PART = "part", _("Partly paid by the employer")
        SELF = "self", _("Paid by the worker")
        UNKNOWN = "unknown", _("Not known")

    class Housing(models.TextChoices):
        FREE = "free", _("Free")
        EMPLOYER = "employer", _("Arranged by the employer, rent deducted")
        SELF = "self", _("Found and paid by the worker")
        UNKNOWN = "unknown", _("Not known")

    job_order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)

    # parties and place
    route = models.CharField(max_length=12, choices=Route, default=Route.ORGANIZATION)
    origin = models.ForeignKey("recruitment.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey("recruitment.Programme", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    field = models.ForeignKey("recruitment.Field", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    occupation = models.ForeignKey("recruitment.Occupation", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    situation = models.CharField(max_length=30, blank=True)
    employer_name = models.CharField(max_length=160, blank=True)
    intermediary_name = models.CharField(max_length=160, blank=True)
    prefecture = models.ForeignKey("recruitment.Prefecture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=80, blank=True)
    workplace = models.CharField(max_length=200, blank=True)
    places = models.PositiveIntegerField(null=True, blank=True)

    # terms
    contract_months = models.PositiveSmallIntegerField(null=True, blank=True)
    hours_per_day = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    hours_per_month = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    rest_days_per_week = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    wage_base = models.BigIntegerField(null=True, blank=True)
    wage_currency = models.CharField(max_length=3, default="JPY")
    meals = models.CharField(max_length=8, choices=Meals, default=Meals.UNKNOWN)
    housing = models.CharField(max_length=8, choices=Housing, default=Housing.UNKNOWN)
    insurance = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    travel_out_payer = models.ForeignKey(
        "recruitment.FeePayer", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    travel_home_payer = models.ForeignKey(
        "recruitment.FeePayer", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # requirements (age only where the law allows it; no other personal trait is asked)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    age_reason = models.CharField(max_length=200, blank=True)
    language_level = models.CharField(max_length=20, blank=True)
    tests = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    # dates
    apply_until = models.DateField(null=True, blank=True)
    selection_on = models.DateField(null=True, blank=True)
    signing_on = models.DateField(null=True, blank=True)
    departure_on = models.DateField(null=True, blank=True)

    # what follows from the above, computed by the services when saved
    total_home = models.BigIntegerField(null=True, blank=True)
    home_currency = models.CharField(max_length=3, blank=True)
    total_jpy = models.BigIntegerField(null=True, blank=True)
    total_at_least = models.BooleanField(default=True)
    take_home_jpy = models.BigIntegerField(null=True, blank=True)
    take_home_at_most = models.BooleanField(default=True)
    months_of_pay = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    payback_months = models.PositiveIntegerField(null=True, blank=True)
    rate = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    rate_on = models.DateField(null=True, blank=True)
    rate_is_sample = models.BooleanField(default=False)
    judged_on = models.DateField(null=True, blank=True)

    content_hash = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="recruitment_version_same_tenant", field="job_order"),
            GrantedPolicy(name="recruitment_version_reviewed", exists=reviewed_by("job_order_id")),
            models.UniqueConstraint(fields=["job_order", "number"], name="recruitment_version_number"),
            models.UniqueConstraint(
                fields=["job_order"],
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="recruitment_version_one_open",
            ),
            models.UniqueConstraint(fields=["job_order"], condition=Q(state="approved"), name="recruitment_version_one_approved"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "approved", "replaced", "dropped"]),
                name="recruitment_version_state",
            ),
            models.CheckConstraint(condition=Q(wage_base__isnull=True) | Q(wage_base__gte=0), name="recruitment_version_wage"),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(places__gte=1, places__lte=10000), name="recruitment_version_places"
            ),
            models.CheckConstraint(
                condition=Q(age_min__isnull=True) | Q(age_max__isnull=True) | Q(age_max__gte=models.F("age_min")),
                name="recruitment_version_ages",
            ),
        ]

    def __str__(self):
        return f"{self.job_order_id} v{self.number}"


class Insurance(models.TextChoices):
    """What the worker is insured by (codes of `JobOrderVersion.insurance`)."""

    HEALTH = "health", _("Health insurance")
    PENSION = "pension", _("Pension")
    EMPLOYMENT = "employment", _("Employment insurance")
    ACCIDENT = "accident", _("Work accident insurance")
    PRIVATE = "private", _("Private insurance")


class RequiredTest(models.TextChoices):
    """Tests that are asked for (codes of `JobOrderVersion.tests`)."""

    JFT = "jft_basic", _("JFT-Basic")
    JLPT = "jlpt", _("JLPT")
    SKILL = "ssw_skill", _("Skill test of the field")
    CARE_LANGUAGE = "care_japanese", _("Japanese test for nursing care")


class LanguageLevel(models.TextChoices):
    """The Japanese that is asked for (codes of `JobOrderVersion.language_level`; empty = not said)."""

    NONE = "none", _("No Japanese needed")
    N5 = "N5", _("N5 (A1)")
    N4 = "N4", _("N4 (A2)")
    N3 = "N3", _("N3 (B1)")
    N2 = "N2", _("N2 (B2)")
    N1 = "N1", _("N1 (C1)")


class Situation(models.TextChoices):
    """What fee law asks about the people sought (codes of `JobOrderVersion.situation`; empty = none of these)."""

    RENEWAL = "renewal", _("They extend a contract")
    COMPLETED_TITP2 = "completed_titp2", _("They completed technical intern training, level 2 or 3")
    SAME_EMPLOYER = "same_employer", _("They go back to the same employer")
    RETURN_NEW_EMPLOYER = "return_new_employer", _("They go back to Japan to a new employer")
