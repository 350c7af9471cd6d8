"""Doorways to organizations."""

from organizations.selectors.membership import membership_of

__all__ = ["membership_of"]
