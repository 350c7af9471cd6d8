"""The account itself: what it is called, its language, its end."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from accounts import events
from accounts.models import User
from accounts.services import phone as phones
from accounts.services import session as sessions
from core import tenancy
from core.events import record
from core.policies import Actor


def change_profile(*, name: str, language: str, actor: Actor, now: datetime) -> User:
    """What the person is called and the language for pages and messages; their own."""
    user = actor.user
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user


@transaction.atomic
def erase_account(*, user: User, actor: Actor, now: datetime) -> None:
    """The end of an account: its phone number becomes unreadable for good, every way to sign in is gone.

    The row and its events stay, without anything that says who it was. What other rooms hold of the person is erased by
    their subscribers to the event.
    """
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    sessions.end_other_sessions(user, None)
    with tenancy.activate(user.pk):
        phones.set_phone(user, None, verified_at=None)
        user.name, user.email, user.is_active = "", None, False
        user.is_staff = user.is_superuser = False
        user.set_unusable_password()
        user.save(update_fields=["name", "email", "is_active", "is_staff", "is_superuser", "password"])
        record(events.ERASED, subject=user, person_id=user.pk, actor=actor, now=now)


@transaction.atomic
def set_active(*, user: User, active: bool, actor: Actor, now: datetime) -> None:
    """An operator blocks or unblocks an account. A blocked person is out at the next request."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        sessions.end_other_sessions(user, None)
    with tenancy.activate(user.pk):
        record(events.ENABLED if active else events.DISABLED, subject=user, person_id=user.pk, actor=actor, now=now)


@transaction.atomic
def forget_unproved(*, before: datetime) -> int:
    """Delete accounts made before this moment whose number or address nobody ever proved. Returns how many.

    Nobody was ever in such an account, so nothing points to it; should a row do so, the database refuses.
    """
    unproved = Q(phone_hash__isnull=False, phone_verified_at=None) | Q(emailaddress__verified=False)
    stale = User.objects.filter(unproved, last_login=None, joined_at__lt=before, is_staff=False, is_demo=False)
    found = set(stale.exclude(emailaddress__verified=True).values_list("pk", flat=True))
    EmailAddress.objects.filter(user_id__in=found).delete()
    rows = User.objects.filter(pk__in=found)
    return rows._raw_delete(rows.db)
