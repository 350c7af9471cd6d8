"""The whole law of a review: two people approve, one may send back, the organization may take it back."""

from core.workflow import Transition, Workflow
from organizations.events import review as events
from organizations.models import Review
from organizations.policies import review as policies

OPEN, HALF, APPROVED = Review.State.OPEN, Review.State.HALF_APPROVED, Review.State.APPROVED
RETURNED, CANCELLED = Review.State.RETURNED, Review.State.CANCELLED

REVIEW = Workflow(
    "organizations.Review",
    "state",
    Transition("approve_first", frozenset({OPEN}), HALF, policies.can_approve_review, events.HALF_APPROVED),
    Transition("approve_second", frozenset({HALF}), APPROVED, policies.can_approve_review, events.APPROVED),
    Transition("take_back", frozenset({HALF}), OPEN, policies.can_take_back_approval, events.TAKEN_BACK),
    Transition("return", frozenset({OPEN, HALF}), RETURNED, policies.can_return_review, events.RETURNED),
    Transition("cancel", frozenset({OPEN, HALF}), CANCELLED, policies.can_cancel_review, events.CANCELLED),
)
