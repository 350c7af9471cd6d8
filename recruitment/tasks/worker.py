"""What this app forgets when an account ends."""

from accounts.events import ERASED
from core.tasks import subscribe
from recruitment.services.worker import erase_identity


@subscribe(ERASED)
def forget_identity(event):
    """The sealed identity of the person becomes unreadable."""
    erase_identity(user_id=event.person_id)
