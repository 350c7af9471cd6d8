"""The doorway to a worker's own record."""

from core.policies import Actor
from recruitment.models import Worker


def worker_of(actor: Actor) -> Worker | None:
    """The active person's record, if there is one."""
    return Worker.objects.filter(user=actor.user).first()
