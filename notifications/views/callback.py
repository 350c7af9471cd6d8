"""The doors for providers. Each call proves that it comes from the provider that the settings name, or is refused."""

import re

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.policies import public
from notifications.channels.sms import Call, NotSigned
from notifications.channels.sms.transport import provider as sms_provider
from notifications.services.callback import MailReport, take_mail, take_sms

# The views of anymail that read each provider's reports, by the name of its backend.
MAIL_VIEWS = {
    "amazon_ses": "amazon_ses.AmazonSESTrackingWebhookView",
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "mailtrap": "mailtrap.MailtrapTrackingWebhookView",
    "postal": "postal.PostalTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "resend": "resend.ResendTrackingWebhookView",
    "sendgrid": "sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}

SOFT = {"SoftBounce", "Transient", "DnsError", "soft_bounce", "softBounce", "activity.soft_bounced"}


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["POST", "HEAD"])
def callback(request, channel, provider):
    """A report. What it is about may be unknown here: that is answered with 204 all the same."""
    take = {"sms": _sms, "email": _email}.get(channel)
    if take is None or provider != _in_use(channel):
        raise Http404
    return HttpResponse(status=204) if request.method == "HEAD" else take(request, provider)


callback.policy = public


def _in_use(channel: str) -> str:
    """The provider of the settings: the module that its class stands in."""
    if channel == "sms":
        return settings.SMS_TRANSPORT.split(".")[-2] if settings.SMS_TRANSPORT.count(".") > 1 else ""
    found = re.fullmatch(r"anymail\.backends\.([a-z_]+)\.EmailBackend", settings.EMAIL_BACKEND)
    return found[1] if found else ""


def _sms(request, provider: str) -> HttpResponse:
    address = settings.BASE_URL + request.get_full_path()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        found = sms_provider().read(Call(address, request.POST.dict(), headers))
    except NotSigned:
        return HttpResponseForbidden()
    take_sms(found, provider=provider, now=timezone.now())
    return HttpResponse(status=204)


def _email(request, provider: str) -> HttpResponse:
    """Read by anymail; its basic secret (ANYMAIL_WEBHOOK_SECRET) is required whatever else the provider signs."""
    if provider not in MAIL_VIEWS or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    view = import_string(f"anymail.webhooks.{MAIL_VIEWS[provider]}")()
    try:
        view.run_validators(request)
        reports = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        return HttpResponseForbidden()
    except (AnymailError, ValueError, KeyError, TypeError, AttributeError):
        return HttpResponseBadRequest()
    take_mail([_report(event) for event in reports or []], now=timezone.now())
    return HttpResponse(status=204)


def _report(event) -> MailReport:
    return MailReport(
        kind=event.event_type or "",
        recipient=event.recipient or "",
        message_id=str(event.message_id or ""),
        reason=event.reject_reason or "",
        soft=_is_soft(event.esp_event),
    )


def _is_soft(report) -> bool:
    """Whether a provider's own report calls the bounce a passing one; anymail gives both kinds one name."""
    if not isinstance(report, dict):
        return False
    said = {str(report.get(name)) for name in ("Type", "event", "type", "bounceType")}
    bounce = report.get("bounce")
    said.add(str(bounce.get("bounceType")) if isinstance(bounce, dict) else "")
    return report.get("hard_bounce") is False or bool(said & SOFT)
