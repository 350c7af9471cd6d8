"""The question of the price page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from recruitment.models.amount import parse_amount
from recruitment.selectors.names import reference
from recruitment.selectors.price import TOTAL


def _countries():
    return [(row.pk, row.name) for row in reference().countries.values() if row.is_origin and not row.retired]


def _items():
    rows = [(row.pk, row.name) for row in reference().items.values() if row.may_enter and not row.retired]
    return [(TOTAL, _("Everything together")), *rows]


def _programmes():
    return [
        ("", _("I do not know")),
        *((row.pk, row.name) for row in reference().programmes.values() if row.may_post and not row.retired),
    ]


def _fields():
    return [("", _("Every field")), *((row.pk, row.name) for row in reference().fields.values() if not row.retired)]


class PriceForm(forms.Form):
    """GET form; nothing is stored."""

    origin = forms.ChoiceField(label=_("You leave from"), choices=_countries)
    item = forms.ChoiceField(label=_("What is the money for?"), choices=_items)
    amount = forms.CharField(label=_("How much do they ask?"), max_length=40)
    currency = forms.ChoiceField(
        label=_("Money"), choices=lambda: [("", _("Money of my country")), ("JPY", _("Japanese yen"))], required=False
    )
    programme = forms.ChoiceField(label=_("Programme"), choices=_programmes, required=False)
    field = forms.ChoiceField(label=_("Field of work"), choices=_fields, required=False)
    wage = forms.CharField(
        label=_("Wage in the contract, yen a month"),
        max_length=40,
        required=False,
        help_text=_("Many ceilings are counted in months of wage."),
    )
    months = forms.IntegerField(label=_("Length of the contract in months"), min_value=1, max_value=120, required=False)

    def clean(self):
        """Both amounts in minor units; what cannot be read is an error of its own field."""
        data = super().clean()
        known = reference()
        country = known.countries.get(data.get("origin", ""))
        currency = data.get("currency") or (country.currency_id if country else "JPY")
        data["currency"] = currency
        for name, of in (("amount", currency), ("wage", "JPY")):
            try:
                if name in data:
                    language = (get_language() or "en")[:2]
                    data[name] = parse_amount(data[name], exponent=known.currencies[of].exponent, language=language)
            except ValidationError as error:
                self.add_error(name, error)
        return data

    def question(self) -> dict:
        """What was asked, as keywords of recruitment.services.price.Question. Call it on a valid form."""
        names = ("origin", "item", "amount", "currency", "programme", "field", "wage", "months")
        return {name: self.cleaned_data[name] for name in names}
