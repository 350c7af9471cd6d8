"""Public figures as they were published in a month. Every page and file of that month reads these rows."""

from django.db import models

from core.models import PublishedRow


class FigureRelease(PublishedRow):
    """One figure of one month, after the rule of small numbers. Written once; PostgreSQL lets nobody change it.

    `document` holds codes and rounded counts, never a hidden number; `sha256` is the hash of its canonical JSON.
    """

    append_only = True

    month = models.DateField()
    figure = models.CharField(max_length=40)
    document = models.JSONField()
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "figure"], name="reports_figurerelease_once")]

    def __str__(self):
        return f"{self.figure} {self.month:%Y-%m}"
