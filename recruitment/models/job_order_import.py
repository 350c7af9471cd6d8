"""Many openings from one file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow


class JobOrderImport(OrganizationRow):
    """A file of openings handed in at once: its report by row, and how far it has come. All rows become drafts, or none.

    `report`: {"errors": [{row, field, code, message}], "openings": [code, …]}. `content` is dropped once it was decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing stored")
        REFUSED = "refused", _("Refused")
        DONE = "done", _("Stored")

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
                condition=Q(state__in=["waiting", "checking", "checked", "refused", "done"]), name="recruitment_import_state"
            ),
        ]

    def __str__(self):
        return self.file_name
