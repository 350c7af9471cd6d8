"""Connecting an account of a messenger, and the doors at which messengers call us."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.policies import public, require, signed_in
from core.views import Page
from notifications.channels import open_channels
from notifications.channels.inbound import MESSENGERS, Knock, NotSigned, reader
from notifications.channels.whatsapp.inbound import challenge
from notifications.models import Channel
from notifications.selectors.notice import addresses_visible_to
from notifications.services.callback import take_messenger
from notifications.services.connecting import is_waiting, new_code
from recruitment.services.code import show


def connectable() -> list[dict]:
    """The messengers that are set up here and have an account of ours to write to."""
    return [
        {"code": code, "label": Channel(code).label} for code in open_channels() if settings.CHANNEL_ACCOUNTS.get(code, ("",))[0]
    ]


class Connect(Page):
    """What will be sent and who can see it; the button gives a code, and the page says when it arrived."""

    policy = signed_in
    template_name = "notifications/connect.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        return self.show(waiting=is_waiting(channel=self.channel, actor=self.actor))

    def post(self, request, *args, **kwargs):
        """The code is shown here and kept nowhere, so this answer is a page and no redirect."""
        require(self.policy(self.actor))
        return self.show(code=show(new_code(channel=self.channel, actor=self.actor)))

    @property
    def channel(self) -> str:
        if self.kwargs["channel"] not in [messenger["code"] for messenger in connectable()]:
            raise Http404
        return self.kwargs["channel"]

    def show(self, **context):
        name, link = settings.CHANNEL_ACCOUNTS[self.channel]
        rows = addresses_visible_to(self.actor).filter(channel=self.channel)
        known = {"messenger": Channel(self.channel).label, "account": name, "link": link, "addresses": list(rows)}
        return self.render(self.context(**known, **context))


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def messenger_callback(request, channel):
    """A messenger calls. It is answered the same whatever it says, so that nobody learns which codes exist."""
    if channel not in MESSENGERS or channel not in open_channels():
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    try:
        if request.method == "GET":
            return _asked(request, channel)
        found = reader(channel)(Knock(request.body, {name.lower(): value for name, value in request.headers.items()}))
    except NotSigned:
        return HttpResponseForbidden()
    take_messenger(found, channel=channel, now=timezone.now())
    return HttpResponse()


messenger_callback.policy = public


def _asked(request, channel: str) -> HttpResponse:
    """WhatsApp asks once, when its operator writes the address down."""
    if channel != Channel.WHATSAPP:
        return HttpResponseNotAllowed(["HEAD", "POST"])
    return HttpResponse(challenge(request.GET.dict()), content_type="text/plain")
