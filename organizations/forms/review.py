"""What an officer types: a filter, a decision about one review, a permit's status."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Review
from organizations.models.checks import CHECKS
from organizations.models.permit import number_key

ANY = ("", _("All"))
DUE = [("late", _("Late")), ("today", _("Due today")), ("week", _("Due in 7 days"))]
SHOWN = [
    ("", _("Still open")),
    ("half_approved", _("Waiting for the second person")),
    ("decided", _("Decided")),
    ("all", _("All")),
]
REASON = "reason-"
STATUS = "status-"


class ReviewFilterForm(forms.Form):
    """The queue's filter; everything stays in the address. `today` is the day of the office."""

    q = forms.CharField(label=_("Organization or title"), required=False, max_length=100)
    type = forms.ChoiceField(label=_("About"), required=False, choices=[ANY, *Review.Subject.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=SHOWN)
    due = forms.ChoiceField(label=_("Answer due"), required=False, choices=[ANY, *DUE])
    organization = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def filter(self, rows):
        """The rows of this filter; an invalid field counts as not given."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        rows = self._by_state(rows, given.get("state", ""))
        if given.get("type"):
            rows = rows.filter(subject_type=given["type"])
        if given.get("organization"):
            rows = rows.filter(subject_organization_id=given["organization"])
        if given.get("q"):
            words = " ".join(given["q"].split())
            rows = rows.filter(Q(subject_name__icontains=words) | Q(title__icontains=words))
        return rows.due(given["due"], on=self.today) if given.get("due") else rows

    def _by_state(self, rows, state):
        if state == "decided":
            return rows.exclude(state__in=[Review.State.OPEN, Review.State.HALF_APPROVED])
        if state == "half_approved":
            return rows.filter(state=Review.State.HALF_APPROVED)
        return rows if state == "all" else rows.open()

    @property
    def in_use(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields) if self.is_bound else 0


class DecisionForm(forms.Form):
    """One review: its list of checks, the status of each permit, and a reason for every item that may go back.

    `items`: the names of the items; `permits`: those this office decides; `statuses`: (code, name) pairs; `kept`: what was
    ticked earlier.
    """

    def __init__(self, data=None, *, review, items, permits, statuses, kept=None):
        super().__init__(data)
        kept = kept or {}
        self.review = review
        self.check_names = []
        for code, sentence in CHECKS[review.subject_type].items():
            name = f"check-{code}"
            self.check_names.append(name)
            self.fields[name] = forms.BooleanField(label=sentence, required=False, initial=code in kept.get("ticked", []))
        for permit in permits:
            self.fields[f"{STATUS}{permit.pk}"] = forms.ChoiceField(
                label=_("Status you record"),
                required=False,
                choices=[("", _("Choose")), *statuses],
                initial=kept.get("permits", {}).get(str(permit.pk), ""),
            )
        for item in items:
            self.fields[f"{REASON}{item}"] = forms.CharField(
                label=_("Reason"),
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("The organization reads this. Say what is wrong and what to do."),
            )

    def checklist(self) -> dict:
        """What `approve_review` takes."""
        ticked = [name.removeprefix("check-") for name in self.check_names if self.cleaned_data.get(name)]
        permits = {
            name.removeprefix(STATUS): value for name, value in self.cleaned_data.items() if name.startswith(STATUS) and value
        }
        return {"ticked": ticked, "permits": permits}

    def reasons(self) -> dict[str, str]:
        """What `return_items` takes: the items that have a reason."""
        return {
            name.removeprefix(REASON): value for name, value in self.cleaned_data.items() if name.startswith(REASON) and value
        }


class OversightFilterForm(forms.Form):
    """The permits an office is responsible for."""

    q = forms.CharField(label=_("Organization or number"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args, statuses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [ANY, *statuses]

    def filter(self, rows):
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if given.get("status"):
            rows = rows.filter(status=given["status"])
        if given.get("q"):
            words = " ".join(given["q"].split())
            named = Q(organization__legal_name__icontains=words) | Q(organization__latin_name__icontains=words)
            rows = rows.filter(named | Q(number_key__contains=number_key(words) or "-"))
        return rows

    @property
    def in_use(self) -> int:
        return sum(bool(self.data.get(name)) for name in self.fields) if self.is_bound else 0


class PermitStatusForm(forms.Form):
    """A decision by hand about one permit."""

    status = forms.ChoiceField(label=_("New status"))
    market = forms.ChoiceField(
        label=_("Country"), required=False, help_text=_("Only when it is suspended for one country of destination.")
    )
    since = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Shown to the public. Nothing opens again by itself on that day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organization and the public read this. Name the decision and its date."),
    )

    def __init__(self, *args, statuses, markets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("Choose")), *statuses]
        self.fields["market"].choices = [("", _("No country")), *markets]
