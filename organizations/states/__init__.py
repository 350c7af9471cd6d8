"""States and transitions, as tables."""

from organizations.states.review import REVIEW

__all__ = ["REVIEW"]
