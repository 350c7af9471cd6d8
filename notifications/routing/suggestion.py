"""What happens when a person chooses nothing: the rhythms of the table, for each category and channel."""

from notifications import routing
from notifications.policies.sending import USUAL, rhythm_for


def suggested(category: str, channel: str) -> frozenset[str]:
    """The rhythms (codes) by which notices of this category leave by this channel; several where the rows of the table differ.

    A category that no row tells yet has the usual one.
    """
    rows = [row for verb in routing.told_verbs() for row in routing.routes_of(verb) if row.category == category]
    given = [(row.urgency, row.channels) for row in rows] or [("normal", USUAL)]
    return frozenset(
        str(rhythm_for(channel, category=category, urgency=urgency, route=route, chosen=None)) for urgency, route in given
    )
