"""A report that is made, and the people who asked for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Leased, OrganizationRow
from core.tenancy import ReachableManager, TenantForeignKey, TenantManager


class ReportJobQuerySet(models.QuerySet):
    def open(self):
        """Still to be made."""
        return self.filter(state__in=ReportJob.UNFINISHED)


class ReportJob(Leased, OrganizationRow):
    """One file of one report. Everybody of the organization who asks for the same at about the same time shares it.

    `key` is the hash of all that decides what stands in the file; `scope` says whose eyes it was made for, where a report shows
    different rows to different people of one organization. `reference` is the number people read to each other (seven characters
    and a check character); the sealed file is bound to it. `rows` and `done` count rows, NULL = not known yet.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Could not be made")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Over, the file is deleted")

    class Error(models.TextChoices):
        """Why it could not be made, as a code that outlives the language it is read in."""

        BROKEN = "broken", _("Something went wrong on our side. Try again; if it happens again, tell us the reference number.")
        TOO_LONG = "too_long", _("It took too long to make. Choose CSV, a shorter time or fewer rows, and ask again.")
        TOO_MANY = "too_many", _("It has more rows than this kind of file can hold. Choose CSV and ask again.")
        NOBODY = "nobody", _("Nobody who asked for it may still have it.")
        GONE = "gone", _("This report does not exist any more.")
        EMPTY = "empty", _("There was nothing left to put into it.")
        NO_SPACE = "no_space", _("Our storage is full at the moment. Try again later.")

    UNFINISHED = ("waiting", "running")

    report = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    format = models.CharField(max_length=5)
    language = models.CharField(max_length=5)
    bom = models.BooleanField(default=False)
    scope = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64)
    reference = models.CharField(max_length=8, unique=True)

    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    rows = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=10, blank=True, choices=Error)

    stored_name = models.CharField(max_length=32, blank=True)
    display_name = models.CharField(max_length=160, blank=True)
    wrapped_key = models.BinaryField(null=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ReportJobQuerySet)()
    reachable = ReachableManager.from_queryset(ReportJobQuerySet)()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "key"], condition=Q(state__in=["waiting", "running"]), name="reports_job_one_at_work"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled", "expired"]), name="reports_job_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(stored_name="") & Q(wrapped_key__isnull=False, expires_at__isnull=False)),
                name="reports_job_done_has_file",
            ),
            models.CheckConstraint(condition=Q(state="done") | Q(stored_name=""), name="reports_job_file_only_when_done"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="reports_job_failed_says_why"),
        ]
        indexes = [
            models.Index(fields=["organization", "key", "-finished_at"], name="reports_job_same"),
            models.Index(fields=["leased_until"], condition=Q(state__in=["waiting", "running"]), name="reports_job_unfinished"),
            models.Index(fields=["expires_at"], condition=Q(state="done"), name="reports_job_expiring"),
        ]

    def __str__(self):
        return f"{self.reference[:4]}-{self.reference[4:]}"

    @property
    def is_open(self) -> bool:
        """Still to be made."""
        return self.state in self.UNFINISHED


class ReportRequestQuerySet(models.QuerySet):
    def living(self):
        """Not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class ReportRequest(OrganizationRow):
    """A person asked for a job's file. The link to the file works once, for ten minutes, for this person in this session.

    Only hashes of the link's token and of the session are kept. `schedule` is what asked for the person, if anything.
    """

    job = models.ForeignKey(ReportJob, on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    schedule = models.ForeignKey("reports.ReportSchedule", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    token_until = models.DateTimeField(null=True)
    token_used_at = models.DateTimeField(null=True)
    session_hash = models.CharField(max_length=64, blank=True)

    objects = TenantManager.from_queryset(ReportRequestQuerySet)()
    reachable = ReachableManager.from_queryset(ReportRequestQuerySet)()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="reports_request_same_tenant", field="job"),
            models.UniqueConstraint(fields=["job", "user"], name="reports_request_once"),
        ]
        indexes = [models.Index(fields=["token_hash"], condition=~Q(token_hash=""), name="reports_request_token")]

    def __str__(self):
        return f"{self.job_id} for {self.user_id}"

    @classmethod
    def stands(cls, job: ReportJob, user_id: int | None) -> bool:
        """Whether this person has asked for the job and not taken it back."""
        return bool(user_id) and cls.reachable.living().filter(job=job, user_id=user_id).exists()
