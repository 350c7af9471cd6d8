"""States and transitions, as tables."""

from organizations.states.registration import ORGANIZATION
from organizations.states.review import REVIEW

__all__ = ["ORGANIZATION", "REVIEW"]
