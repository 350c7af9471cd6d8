"""Parameters of the reports about an organization's own openings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import DayField
from recruitment.models import JobOrder
from recruitment.selectors.names import reference
from reports.forms.parameters import ParametersForm
from reports.selectors.flyers import openings_with_flyer

MOST_FLYERS = 100


class OpeningsForm(ParametersForm):
    """Which openings."""

    state = forms.ChoiceField(label=_("State"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    published_from = DayField(label=_("Published on or after"), required=False)
    published_until = DayField(label=_("Published on or before"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        programmes = [(code, str(row)) for code, row in reference().programmes.items() if row.may_post]
        self.fields["state"].choices = [("", _("All")), ("open", _("All that are not finished")), *JobOrder.State.choices]
        self.fields["programme"].choices = [("", _("All")), *programmes]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("published_from"), given.get("published_until")
        if since and until and until < since:
            raise ValidationError({"published_until": _("This day is before the first day.")})
        return given

    def parameters(self) -> dict:
        return {name: value for name, value in super().parameters().items() if value}


class FlyersForm(ParametersForm):
    """Which published openings, and how large."""

    size = forms.ChoiceField(
        label=_("Size"),
        choices=[("a4", _("A4, one flyer a page")), ("a6", _("A6, the flyer four times on a page"))],
        widget=forms.RadioSelect,
        initial="a4",
    )
    codes = forms.MultipleChoiceField(
        label=_("Openings"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to get all of them."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = openings_with_flyer(self.actor, now=self.now)

    def parameters(self) -> dict:
        return {**super().parameters(), "codes": sorted(self.cleaned_data["codes"])}
