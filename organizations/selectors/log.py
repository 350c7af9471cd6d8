"""The log of a thing in words."""

from django.utils.translation import gettext as _

from core.events import VERBS, history
from organizations.models import PermitStatus


def log_lines(thing, *, limit: int = 100) -> list[dict]:
    """`at`, `text` and `by` (the office of the actor) of each event of a thing, newest first, in the reader's language."""
    statuses = {status.pk: status.name for status in PermitStatus.objects.all()}
    return [_line(event, statuses) for event in history(thing, limit=limit)]


def _line(event, statuses) -> dict:
    data = {**event.data, "actor": event.actor or event.system or _("Somebody")}
    if "status" in data:
        data["status"] = statuses.get(data["status"], data["status"])
    verb = VERBS.get(event.verb)
    sentence = str(verb.sentence) if verb else event.verb
    return {"at": event.at, "text": sentence.format_map(_Known(data)), "by": event.actor_organization or ""}


class _Known(dict):
    """A sentence may name what an old event did not keep."""

    def __missing__(self, key):
        return "…"
