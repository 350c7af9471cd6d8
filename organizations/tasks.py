"""What follows an event of an organization, and what happens to one by itself."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.tasks import subscribe
from organizations.events import membership as verbs
from organizations.selectors.membership import invitation_to_send
from organizations.services.invitation import renew_token
from organizations.services.permit_status import expire_permits as record_expired


@subscribe(verbs.INVITED)
def send_invitation(event) -> None:
    """Write the mail with a link that did not exist before. Sent again after a failure, the earlier link works no more."""
    invitation = invitation_to_send(event.subject_id)
    if invitation is None:
        return
    language = invitation.organization.language
    link = f"{settings.BASE_URL}/{language}/invitation/{renew_token(invitation=invitation)}/"
    with translation.override(language):
        text = render_to_string("notifications/invitation.txt", {"invitation": invitation, "link": link})
    subject, _line, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [invitation.email])


@shared_task(name="organizations.tasks.expire_permits")
def expire_permits(**kwargs) -> int:
    """Write down which permits have reached their last day. Works on all tenants, as the machine."""
    return record_expired(now=timezone.now())
