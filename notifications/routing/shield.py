"""The accused never hears of it. One place decides for every event of a grievance and its relatives; when in doubt, fewer people hear.

Pure functions of ids: a property test tries them with thousands of worlds.
"""

from collections.abc import Iterable

# Verbs that begin with one of these are about something that a respondent must not learn.
SHIELDED = ("grievance.", "allegation.", "referral.", "case_note.", "remedy.", "disclosure.")

# The audiences such a verb may be told to, by name (selectors/audiences.py). Nobody else, whatever a row says.
CLOSED_AUDIENCES = frozenset({"complainant", "assigned_handlers", "platform_desk"})


class NobodyLeft(RuntimeError):
    """Everybody who could hear of it works for a respondent, the platform's own desk included. Operators see it as undelivered."""


def shielded(verb: str) -> bool:
    """Whether respondents must be kept from this verb."""
    return verb.startswith(SHIELDED)


def respondents_of(data: dict) -> frozenset[int] | None:
    """The organizations complained about, from the event's data. None: the event does not say, so nobody can be told apart."""
    given = data.get("respondents")
    if not isinstance(given, list) or not all(isinstance(pk, int) and not isinstance(pk, bool) for pk in given):
        return None
    return frozenset(given)


def keep(
    people: Iterable[tuple[int, int | None]], *, accused: Iterable[int], respondents: Iterable[int]
) -> list[tuple[int, int | None]]:
    """The people who may hear: without everybody who works for a respondent, whatever else they are, and without anybody who
    would be told it as a member of a respondent. `accused`: the members of the respondents."""
    out, organizations = set(accused), set(respondents)
    return [(user, there) for user, there in people if user not in out and there not in organizations]


def fallback(
    desk: Iterable[tuple[int, int | None]], *, accused: Iterable[int], respondents: Iterable[int]
) -> list[tuple[int, int | None]]:
    """Who hears when nobody of the audience may: the platform's desk. Raises NobodyLeft when not even there is anybody."""
    left = keep(desk, accused=accused, respondents=respondents)
    if not left:
        raise NobodyLeft("Nobody is left who may hear of this.")
    return left
