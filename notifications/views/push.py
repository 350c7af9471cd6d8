"""Messages on this device: allow them, see which devices have them, take it back; and the worker that shows them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.selectors import device_of
from core.policies import public, signed_in
from core.views import ActionPage
from notifications.channels import open_channels
from notifications.channels.push import public_key
from notifications.forms.push import DeviceForm
from notifications.selectors import address as selectors
from notifications.services import address as services
from organizations.forms.registration import ConfirmForm


class Devices(ActionPage):
    """The list and the button. Without a script the list can be shortened, not lengthened: only a script can ask the browser."""

    policy = signed_in
    form_class = DeviceForm
    service = services.add_device
    template_name = "notifications/push.html"
    success_message = _("Messages are allowed on this device.")

    def act(self, thing, form):
        form.cleaned_data["hint"] = device_of(self.request.headers.get("User-Agent", ""))
        return super().act(thing, form)

    def context(self, **context):
        devices = [{"row": row, "mark": selectors.mark_of(row)} for row in selectors.devices_visible_to(self.actor)]
        return {**context, "devices": devices, "key": public_key() if "push" in open_channels() else ""}


class RemoveDevice(ActionPage):
    selector = selectors.devices_visible_to
    policy = signed_in
    form_class = ConfirmForm
    service = services.remove_device
    template_name = "notifications/push_remove.html"
    thing_name = "device"
    success_message = _("This device gets no more messages.")

    def success_url(self, thing, result):
        return reverse("push_devices")


@login_not_required
def push_worker(request):
    """The service worker. It stands at the root, because a worker may look after nothing above its own address."""
    source = (settings.BASE_DIR / "static" / "push-worker.js").read_bytes()
    response = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


push_worker.policy = public
