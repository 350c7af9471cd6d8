"""What was typed into the registration and is not yet right."""

from django.db import models

from core.models import OrganizationRow


class RegistrationDraft(OrganizationRow):
    """One step as it was typed, so that nothing is lost: `data` is `{"fields": {name: text}}` or `{"lines": [{name: text}]}`.

    Empty data means that the step is stored in the rows themselves; `saved_at` stays as the time of the last save.
    """

    step = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "step"], name="organizations_registrationdraft_once"),
        ]

    def __str__(self):
        return f"{self.step} ({self.organization_id})"
