"""A worker's own record. Identity is sealed; nobody but the person opens it without a consent."""

from django.db import models

from core.models import PersonRow


class Worker(PersonRow):
    """One per person. `identity` holds sealed fields by name (full_name, birth_date, document_number)."""

    wrapped_key = models.BinaryField(null=True)
    identity = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    country = models.CharField(max_length=2, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="recruitment_worker_one"),
        ]

    def __str__(self):
        return f"worker {self.pk}"
