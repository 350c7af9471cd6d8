"""What follows an event of an organization, and what happens to one by itself."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.policies import Conflict, Refused, System
from core.tasks import subscribe
from organizations.events import membership as verbs
from organizations.events import permit_status as permit_verbs
from organizations.selectors.membership import invitation_to_send
from organizations.selectors.review import register_applying, register_waiting
from organizations.services.invitation import renew_token
from organizations.services.permit_status import expire_permits as record_expired
from organizations.services.register import apply_register, check_register, confirmed_by, fail_register


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


@subscribe(permit_verbs.REGISTER_UPLOADED)
def check_long_register(event) -> None:
    """A long register is checked here; a short one was checked while it was handed in, then this does nothing."""
    register = register_waiting(event.subject_id)
    if register is not None:
        check_register(register_import=register, actor=System("register check"), now=timezone.now())


@subscribe(permit_verbs.REGISTER_CONFIRMED)
def apply_long_register(event) -> None:
    """As above; what cannot be taken over any more says why on its page."""
    register = register_applying(event.subject_id)
    if register is None:
        return
    try:
        with transaction.atomic():
            apply_register(register_import=register, actor=confirmed_by(register), now=timezone.now())
    except (Conflict, Refused) as refusal:
        fail_register(register_import=register, text=str(refusal.reason))
