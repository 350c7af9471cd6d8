"""Clean input about openings, step by step. A draft may be incomplete; what is needed for approval is said at the end.

Forms only turn what was typed into plain values; `recruitment.services.job_order.save_draft` decides.
"""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from recruitment.forms.amount import AmountField, shown_amount
from recruitment.models import Insurance, JobOrderVersion, LanguageLevel, RequiredTest, Situation
from recruitment.selectors.changes import LABELS, payer_name
from recruitment.selectors.names import reference

EMPTY = ("", _("Choose"))
_WHOLE = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"\d{1,6}([.,]\d{1,4})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def _digits(value) -> str:
    """Half-width ASCII digits without spaces."""
    text = unicodedata.normalize("NFKC", str(value or "")).strip()
    return "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)


class WholeField(forms.CharField):
    """A whole number in figures: no sign, no underscore, no exponent."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value):
        text = _digits(super().clean(value))
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise ValidationError(_("Write a whole number in figures."), code="number_format")
        return int(text)


class NumberField(forms.CharField):
    """A number with at most a few decimals, by comma or point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value):
        text = _digits(super().clean(value))
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            raise ValidationError(_("Write a number in figures, for example 7.5."), code="number_format")
        return forms.DecimalField().to_python(text.replace(",", "."))

    def prepare_value(self, value):
        if isinstance(value, str) or value is None:
            return value
        text = f"{value.normalize():f}"
        return text.replace(".", ",") if (get_language() or "")[:2] in ("vi", "id") else text


class DayField(forms.CharField):
    """A day from the browser's calendar, or typed day first. Only the digits 0 to 9."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = _DAY_FIRST.fullmatch(text)
        iso = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text
        try:
            day = parse_date(iso) if iso.isascii() else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(_("Write a day that exists, for example 2027-03-31."), code="invalid_date")
        return day


class UnhurriedForm(forms.Form):
    """Fields named in `may_wait` (all, when empty) are not called optional on the page, yet may be left empty for now."""

    use_required_attribute = False
    may_wait: tuple[str, ...] = ()

    def full_clean(self):
        waiting = [
            field for name, field in self.fields.items() if field.required and (not self.may_wait or name in self.may_wait)
        ]
        for field in waiting:
            field.required = False
        super().full_clean()
        for field in waiting:
            field.required = True


class DraftForm(UnhurriedForm):
    """A step of an opening. Fields marked `required` are needed for approval, not for saving. `groups`: titles and fields."""

    groups: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not field.label and name in LABELS:
                field.label = LABELS[name]

    def sections(self) -> list[dict]:
        """The fields as the page groups them."""
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in self.groups]

    @classmethod
    def initial_of(cls, version) -> dict:
        """What the version says now, by field."""
        return {name: getattr(version, _column(version, name)) for name in cls.base_fields if name in LABELS}

    def values(self) -> dict:
        """What save_draft takes."""
        return {name: value for name, value in self.cleaned_data.items() if name in LABELS}


def _column(version, name: str) -> str:
    return f"{name}_id" if hasattr(version, f"{name}_id") else name


def _named(rows, condition=lambda row: True) -> list:
    return [(row.pk, str(row.name)) for row in rows.values() if not row.retired and condition(row)]


def _line(limit: int, **kwargs) -> forms.CharField:
    return forms.CharField(max_length=limit, required=kwargs.pop("required", False), **kwargs)


def _pick(**kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(required=kwargs.pop("required", False), **kwargs)


class PartiesForm(DraftForm):
    groups = (
        (_("How people go"), ("route", "origin", "programme")),
        (_("The work"), ("field", "occupation", "situation")),
        (_("The parties"), ("employer_name", "intermediary_name")),
    )

    route = _pick(choices=JobOrderVersion.Route.choices, required=True)
    origin = _pick(required=True)
    programme = _pick(required=True)
    field = _pick(required=True)
    occupation = _pick(required=True)
    situation = _pick(help_text=_("Some fee rules are lower for these people."))
    employer_name = _line(160, required=True, help_text=_("The company in Japan where people will work."))
    intermediary_name = _line(160, help_text=_("Leave empty when there is none."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = reference()
        self.fields["origin"].choices = [EMPTY, *_named(known.countries, lambda row: row.is_origin)]
        self.fields["programme"].choices = [EMPTY, *_named(known.programmes, lambda row: row.may_post)]
        self.fields["field"].choices = [EMPTY, *_named(known.fields)]
        works = [
            (str(field.name), _named(known.occupations, lambda row, field=field: row.field_id == field.pk))
            for field in known.fields.values()
            if not field.retired
        ]
        self.fields["occupation"].choices = [EMPTY, *((group, rows) for group, rows in works if rows)]
        self.fields["situation"].choices = [("", _("None of these")), *Situation.choices]


class WorkForm(DraftForm):
    groups = (
        (_("Where"), ("prefecture", "city", "workplace")),
        (_("How many and how long"), ("places", "contract_months")),
    )

    prefecture = _pick(required=True)
    city = _line(80, required=True)
    workplace = _line(200, help_text=_("Address or name of the workplace, when it is known."))
    places = WholeField(required=True)
    contract_months = WholeField(required=True, help_text=_("36 for three years."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prefecture"].choices = [EMPTY, *_named(reference().prefectures)]


class PayForm(DraftForm):
    groups = (
        (_("Wage and hours"), ("wage_base", "hours_per_day", "hours_per_month", "rest_days_per_week")),
        (_("Housing, meals and the way"), ("housing", "meals", "travel_out_payer", "travel_home_payer")),
        (_("What people are insured by"), ("insurance",)),
    )

    wage_base = AmountField(
        label=_("Base wage a month, in yen"), required=True, help_text=_("As in the contract, before anything is taken off.")
    )
    hours_per_day = NumberField(required=True)
    hours_per_month = NumberField(required=True, help_text=_("One of the two is enough."))
    rest_days_per_week = NumberField(required=True)
    housing = _pick(choices=JobOrderVersion.Housing.choices, required=True)
    meals = _pick(choices=JobOrderVersion.Meals.choices, required=True)
    insurance = forms.MultipleChoiceField(choices=Insurance.choices, required=True, widget=forms.CheckboxSelectMultiple)
    travel_out_payer = _pick(required=True)
    travel_home_payer = _pick(required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        payers = [("", _("Not known")), *((row.pk, payer_name(row.pk)) for row in reference().payers.values() if not row.retired)]
        self.fields["travel_out_payer"].choices = payers
        self.fields["travel_home_payer"].choices = payers

    @classmethod
    def initial_of(cls, version) -> dict:
        return {**super().initial_of(version), "wage_base": shown_amount(version.wage_base, 0)}

    def clean_wage_base(self):
        return AmountField.parse(self.cleaned_data["wage_base"], exponent=0)


class TermsForm(DraftForm):
    groups = (
        (_("Days"), ("apply_until", "selection_on", "signing_on", "departure_on")),
        (_("Japanese and tests"), ("language_level", "tests")),
        (_("Age"), ("age_min", "age_max", "age_reason")),
    )

    language_level = _pick(required=False)
    tests = forms.MultipleChoiceField(choices=RequiredTest.choices, required=False, widget=forms.CheckboxSelectMultiple)
    age_min = WholeField(required=False)
    age_max = WholeField(required=False)
    age_reason = _line(200, help_text=_("An age may be asked only where a law or permit asks for it. Name it here."))
    apply_until = DayField(required=True)
    selection_on = DayField(required=True)
    signing_on = DayField(required=True, help_text=_("The fee rules of this day apply."))
    departure_on = DayField(required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language_level"].choices = [("", _("Not said")), *LanguageLevel.choices]


class JobOrderFilterForm(UnhurriedForm):
    """The list's filter; everything stays in the address."""

    q = forms.CharField(label=_("Code, employer, city or work"), required=True, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=True)
    programme = forms.ChoiceField(label=_("Programme"), required=True)
    field = forms.ChoiceField(label=_("Field"), required=True)

    def __init__(self, *args, states=(), **kwargs):
        super().__init__(*args, **kwargs)
        known = reference()
        self.fields["state"].choices = [("", _("All")), *states]
        self.fields["programme"].choices = [("", _("All")), *_named(known.programmes, lambda row: row.may_post)]
        self.fields["field"].choices = [("", _("All")), *_named(known.fields)]

    def given(self) -> dict[str, str]:
        """The valid answers; a wrong one counts as not given."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class CreateForm(UnhurriedForm):
    """Blank, or from an earlier opening."""

    copy_from = forms.ChoiceField(label=_("Begin with"), required=True)

    def __init__(self, *args, earlier=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["copy_from"].choices = [("", _("An empty form")), *earlier]


class StandingForm(forms.Form):
    """A reason from the list, where one is needed."""

    def __init__(self, *args, reasons=(), **kwargs):
        super().__init__(*args, **kwargs)
        if reasons:
            self.fields["reason"] = forms.ChoiceField(
                label=_("Why?"), choices=reasons, widget=forms.RadioSelect, error_messages={"required": _("Choose a reason.")}
            )


class CountForm(forms.Form):
    """How many places are filled."""

    filled = WholeField(label=_("Places filled"), required=True)
