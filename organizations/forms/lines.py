"""Lines of a profile, several on a page: added, dropped and saved without JavaScript, and kept as typed when one is wrong."""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.files import UploadField
from organizations.forms.fields import DayField, LineField, PhonesField
from organizations.models import Contact
from organizations.models.contacting import normalize_contact
from organizations.models.permit import number_key

MOST_LINES = 20
KINDS = [(kind.value, kind.label) for kind in Contact.Kind if kind != Contact.Kind.BANK_HOLDER]


@dataclass
class Surroundings:
    """What the lines of one organization need to know: `evidence` its files by id, `taken` keys of other lines of its profile
    ((kind, normalized) of contacts, (permit kind, number key) of permits), `permit_kinds` and `destinations` to choose from."""

    country: str
    evidence: dict = field(default_factory=dict)
    taken: set = field(default_factory=set)
    permit_kinds: list = field(default_factory=list)
    destinations: list = field(default_factory=list)


class LineForm(forms.Form):
    """One line. `id` is the row's, `file` an uploaded file's; both are looked up among the organization's own."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    blank_when: tuple[str, ...] = ("value", "label")
    key_field = "value"
    upload_name = ""

    def __init__(self, *args, around: Surroundings, entry: int = 1, reasons=(), **kwargs):
        self.around, self.entry, self.reasons = around, entry, list(reasons)
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    @property
    def evidence(self):
        """The file that was uploaded for this line earlier."""
        pk = self["file"].value() if "file" in self.fields else None
        return self.around.evidence.get(int(pk)) if str(pk or "").isdigit() else None

    def clean_file(self):
        pk = self.cleaned_data["file"]
        if pk is not None and pk not in self.around.evidence:
            raise ValidationError(_("This file does not exist. Choose it again."), code="does_not_exist")
        return self.around.evidence.get(pk)

    def is_blank(self) -> bool:
        """A line that was added and left empty."""
        texts = (self.data.get(self.add_prefix(name), "").strip() for name in (*self.blank_when, "file", "id"))
        return not any(texts) and self.add_prefix("upload") not in self.files

    def typed(self) -> dict:
        """The line as it was typed, for the draft; lists stay lists, files are not in it."""
        found = {}
        for name, bound_field in self.fields.items():
            if isinstance(bound_field, UploadField):
                continue
            key = self.add_prefix(name)
            several = isinstance(bound_field, forms.MultipleChoiceField)
            found[name] = [value[:200] for value in self.data.getlist(key)] if several else self.data.get(key, "")[:1000]
        return found


class ContactLine(LineForm):
    kind = forms.ChoiceField(label=_("What"), choices=KINDS, error_messages={"required": _("Choose what it is.")})
    value = LineField(label=_("Number, name or address"), error_messages={"required": _("Write the number, name or address.")})
    label = LineField(label=_("For what"), required=False, max_length=80, help_text=_("For example: reception, Da Nang office."))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") and cleaned.get("value"):
            self._normalize(cleaned["kind"])
        return cleaned

    def _normalize(self, kind: str) -> None:
        cleaned = self.cleaned_data
        try:
            cleaned["normalized"] = normalize_contact(kind, cleaned["value"], country=self.around.country)
        except ValidationError as error:
            self.add_error("value", error)
            return
        if (kind, cleaned["normalized"]) in self.around.taken:
            self.add_error("value", ValidationError(_("This stands in your profile already. Write it once."), code="duplicate"))

    @property
    def keys(self):
        cleaned = getattr(self, "cleaned_data", {})
        return {(cleaned.get("kind"), cleaned["normalized"])} if cleaned.get("normalized") else set()


class BankLine(ContactLine):
    kind = None
    value = LineField(
        label=_("Name of the account holder"),
        help_text=_("Exactly as the bank prints it. Workers can check to whom they pay."),
        error_messages={"required": _("Write the name of the account holder.")},
    )
    label = LineField(label=_("Bank"), required=False, max_length=80)

    def clean(self):
        cleaned = forms.Form.clean(self)
        cleaned["kind"] = Contact.Kind.BANK_HOLDER.value
        if cleaned.get("value"):
            self._normalize(cleaned["kind"])
        return cleaned


class PersonLine(LineForm):
    name = LineField(label=_("Name, in its own script"), max_length=120, error_messages={"required": _("Write the name.")})
    latin_name = LineField(label=_("Name in Latin letters"), required=False, max_length=120)
    title = LineField(
        label=_("Role in the organization"),
        max_length=120,
        help_text=_("For example: director, recruiter in Nghe An."),
        error_messages={"required": _("Write what this person does for you.")},
    )
    phones = PhonesField(
        label=_("Phones this person calls from"),
        required=False,
        max_length=300,
        help_text=_("Several: put a comma between them."),
    )
    upload = UploadField(
        label=_("Photo of the face"),
        required=False,
        limits={"kinds": ("image",), "max_side": 640},
        help_text=_("Workers compare it with the person in front of them."),
    )
    file = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    blank_when = ("name", "latin_name", "title", "phones")
    key_field = "phones"
    upload_name = "photo"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phones"].country = self.around.country

    def clean_phones(self):
        phones = self.cleaned_data["phones"]
        if any(("phone", normalized) in self.around.taken for _typed, normalized in phones):
            raise ValidationError(_("A phone stands in your profile already. Write it once."), code="duplicate")
        return phones

    @property
    def keys(self):
        return {("phone", normalized) for _typed, normalized in getattr(self, "cleaned_data", {}).get("phones") or []}


class ScanField(UploadField):
    """Required, but not twice: the form looks whether a file was uploaded earlier."""

    def validate(self, value):
        pass


class PermitLine(LineForm):
    permit_kind = forms.ChoiceField(label=_("Kind of permit"), error_messages={"required": _("Choose the kind of permit.")})
    number = LineField(label=_("Number"), max_length=80, error_messages={"required": _("Write the number of the permit.")})
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(label=_("Good until"), required=False, help_text=_("Leave it empty when the permit has no end."))
    markets = forms.MultipleChoiceField(
        label=_("For which countries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none when the permit names no country."),
    )
    upload = ScanField(label=_("Scan or photo of the permit"), help_text=_("A PDF or a photo, up to 10 MB."))
    file = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    blank_when = ("number", "issued_on", "expires_on")
    key_field = "number"
    upload_name = "permit_scan"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(kind.pk, kind.name) for kind in self.around.permit_kinds]
        self.fields["permit_kind"].choices = kinds if len(kinds) == 1 else [("", _("Choose")), *kinds]
        self.fields["markets"].choices = self.around.destinations

    def clean_number(self):
        if not number_key(self.cleaned_data["number"]):
            raise ValidationError(_("Write the number of the permit."), code="required")
        return self.cleaned_data["number"]

    def clean(self):
        cleaned = super().clean()
        if self.keys & self.around.taken:
            words = _("This permit stands in your profile already. New dates of it are entered by the regulator.")
            self.add_error("number", ValidationError(words, code="duplicate"))
        issued, expires = cleaned.get("issued_on"), cleaned.get("expires_on")
        if issued and expires and expires < issued:
            self.add_error("expires_on", ValidationError(_("The end lies before the beginning."), code="dates"))
        if not (cleaned.get("upload") or cleaned.get("file") or {"upload", "file"} & set(self.errors)):
            self.add_error("upload", ValidationError(_("Add a scan or a photo of the permit."), code="required"))
        return cleaned

    @property
    def keys(self):
        cleaned = getattr(self, "cleaned_data", {})
        return {(cleaned.get("permit_kind"), number_key(cleaned["number"]))} if cleaned.get("number") else set()


LINE_FORMS = {"contacts": ContactLine, "bank": BankLine, "representatives": PersonLine, "permits": PermitLine}


class Lines:
    """The forms of all lines of a page. From `lines` (dicts, as stored or typed), or bound to a POST."""

    is_bound = False

    def __init__(self, form_class, around: Surroundings, *, lines=(), data=None, files=None, reasons=None, skip_blank=False):
        self.form_class, self.around, self.data, self.is_bound = form_class, around, data, data is not None
        self._reasons = reasons or {}
        if self.is_bound:
            self.count = self._sent_count()
            forms = [self._form(number, data=data, files=files) for number in range(1, self.count + 1)]
            self.forms = [form for form in forms if not (skip_blank and form.is_blank())]
        else:
            self.forms = [self._form(number, initial=line) for number, line in enumerate(lines, start=1)]
            self.count = len(self.forms)

    def _sent_count(self) -> int:
        sent = self.data.get("lines", "")
        return min(int(sent), MOST_LINES) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0

    def _form(self, number: int, **kwargs):
        pk = kwargs["initial"].get("id") if "initial" in kwargs else kwargs["data"].get(f"{number}-id")
        reasons = self._reasons.get(str(pk or ""), [])
        return self.form_class(prefix=str(number), entry=number, around=self.around, reasons=reasons, **kwargs)

    def __iter__(self):
        return iter(self.forms)

    def __len__(self):
        return len(self.forms)

    @property
    def full(self) -> bool:
        return len(self.forms) >= MOST_LINES

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in self.forms]  # every form, so that every error is shown at once
        valid = all(checked)
        seen: set = set()
        for form in self.forms:
            if form.keys & seen:
                form.add_error(
                    form.key_field, ValidationError(_("Another line says the same. Remove one of them."), code="duplicate")
                )
                valid = False
            seen |= form.keys
        return valid

    def non_form_errors(self) -> list:
        return []

    @property
    def errors(self) -> list:
        return [form.errors for form in self.forms if form.errors]

    def typed(self) -> list[dict]:
        return [form.typed() for form in self.forms]

    def cleaned(self) -> list[dict]:
        return [form.cleaned_data for form in self.forms]
