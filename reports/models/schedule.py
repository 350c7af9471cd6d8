"""A report that is made by itself, every week or every month."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow


class ReportSchedule(OrganizationRow):
    """Who gets which report when. Days and hours are those of the organization's country.

    `parameters` may be relative ("the month before"); each run fixes them. `recipients` are ids of members; each gets what they may
    have on the day. After an outage a schedule runs once, not once for each time it missed.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    report = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    format = models.CharField(max_length=5)
    language = models.CharField(max_length=5)
    bom = models.BooleanField(default=False)
    every = models.CharField(max_length=5, choices=Every)
    day = models.SmallIntegerField()
    hour = models.SmallIntegerField()
    recipients = ArrayField(models.BigIntegerField())
    active = models.BooleanField(default=True)
    last_run_at = models.DateTimeField(null=True)
    next_run_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(every="week", day__gte=0, day__lte=6) | Q(every="month", day__gte=1, day__lte=28),
                name="reports_schedule_day",
            ),
            models.CheckConstraint(condition=Q(hour__gte=0, hour__lte=23), name="reports_schedule_hour"),
        ]
        indexes = [models.Index(fields=["next_run_at"], condition=Q(active=True), name="reports_schedule_due")]

    def __str__(self):
        return f"{self.report} {self.every} {self.day} {self.hour}"
