"""Clean input of the mailbox page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MailboxFilter(forms.Form):
    """A part of a phone number or an address."""

    to = forms.CharField(label=_("Phone number or e-mail"), max_length=254, required=False)
