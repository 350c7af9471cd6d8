"""What a person wants to hear, how, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PersonRow
from core.tenancy import PostmanPolicy
from notifications.models.channel import Channel


class Category(models.TextChoices):
    """What a notice is about, in words that may stand on anybody's screen."""

    LEGAL = "legal", _("Decisions with a legal effect")
    ACCOUNT = "account", _("My account")
    MESSAGES = "messages", _("Messages to me")
    OPENINGS = "openings", _("Openings I follow")
    REVIEW = "review", _("Checks and approvals")
    COMPANY = "company", _("My organization")
    REPORTS = "reports", _("Reports")


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, together")
    WEEKLY = "weekly", _("Once a week, together")
    NEVER = "never", _("Never")


class Choice(PersonRow):
    """One cell of the table of categories and channels that differs from what the routing table says."""

    posted = True

    category = models.CharField(max_length=12, choices=Category)
    channel = models.CharField(max_length=8, choices=Channel)
    rhythm = models.CharField(max_length=8, choices=Rhythm)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_choice_postman"),
            models.UniqueConstraint(fields=["user", "category", "channel"], name="notifications_choice_one"),
            models.CheckConstraint(
                condition=~models.Q(category="legal", rhythm="never"), name="notifications_choice_legal_stays"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.category} {self.channel}: {self.rhythm}"


class Hours(PersonRow):
    """When a person may be disturbed, in their own time zone (IANA name). Without a row: Asia/Ho_Chi_Minh-like defaults of the
    language, quiet from 21:00 to 7:00, the daily message at 8:00, the weekly one on Monday."""

    posted = True

    time_zone = models.CharField(max_length=40)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField()
    digest_day = models.SmallIntegerField(default=0)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_hours_postman"),
            models.UniqueConstraint(fields=["user"], name="notifications_hours_one"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notifications_hours_quiet_whole",
            ),
            models.CheckConstraint(condition=models.Q(digest_day__range=(0, 6)), name="notifications_hours_day"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.time_zone}"
