"""Accounts of the demo world: who they are, how they sign in, the code of their authenticator app.

Outside production they have one password, printed by `manage.py demo --accounts`, and an authenticator whose secret follows
from seed and address. In production (only with DEMO=1) they get neither: nobody can sign in as them.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.services.phone import set_phone
from config.demo import names
from core import tenancy
from core.policies import Actor
from organizations.models import Membership, Organization

PASSWORD = "mau-contoh-sample-2026"  # noqa: S105 (made to be printed; never set in production)
WORKERS = (("VN", "Nguyễn Thị Mẫu Hương", 9001), ("ID", "Contoh Sari Dewi", 9002))


@dataclass
class Member:
    """A person of an organization and how they act for it."""

    user: User
    organization: Organization
    role: str
    factor: str = ""

    def actor(self, now: datetime) -> Actor:
        """Somebody who showed their second factor just now."""
        return Actor(
            user=self.user, organization=self.organization, roles=frozenset([self.role]), verified_at=now, factor=self.factor
        )

    @contextmanager
    def active(self) -> Iterator[None]:
        with tenancy.activate(self.user.pk, self.organization.pk):
            yield


class Crowd:
    """Makes users; one password hash for all, because it is one password."""

    def __init__(self, seed: int):
        self.seed, self.made = seed, 0
        self.hash = make_password(None if settings.PRODUCTION else PASSWORD)

    def user(self, office: names.Office, role: str, number: int) -> User:
        """A signed-up person with a proven address: owner@hai-au-xanh.example, officer2@co-quan-mau.example."""
        self.made += 1
        email = f"{role}{number if number > 1 else ''}@{office.key}.{names.DOMAIN}"
        user = User.objects.create(
            email=email,
            name=names.person(office.country, self.made),
            password=self.hash,
            language=names.LANGUAGES[office.country],
            is_demo=True,
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    def factor(self, user: User) -> str:
        """An authenticator app with a secret that everybody can compute; the factor's name as the pages write it."""
        if settings.PRODUCTION:
            return f"demo:{user.pk}"
        made = totp.TOTP.activate(user, _secret(self.seed, user.email)).instance
        return f"totp:{made.pk}"

    def join(self, office: names.Office, organization: Organization, role: str, number: int) -> Member:
        """A further member, without an invitation's mail."""
        user = self.user(office, role, number)
        with tenancy.activate(user.pk, organization.pk):
            Membership.objects.create(organization=organization, user=user, roles=[role])
        return Member(user, organization, role, self.factor(user))

    def workers(self, now: datetime) -> list[User]:
        """People who look for work, with a phone number that nobody has; their codes go to the mailbox page."""
        made = []
        for country, name, number in WORKERS:
            user = User.objects.create(name=name, password=make_password(None), language=names.LANGUAGES[country], is_demo=True)
            with tenancy.activate(user.pk):
                set_phone(user, _e164(names.phone(country, number)), verified_at=now)
            made.append(user)
        return made


def _e164(text: str) -> str:
    return text.replace(" ", "")


def _secret(seed: int, email: str) -> str:
    digest = hmac.new(f"terang demo {seed}".encode(), email.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def code_of(email: str) -> tuple[str, int] | None:
    """The present code of a demo account's authenticator and for how many seconds more; None when there is no such account."""
    row = Authenticator.objects.filter(user__email=email, user__is_demo=True, type=Authenticator.Type.TOTP).first()
    if row is None:
        return None
    now = int(time.time())
    value = totp.hotp_value(decrypt(row.data["secret"]), now // 30)
    return totp.format_hotp_value(value), 30 - now % 30


def accounts() -> Iterator[tuple[str, str, str, str]]:
    """(address or phone, name, role, organization's address on the site) of everybody, offices in the order of names.py."""
    for country, name, number in WORKERS:
        yield names.phone(country, number), name, "worker", ""
    with tenancy.publishing():
        rows = list(Membership.reachable.filter(ended_at=None).select_related("organization").order_by("pk"))
    users = User.objects.filter(is_demo=True).in_bulk([row.user_id for row in rows])  # the statistician sees no accounts
    found = [
        (users[row.user_id].email or "", users[row.user_id].name, ",".join(row.roles), row.organization.slug)
        for row in rows
        if row.user_id in users
    ]
    yield from found
