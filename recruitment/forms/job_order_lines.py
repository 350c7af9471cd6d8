"""Lines of an opening (fees, wages, texts): several on a page, added and dropped without JavaScript."""

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from recruitment.forms.amount import AmountField, shown_amount
from recruitment.forms.job_order import EMPTY, UnhurriedForm, WholeField
from recruitment.models import FeeCharge, JobOrderText, PayLine
from recruitment.selectors.changes import payer_name
from recruitment.selectors.names import reference

MOST = 60
YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
RECEIPTS = {"yes": True, "no": False}


class LineForm(UnhurriedForm):
    """One line. A line in which nothing was written is left out."""

    may_wait = ("amount", "stage", "payee", "refund", "receipt", "instalments", "origin", "text")
    marks: tuple[str, ...] = ()

    def is_blank(self) -> bool:
        """Nothing was written where something must be."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.marks)


class FeeForm(LineForm):
    marks = ("item", "amount", "note")

    item = forms.ChoiceField(label=_("Fee"), required=True, error_messages={"required": _("Choose what the money is for.")})
    amount = AmountField(label=_("Amount"), required=True)
    currency = forms.ChoiceField(label=_("Currency"))
    payer = forms.ChoiceField(label=_("Who pays"), error_messages={"required": _("Choose who pays.")})
    stage = forms.ChoiceField(label=_("When"), required=True)
    payee = forms.ChoiceField(label=_("Who receives it"), choices=FeeCharge.Payee.choices, required=True)
    refund = forms.ChoiceField(label=_("Does it come back?"), choices=FeeCharge.Refund.choices, required=True)
    receipt = forms.ChoiceField(label=_("Receipt"), choices=YES_NO, required=True)
    instalments = WholeField(label=_("Instalments"), required=True)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, currencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.currencies = currencies
        known = reference()
        self.fields["item"].choices = [
            EMPTY,
            *((row.pk, str(row.name)) for row in known.items.values() if row.may_enter and not row.retired),
        ]
        self.fields["currency"].choices = [(code, code) for code in currencies]
        self.fields["payer"].choices = [
            EMPTY,
            *((row.pk, payer_name(row.pk)) for row in known.payers.values() if not row.retired),
        ]
        self.fields["stage"].choices = [("", _("As usual")), *((row.pk, str(row.name)) for row in known.stages.values())]

    @staticmethod
    def initial_of(line: FeeCharge, currencies) -> dict:
        return {
            "item": line.item_id,
            "amount": shown_amount(line.amount, currencies.get(line.currency, 0)),
            "currency": line.currency,
            "payer": line.payer_id,
            "stage": line.stage_id,
            "payee": line.payee,
            "refund": line.refund,
            "receipt": {True: "yes", False: "no"}.get(line.receipt, ""),
            "instalments": line.instalments,
            "note": line.note,
        }

    def clean_receipt(self):
        return RECEIPTS.get(self.cleaned_data["receipt"])

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if "amount" in given and "currency" in given:
            try:
                given["amount"] = AmountField.parse(given["amount"], exponent=self.currencies[given["currency"]])
            except ValidationError as error:
                self.add_error("amount", error)
        return given


class PayLineForm(LineForm):
    marks = ("kind", "amount", "note")

    kind = forms.ChoiceField(label=_("What"), choices=[EMPTY, *PayLine.Kind.choices], required=True)
    amount = AmountField(label=_("Yen a month"), required=True)
    note = forms.CharField(label=_("Note"), max_length=120, required=False)

    @staticmethod
    def initial_of(line: PayLine, currencies=None) -> dict:
        return {"kind": line.kind, "amount": shown_amount(line.amount, 0), "note": line.note}

    def clean_amount(self):
        return AmountField.parse(self.cleaned_data["amount"], exponent=0)


class TextForm(LineForm):
    marks = ("text",)

    key = forms.ChoiceField(label=_("About"), choices=JobOrderText.Key.choices)
    language = forms.ChoiceField(label=_("Language"))
    origin = forms.ChoiceField(label=_("Is this the original?"), choices=JobOrderText.Origin.choices, required=True)
    text = forms.CharField(label=_("What it says"), required=True, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, LANG_INFO[code]["name_local"]) for code in JobOrderText.LANGUAGES]

    @staticmethod
    def initial_of(line: JobOrderText, currencies=None) -> dict:
        return {"key": line.key, "language": line.language, "origin": line.origin, "text": line.text}


class Lines:
    """The lines of one kind on a page. `prefix-n` hidden field counts them; `add` and `drop` come from buttons."""

    def __init__(self, form_class, prefix: str, *, rows=None, data=None, blanks=(), **kwargs):
        self.prefix, self.is_bound = prefix, data is not None
        if data is None:
            initials = [*(form_class.initial_of(row, kwargs.get("currencies")) for row in rows or ()), *blanks]
            self.forms = [form_class(prefix=f"{prefix}-{n}", initial=values, **kwargs) for n, values in enumerate(initials)]
        else:
            self.forms = [form_class(data, prefix=f"{prefix}-{n}", **kwargs) for n in range(_count(data, prefix))]

    def non_form_errors(self) -> list:
        """For the error summary."""
        return []

    @property
    def count(self) -> int:
        return len(self.forms)

    def written(self) -> list:
        """The forms in which something was written."""
        return [form for form in self.forms if not form.is_blank()]

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in self.written()]  # each one, so that every mistake is shown
        return all(checked)

    def lines(self) -> list[dict]:
        """What save_draft takes."""
        return [form.cleaned_data for form in self.written()]

    def put_errors(self, errors: dict, name: str) -> dict:
        """Give errors keyed `name.n.field` to the forms they belong to; returns the rest."""
        rest, written = {}, self.written()
        for key, mistakes in errors.items():
            parts = key.split(".")
            if len(parts) == 3 and parts[0] == name and parts[1].isdigit() and int(parts[1]) < len(written):
                form = written[int(parts[1])]
                form.add_error(parts[2] if parts[2] in form.fields else None, mistakes)
            else:
                rest[key] = mistakes
        return rest


def _count(data, prefix: str) -> int:
    text = data.get(f"{prefix}-n", "")
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def without_line(data, prefix: str, dropped: int):
    """The same answers with one line taken out and the later ones moved up."""
    count = _count(data, prefix)
    copy = data.copy()
    if not 0 <= dropped < count:
        return copy
    for key in [key for key in data if key.startswith(f"{prefix}-")]:
        _prefix, number, name = [*key.split("-", 2), "", ""][:3]
        if not number.isdigit():
            continue
        if int(number) >= dropped:
            copy.pop(key, None)
        if int(number) > dropped:
            copy.setlist(f"{prefix}-{int(number) - 1}-{name}", data.getlist(key))
    copy[f"{prefix}-n"] = str(count - 1)
    return copy


def here() -> str:
    """The reader's language, for new texts."""
    return (get_language() or "vi")[:2]
