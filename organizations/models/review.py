"""Reviews: rows of the regulator's own inbox about something of another organization."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import ReachableManager, TenantManager
from organizations.models.organization import Role

REVIEWERS = (Role.OFFICER, Role.MANAGER, Role.OWNER)


class ReviewQuerySet(models.QuerySet):
    def open(self):
        """Still to be decided."""
        return self.filter(state__in=[Review.State.OPEN, Review.State.HALF_APPROVED])

    def overdue(self, *, on):
        return self.open().filter(due_on__lt=on)

    def due(self, when, *, on):
        """Open ones that are `late`, due `today` or within a `week`. `on`: the day of the office."""
        if when == "late":
            return self.overdue(on=on)
        return self.open().filter(due_on=on) if when == "today" else self.open().filter(due_on__lte=on + timedelta(days=7))

    def in_order(self):
        """The order of the queue: the day an answer is due, then age."""
        return self.order_by("due_on", "pk")

    def after(self, due_on, pk):
        """What comes behind this place in the queue."""
        return self.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))

    def not_about(self, organization_ids):
        """Without the reviews of these organizations: those an officer works for."""
        return self.exclude(subject_organization_id__in=list(organization_ids))


class Review(OrganizationRow):
    """Belongs to the regulator. Opens the subject for reading (granted policies) and holds the two approvals.

    `subject_type` is `registration`, `permit` or `job_order`, or `person` or `contact` for a line that a verified organization
    added later; `subject_id` is the id of the organization, permit, line or job order, `version` the number of the job order's
    version. Two different people approve, neither of them the one who submitted.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        HALF_APPROVED = "half_approved", _("Approved by one person")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Taken back")

    class Subject(models.TextChoices):
        REGISTRATION = "registration", _("Registration")
        PERMIT = "permit", _("Permit")
        REPRESENTATIVE = "person", _("Representative")
        CONTACT = "contact", _("Phone, page or account")
        JOB_ORDER = "job_order", _("Opening")

    subject_organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    subject_name = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=12, choices=Subject)
    subject_id = models.BigIntegerField()
    version = models.IntegerField(default=1)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=14, choices=State, default=State.OPEN)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    checklist = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    first_factor = models.CharField(max_length=80, blank=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_factor = models.CharField(max_length=80, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ReviewQuerySet)()
    reachable = ReachableManager.from_queryset(ReviewQuerySet)()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "subject_type", "subject_id"],
                condition=Q(state__in=["open", "half_approved"]),
                name="organizations_review_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "half_approved", "approved", "returned", "cancelled"]),
                name="organizations_review_state",
            ),
            models.CheckConstraint(
                condition=(Q(first_by__isnull=True) | Q(second_by__isnull=True) | ~Q(first_by=F("second_by")))
                & (Q(submitted_by__isnull=True) | Q(first_by__isnull=True) | ~Q(first_by=F("submitted_by")))
                & (Q(submitted_by__isnull=True) | Q(second_by__isnull=True) | ~Q(second_by=F("submitted_by"))),
                name="organizations_review_different_people",
            ),
            models.CheckConstraint(
                condition=Q(first_factor="") | Q(second_factor="") | ~Q(first_factor=F("second_factor")),
                name="organizations_review_different_factors",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(first_by__isnull=False, second_by__isnull=False),
                name="organizations_review_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on", "id"], name="organizations_review_queue"),
            models.Index(fields=["subject_organization", "organization"], name="organizations_review_subject"),
        ]

    def __str__(self):
        return f"{self.subject_type} {self.subject_id}"

    @property
    def is_open(self) -> bool:
        """Still to be decided."""
        return self.state in (self.State.OPEN, self.State.HALF_APPROVED)


class ReturnedItem(OrganizationRow):
    """One item the regulator sent back with a reason, delivered to the organization that must mend it.

    `item` names the place: `legal_name`, `permit:12`, `contact:7`, or a field of a job order's version.
    """

    subject_type = models.CharField(max_length=12, choices=Review.Subject)
    subject_id = models.BigIntegerField()
    item = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000)
    returned_by_name = models.CharField(max_length=200)
    returned_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    row_id = 0  # the line to correct, found by selectors.registration.returned_by_step

    class Meta(OrganizationRow.Meta):
        constraints = [*OrganizationRow.Meta.constraints]
        indexes = [models.Index(fields=["organization", "subject_type", "subject_id"], name="organizations_returned_subject")]

    def __str__(self):
        return f"{self.subject_type} {self.subject_id} {self.item}"
