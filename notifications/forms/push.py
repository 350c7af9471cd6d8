"""What a browser hands over when it allows messages (static/push.js fills it in)."""

import base64
import binascii

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.channels.push import Subscription

LENGTHS = {"p256dh": 65, "auth": 16}


class DeviceForm(forms.Form):
    """The cleaned value is `subscription`."""

    endpoint = forms.CharField(max_length=500, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=120, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if self.errors or not all(_is_key(cleaned[name], length) for name, length in LENGTHS.items()):
            self._errors.clear()
            raise forms.ValidationError(
                _("The browser did not say where to send messages. Press the button again."), code="device"
            )
        return {"subscription": Subscription(cleaned["endpoint"], cleaned["p256dh"], cleaned["auth"])}


def _is_key(text: str, length: int) -> bool:
    try:
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == length and (length != 65 or raw[0] == 4)
