"""Many openings from one file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Leased, OrganizationRow


class JobOrderImport(Leased, OrganizationRow):
    """A file of openings handed in at once: its report by row, and how far it has come. All rows become drafts, or none; drafts
    that shall also be sent for approval are sent one after another (decision 0009).

    `report`: {"errors": [{row, field, code, message}], "more": n, "openings": [code, …], "unsent": [{opening, field, code,
    message}]}. `done` counts the rows that are checked, and while they are sent the openings that are sent. `content` is
    dropped once the rows are stored or refused.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing stored")
        SENDING = "sending", _("Stored, being sent")
        REFUSED = "refused", _("Refused")
        DONE = "done", _("Stored")

    UNFINISHED = ("waiting", "checking", "sending")

    file_name = models.CharField(max_length=160)
    content = models.BinaryField()
    language = models.CharField(max_length=5, default="en")
    dry_run = models.BooleanField(default=True)
    submit = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rows = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "checking", "checked", "sending", "refused", "done"]),
                name="recruitment_import_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                condition=Q(state__in=["waiting", "checking", "sending"]),
                name="recruitment_import_unfinished",
            )
        ]

    def __str__(self):
        return self.file_name
