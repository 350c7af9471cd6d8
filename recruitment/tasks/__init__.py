"""What follows events, and what the clock starts."""

from recruitment.tasks import worker

__all__ = ["worker"]
