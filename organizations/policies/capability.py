"""What the page "Who can see this" asks: a list of questions, each answered by the policy itself.

Another app adds its own with `declare` when it starts (its `apps.py`), so the page never states a rule a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.policies import Actor
from organizations.models import Role
from organizations.policies import membership, registration


@dataclass(frozen=True)
class Capability:
    """`policy(actor, example(organization))` answers; `kind_has(organization_kind)` leaves out what a kind does not do here."""

    label: Any
    policy: Callable
    example: Callable | None = None
    kind_has: Callable = lambda kind: True

    def allowed(self, actor: Actor) -> bool:
        thing = self.example(actor.organization) if self.example else None
        return bool(self.policy(actor, thing) if self.example else self.policy(actor))


CAPABILITIES: list[Capability] = []


def declare(*capabilities: Capability) -> None:
    """Add questions to the page, in this order."""
    CAPABILITIES.extend(capabilities)


def matrix(organization, user) -> list[tuple[Any, list[bool]]]:
    """For each question its label and the answer for a member with only that role, in the order of `Role`."""
    actors = [Actor(user=user, organization=organization, roles=frozenset([role.value])) for role in Role]
    asked = [question for question in CAPABILITIES if question.kind_has(organization.organization_kind)]
    return [(question.label, [question.allowed(actor) for actor in actors]) for question in asked]


declare(
    Capability(_("See the registration, the permits and the files"), registration.can_see_desk),
    Capability(_("Change and send the registration"), registration.can_edit_registration),
    Capability(_("Invite people"), membership.can_invite),
    Capability(_("Make somebody an owner or a manager"), membership.can_give_roles, lambda organization: [Role.OWNER]),
    Capability(_("Give the other roles"), membership.can_give_roles, lambda organization: [Role.VIEWER]),
    Capability(_("Make keys for the organization's own systems"), membership.can_make_keys),
)
