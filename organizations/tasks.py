"""What follows an event of an organization, and what happens to one by itself."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.tasks import ask, go_on, subscribe
from organizations.events import membership as verbs
from organizations.events import permit_status as permit_verbs
from organizations.selectors.membership import invitation_to_send
from organizations.services import register_work
from organizations.services.invitation import renew_token
from organizations.services.permit_status import expire_permits as record_expired
from organizations.services.permit_status import warn_of_endings as record_endings

SWEEP_SECONDS = 20


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


@shared_task(name="organizations.tasks.warn_of_endings")
def warn_of_endings(**kwargs) -> int:
    """Write down which permits end soon, so that their organizations hear of it in time."""
    return record_endings(now=timezone.now())


@subscribe(permit_verbs.REGISTER_UPLOADED, permit_verbs.REGISTER_CONFIRMED)
def begin_register(event) -> None:
    """A long register waits for a worker; a short one was done while the person waited, then there is nothing to do."""
    transaction.on_commit(lambda: ask(work_on_register, event.subject_id, event.organization_id))


@shared_task(name="organizations.tasks.work_on_register")
def work_on_register(register_id: int, organization_id: int, **kwargs) -> None:
    """Check it, or take it over, in a transaction of its own."""
    register_work.work_on(register_id, organization_id)


@shared_task(name="organizations.tasks.sweep_registers")
def sweep_registers(**kwargs) -> int:
    """Go on with registers that the broker lost or whose worker died. Returns how many were found."""
    return go_on(work_on_register, register_work.unfinished(now=timezone.now()), seconds=SWEEP_SECONDS)
