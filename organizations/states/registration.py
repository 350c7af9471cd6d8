"""The law of an organization's registration."""

from core.workflow import Transition, Workflow
from organizations.events import registration as E
from organizations.models import Organization
from organizations.policies import registration as policies

State = Organization.State

ORGANIZATION = Workflow(
    "organizations.Organization",
    "state",
    Transition(
        "submit", frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED, policies.can_submit_registration, E.SUBMITTED
    ),
    Transition("return", frozenset({State.SUBMITTED}), State.RETURNED, policies.can_decide_registration, E.RETURNED),
    Transition("verify", frozenset({State.SUBMITTED}), State.VERIFIED, policies.can_decide_registration, E.VERIFIED),
    Transition("close", frozenset({State.DRAFT, State.RETURNED}), State.CLOSED, policies.can_close_organization, E.CLOSED),
    Transition("withdraw", frozenset({State.VERIFIED}), State.CLOSED, policies.can_decide_registration, E.CLOSED),
)
