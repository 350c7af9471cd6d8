"""Who hears of what: one row per event and audience, in the order of the floors. `docs/how-to/add-a-notification.md`.

A verb may have several rows. A verb that nobody hears of says so, and why. `tests/notifications/test_routing.py` keeps it complete.
"""

from collections import defaultdict

from notifications.routing import accounts, organizations, post, recruitment, reports
from notifications.routing.route import Nobody, Route
from notifications.routing.shield import CLOSED_AUDIENCES, NobodyLeft, keep, shielded

ROWS = (*accounts.ROWS, *organizations.ROWS, *recruitment.ROWS, *reports.ROWS, *post.ROWS)

# Kinds that no event tells: their samples, for the preview and the tests.
OWN_KINDS = post.OWN_KINDS

_TABLE: dict[str, list[Route | Nobody]] = defaultdict(list)


def add(*rows: Route | Nobody) -> None:
    """Put rows into the table. Raises ValueError for a second row of the same name and for a breach of the shield."""
    for row in rows:
        if isinstance(row, Route):
            if any(row.name == other.name for other in routes_of(row.verb)):
                raise ValueError(f"{row.verb}: {row.name} stands in the table twice.")
            if shielded(row.verb) and not (row.discreet and row.audience.__name__ in CLOSED_AUDIENCES):
                raise ValueError(f"{row.verb} may be told discreetly and to {sorted(CLOSED_AUDIENCES)} only.")
        _TABLE[row.verb].append(row)


def remove(*verbs: str) -> None:
    """Take verbs out again: for tests that bring their own."""
    for verb in verbs:
        _TABLE.pop(verb, None)


def verbs() -> set[str]:
    """Codes of all verbs that have a row."""
    return {code for code, rows in _TABLE.items() if rows}


def told_verbs() -> set[str]:
    """Codes of the verbs that somebody hears of."""
    return {code for code in verbs() if routes_of(code)}


def routes_of(verb: str) -> list[Route]:
    """The rows by which a verb is told; empty for one that nobody hears of."""
    return [row for row in _TABLE.get(verb, ()) if isinstance(row, Route)]


def route(verb: str, name: str) -> Route | None:
    """One row, by the name that a fan-out keeps; None when the table lost it since."""
    return next((row for row in routes_of(verb) if row.name == name), None)


def samples() -> dict[str, dict]:
    """Every kind with the data it may be shown with: `{"data": …, "category": …, "discreet": …, "urgency": …, "private": …}`."""
    found = {kind: dict(sample) for kind, sample in OWN_KINDS.items()}
    for row in (row for rows in _TABLE.values() for row in rows if isinstance(row, Route)):
        found.setdefault(
            row.kind,
            {
                "data": row.sample,
                "category": row.category,
                "discreet": row.discreet,
                "urgency": row.urgency,
                "channels": row.channels,
                "verb": row.verb,
            },
        )
    return found


add(*ROWS)

__all__ = [
    "CLOSED_AUDIENCES",
    "Nobody",
    "NobodyLeft",
    "Route",
    "add",
    "keep",
    "remove",
    "route",
    "routes_of",
    "samples",
    "shielded",
    "told_verbs",
    "verbs",
]
