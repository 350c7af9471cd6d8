"""Connected systems of an organization: the list, one with its log, one message, and what can be done."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import require
from core.tenancy import read_only
from core.views import ActionPage, ListPage
from notifications.channels import guard
from notifications.forms.webhook import DeliveryFilter, WebhookForm
from notifications.policies import webhook as policies
from notifications.selectors import webhook as selectors
from notifications.services import webhook as services
from organizations.forms.registration import ConfirmForm
from organizations.selectors import desk

SHOW_ONCE = "new_webhook_secret"
STATES = {
    "on": "ok",
    "paused": "pause",
    "broken": "stop",
    "waiting": "unk",
    "delivered": "ok",
    "dead": "stop",
    "stopped": "pause",
}

desk.add_room(desk.Room("webhooks", gettext_lazy("Connections"), policy=policies.can_manage_webhooks, place=72))


def outcome_words(delivery) -> str:
    """What the last try brought, in words."""
    if not delivery.error:
        return ""
    known = {
        "status": _("The system answered %(status)s.") % {"status": delivery.status},
        "tls": _("The certificate of the system is not valid for this name."),
        "timeout": _("The system did not answer within ten seconds."),
        "connection": _("The system could not be reached."),
        "secret": _("The secret of this connection is gone."),
    }
    return known.get(delivery.error) or guard.words(delivery.error)


def line_of(delivery) -> dict:
    """A message as the pages show it."""
    return {
        "row": delivery,
        "fact": selectors.verb_words(delivery.verb),
        "sign": STATES[delivery.state],
        "why": outcome_words(delivery),
    }


class Webhooks(ListPage):
    """All of them: there are never more than ten."""

    selector = selectors.webhooks_visible_to
    policy = policies.can_manage_webhooks
    template_name = "notifications/webhooks.html"

    def context(self, rows, **context):
        systems = [
            {"row": row, "sign": STATES[row.state], "facts": [selectors.verb_words(code) for code in row.verbs]} for row in rows
        ]
        return {"systems": systems, "slug": self.actor.organization.slug, **context}


class NewWebhook(ActionPage):
    policy = policies.can_manage_webhooks
    form_class = WebhookForm
    service = services.create_webhook
    template_name = "notifications/webhook_form.html"

    def success_url(self, thing, result):
        row, secret = result
        return show_secret(self.request, row, secret)

    def context(self, **context):
        return {**context, "back": reverse("webhooks", args=[self.actor.organization.slug])}


class ChangeWebhook(ActionPage):
    selector = selectors.webhooks_visible_to
    policy = policies.can_manage_webhooks
    service = services.change_webhook
    template_name = "notifications/webhook_form.html"
    thing_name = "webhook"
    success_message = gettext_lazy("Saved.")

    def get_form(self, thing, data=None, files=None):
        return WebhookForm(data, initial={"name": thing.name, "url": thing.url, "verbs": thing.verbs})

    def success_url(self, thing, result):
        return address_of(thing)

    def context(self, **context):
        return {**context, "back": address_of(context["webhook"])}


class WebhookDetail(ListPage):
    """One system and its log, newest first; the filter stays in the address."""

    selector = selectors.deliveries_visible_to
    policy = policies.can_manage_webhooks
    template_name = "notifications/webhook_detail.html"

    def get(self, request, *args, **kwargs):
        secret = request.session.pop(SHOW_ONCE, None)
        webhook = find(self.actor, kwargs["pk"])
        with read_only():
            form = DeliveryFilter(request.GET)
            question = form.question()
            page, following = self.page(self.selector(self.actor).filter(webhook=webhook, **question))
            return self.render(
                {
                    "webhook": webhook,
                    "sign": STATES[webhook.state],
                    "facts": [selectors.verb_words(code) for code in webhook.verbs],
                    "old_until": webhook.old_until if webhook.old_until and webhook.old_until > timezone.now() else None,
                    "secret": secret["secret"] if secret and secret["id"] == webhook.pk else "",
                    "lines": [line_of(row) for row in page],
                    "form": form,
                    "asked": bool(question),
                    "next": f"?{urlencode({**question, 'after': following})}" if following else "",
                    "slug": self.actor.organization.slug,
                    "may_send": bool(policies.can_send_to(self.actor, webhook)),
                }
            )


class WebhookAct(ActionPage):
    """Test, pause, switch on, new secret, delete: each a question with one button."""

    selector = selectors.webhooks_visible_to
    policy = policies.can_manage_webhooks
    form_class = ConfirmForm
    template_name = "notifications/webhook_act.html"
    thing_name = "webhook"
    services = {
        "test": services.send_test,
        "pause": services.pause_webhook,
        "resume": services.resume_webhook,
        "secret": services.rotate_secret,
        "delete": services.delete_webhook,
    }

    def dispatch(self, request, *args, **kwargs):
        if kwargs["verb"] not in self.services:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def load(self):
        webhook = super().load()
        if self.kwargs["verb"] == "test":
            require(policies.can_send_to(self.actor, webhook))
        return webhook

    def act(self, thing, form):
        verb = self.kwargs["verb"]
        result = self.services[verb](webhook=thing, actor=self.actor, now=timezone.now())
        if verb == "secret":
            return show_secret(self.request, *result)
        messages.success(self.request, DONE[verb])
        return reverse("webhooks", args=[self.actor.organization.slug]) if verb == "delete" else address_of(thing)

    def context(self, **context):
        return {**context, "verb": self.kwargs["verb"], "back": address_of(context["webhook"])}


DONE = {
    "test": gettext_lazy("A test message is on its way. Its outcome appears below in a moment."),
    "pause": gettext_lazy("Paused. Nothing is sent until you switch it on again."),
    "resume": gettext_lazy("Switched on."),
    "delete": gettext_lazy("The connection is deleted."),
}


class WebhookMessage(ActionPage):
    """One message as it was sent; the button sends it once more."""

    selector = selectors.deliveries_visible_to
    policy = policies.can_manage_webhooks
    form_class = ConfirmForm
    service = services.replay
    template_name = "notifications/webhook_message.html"
    thing_name = "delivery"
    success_message = gettext_lazy("The message is sent once more. Its outcome appears below in a moment.")

    def success_url(self, thing, result):
        return address_of(thing.webhook)

    def context(self, **context):
        delivery = context["delivery"]
        return {
            **context,
            **line_of(delivery),
            "back": address_of(delivery.webhook),
            "may_replay": bool(policies.can_replay(self.actor, delivery)) and delivery.state != "waiting",
        }


def find(actor, pk):
    """One system through the doorway."""
    require(policies.can_manage_webhooks(actor))
    webhook = selectors.webhooks_visible_to(actor).filter(pk=pk).first()
    if webhook is None:
        raise Http404
    return webhook


def address_of(webhook) -> str:
    return reverse("webhook_detail", args=[webhook.organization.slug, webhook.pk])


def show_secret(request, webhook, secret: str) -> str:
    """The address of the page that shows the secret, once."""
    request.session[SHOW_ONCE] = {"id": webhook.pk, "secret": secret}
    return address_of(webhook)
