"""Who may act. A policy is a pure function `can_<verb>(actor, thing) -> ALLOWED | Denied("why")`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

STEP_UP = timedelta(minutes=5)


@dataclass(frozen=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """No, and the reason in words for the person who asked (a lazy translated string)."""

    reason: Any

    def __bool__(self) -> bool:
        return False


ALLOWED = Allowed()


class Refused(PermissionDenied):
    """A policy said no; carries the reason to the page or the API."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class StepUpNeeded(Refused):
    """The person may do it, but must show a second factor again first. Pages send them to it and back."""

    def __init__(self):
        super().__init__(_("Show your second factor again to do this. The last time is more than 5 minutes ago."))


class Conflict(Exception):
    """Somebody changed it first, or its state does not allow this. Answered with 409."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Actor:
    """A person, acting for one organization or for themselves.

    `roles` are the role codes of the membership; `verified_at` is when a second factor was last shown, `factor` which one.
    """

    user: Any = None
    organization: Any = None
    roles: frozenset[str] = frozenset()
    verified_at: datetime | None = None
    factor: str = ""
    extra: dict = field(default_factory=dict, compare=False)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def organization_id(self) -> int | None:
        return self.organization.pk if self.organization else None

    @property
    def name(self) -> str:
        return str(self.user) if self.user else ""

    @property
    def acting_role(self) -> str:
        return ",".join(sorted(self.roles))

    def has_role(self, role: str, organization_id: int | None) -> bool:
        """True when the person holds the role in that organization and acts for it now."""
        return organization_id is not None and self.organization_id == organization_id and role in self.roles

    def has_any_role(self, roles, organization_id: int | None) -> bool:
        return any(self.has_role(role, organization_id) for role in roles)

    def is_fresh(self, now: datetime) -> bool:
        """True when a second factor was shown within the last five minutes."""
        return self.verified_at is not None and now - self.verified_at <= STEP_UP


@dataclass(frozen=True)
class System:
    """The machine itself, named after the duty it does: System("permit expiry")."""

    name: str
    organization: Any = None
    user = None
    user_id = None
    roles: frozenset[str] = frozenset()
    verified_at = None
    acting_role = "system"

    @property
    def organization_id(self) -> int | None:
        return self.organization.pk if self.organization else None

    def has_role(self, role: str, organization_id: int | None) -> bool:
        return False

    def has_any_role(self, roles, organization_id: int | None) -> bool:
        return False

    def is_fresh(self, now: datetime) -> bool:
        return False


ANONYMOUS = Actor()


def public(actor, thing=None):
    """Anybody, with or without an account."""
    return ALLOWED


def signed_in(actor, thing=None):
    """Anybody with an account."""
    if actor.user_id is None:
        return Denied(_("Please sign in first."))
    return ALLOWED


def require(verdict) -> None:
    """Raise Refused with the policy's reason unless it said yes."""
    if not verdict:
        raise Refused(verdict.reason)
