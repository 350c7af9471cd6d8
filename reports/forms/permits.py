"""Parameters of the reports about permits."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import LineField
from recruitment.selectors.names import reference
from reports.forms.parameters import MonthField, ParametersForm, month_of
from reports.selectors.permits import overseen_organizations


class HistoryForm(ParametersForm):
    """Which organization: a question to a regulator only; anybody else gets their own."""

    organization = LineField(label=_("Organization"), help_text=_("Its name, or the number of a permit."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.actor.organization.organization_kind.may_review:
            del self.fields["organization"]

    def clean_organization(self) -> str:
        """The address of the one organization that is meant."""
        found = overseen_organizations(self.actor, self.cleaned_data["organization"])
        exact = [row for row in found if row.slug == self.cleaned_data["organization"]]
        if len(found) == 1 or exact:
            return str((exact or found)[0].slug)
        if not found:
            raise ValidationError(_("Your office is responsible for no organization with this name or permit number."))
        names = "; ".join(row.legal_name for row in found)
        raise ValidationError(_("Several organizations answer: %(names)s. Write the whole name or a permit number."), params={"names": names})  # fmt: skip


class MonthlyForm(ParametersForm):
    """A month and a corridor."""

    month = MonthField()
    origin = forms.ChoiceField(label=_("Corridor"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(self.today)  # type: ignore[attr-defined]
        corridors = [
            (code, _("%(country)s → Japan") % {"country": row.name})
            for code, row in reference().countries.items()
            if row.is_origin
        ]
        self.fields["origin"].choices = [("", _("All corridors")), *corridors]  # type: ignore[attr-defined]

    @classmethod
    def fixed(cls, parameters: dict, today: date) -> dict:
        return {**parameters, "month": month_of(parameters["month"], today)}
