"""What anybody may learn about a document that Terang made: when, what, for whom, and the hash of its bytes."""

from django.db import models

from core.models import PublishedRow


class ReportSeal(PublishedRow):
    """One finished file. Written once; PostgreSQL lets nobody change it.

    `code` stands on the paper (recruitment.services.code); `organization` is a name and nothing else; `pages` NULL = it has none.
    """

    append_only = True

    code = models.CharField(max_length=8, primary_key=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    report = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=5)
    organization = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    def __str__(self):
        return self.code
