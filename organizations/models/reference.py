"""What kinds of organizations and permits exist: data, because ministries, names and kinds change more often than code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import ReferenceRow


class Mark(models.TextChoices):
    """How far a row may be trusted. Only V and S may be shown as a fact; M and D are never shown as law."""

    VERIFIED = "V", _("Read in the text itself")
    SECONDARY = "S", _("Reported by a secondary source")
    MEMORY = "M", _("Not verified")
    DESIGN = "D", _("Wording or choice of this platform")


class ReviewedRow(ReferenceRow):
    """A reference row with its source, its mark and the review that let it in.

    `retired` is set by the loader when the row has left its file: old records keep pointing at it, nothing new may.
    """

    source = models.CharField(max_length=500)
    mark = models.CharField(max_length=1, choices=Mark.choices)
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=100)
    retired = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_mark",
                condition=models.Q(mark__in=["V", "S", "M", "D"]),
                violation_error_message=_("The mark must be V, S, M or D."),
            )
        ]


class OrganizationKind(ReviewedRow):
    """Sending organization, regulator, NGO partner…: what an organization of this kind may do here."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300)
    may_post = models.BooleanField()
    may_review = models.BooleanField()
    is_public = models.BooleanField()
    needs_permit = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]

    def __str__(self):
        return self.name


class PermitKind(ReviewedRow):
    """A permit that a regulator of one country gives to organizations of some kinds.

    `programmes` are programme families or codes that it allows to post for; empty = it allows no posting by itself.
    """

    code = models.CharField(max_length=40, primary_key=True)
    country = models.CharField(max_length=2)
    kinds = ArrayField(models.CharField(max_length=40))
    programmes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    name = models.CharField(max_length=160)
    regulator_name = models.CharField(max_length=200)
    number_example = models.CharField(max_length=120, blank=True)
    register_url = models.CharField(max_length=200, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]

    def __str__(self):
        return self.name


class PermitStatus(ReviewedRow):
    """The words for the state of a permit, and whether openings may stand under it."""

    class Sign(models.TextChoices):
        OK = "ok", _("In force")
        WARN = "warn", _("Look again")
        STOP = "stop", _("Stopped")
        UNKNOWN = "unk", _("Unknown")

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300)
    sign = models.CharField(max_length=4, choices=Sign.choices)
    may_publish = models.BooleanField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta(ReviewedRow.Meta):
        ordering = ["sort", "code"]
        constraints = [
            *ReviewedRow.Meta.constraints,
            models.CheckConstraint(
                name="organizations_permitstatus_sign",
                condition=models.Q(sign__in=["ok", "warn", "stop", "unk"]),
            ),
        ]

    def __str__(self):
        return self.name
