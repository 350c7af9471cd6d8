"""Clean input of connected systems."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import WebhookDelivery
from notifications.selectors.webhook import HEARABLE, TEST, verb_words
from organizations.forms.fields import LineField


class WebhookForm(forms.Form):
    """Name, address and facts. The service decides whether the address may be reached."""

    name = LineField(
        label=_("What is the system called?"),
        max_length=80,
        help_text=_("For example: our recruitment software."),
        error_messages={"required": _("Write what the system is called.")},
    )
    url = forms.CharField(
        label=_("Its address"),
        max_length=500,
        help_text=_("Where it takes messages. It begins with https://"),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the address of the system.")},
    )
    verbs = forms.MultipleChoiceField(
        label=_("What should it be told?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, entry.words) for code, entry in HEARABLE.items()],
        error_messages={"required": _("Choose at least one fact of the list.")},
    )


class DeliveryFilter(forms.Form):
    """Which messages of the log are shown."""

    state = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", _("All")), *WebhookDelivery.State.choices])
    verb = forms.ChoiceField(label=_("Fact"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("All")), *((code, verb_words(code)) for code in (TEST, *HEARABLE))]

    def question(self) -> dict[str, str]:
        """What was understood; the rest is left aside."""
        self.is_valid()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}
