"""Clean input of the mailbox page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import MailboxMessage


class MailboxFilter(forms.Form):
    """A part of a phone number or an address, and the channel."""

    to = forms.CharField(label=_("Phone number or e-mail"), max_length=254, required=False)
    channel = forms.ChoiceField(label=_("Sent as"), choices=[("", _("All")), *MailboxMessage.Channel.choices], required=False)

    def question(self) -> dict[str, str]:
        """What was understood."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
