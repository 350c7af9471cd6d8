"""A job order: the demand for workers. What it says is in its versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import GrantedPolicy, ReachableManager, TenantForeignKey, TenantManager


def reviewed_by(column: str) -> str:
    """A regulator reads a job order once it was sent to it for review."""
    by_subject = "r.subject_type = 'job_order' and r.subject_id = {table}." + column
    return f"select 1 from organizations_review r where r.organization_id = {{organization}} and {by_subject}"  # noqa: S608


class JobOrderQuerySet(models.QuerySet):
    def open(self):
        """Not finished."""
        return self.exclude(state__in=JobOrder.FINISHED)


class JobOrder(OrganizationRow):
    """The identity and state of an opening; what it says is in its versions.

    `code` is what flyers carry: seven characters and a check character from an alphabet without look-alikes, stored without
    the hyphen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        PAUSED = "paused", _("Paused")
        FILLED = "filled", _("Filled")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUSPENDED = "suspended", _("Suspended")

    FINISHED = ("filled", "closed", "withdrawn")

    code = models.CharField(max_length=8, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    permit = models.ForeignKey("organizations.Permit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=60, blank=True)
    places_filled = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(JobOrderQuerySet)()
    reachable = ReachableManager.from_queryset(JobOrderQuerySet)()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="recruitment_joborder_permit_same_tenant", field="permit"),
            GrantedPolicy(name="recruitment_joborder_reviewed", exists=reviewed_by("id")),
            models.UniqueConstraint(
                fields=["organization", "external_id"], condition=~Q(external_id=""), name="recruitment_joborder_external_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft",
                        "submitted",
                        "returned",
                        "approved",
                        "published",
                        "paused",
                        "filled",
                        "closed",
                        "withdrawn",
                        "suspended",
                    ]
                ),
                name="recruitment_joborder_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "paused"]) | Q(published_at__isnull=False),
                name="recruitment_joborder_published_when",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="recruitment_joborder_desk")]

    def __str__(self):
        return f"{self.code[:4]}-{self.code[4:]}"
