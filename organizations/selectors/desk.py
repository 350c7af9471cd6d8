"""The desk of an organization: its rooms in the menu, its numbers, and what waits for somebody.

Each app brings its own in its views: `add_room(Room(…))`, `add_tile(Tile(…))`, `add_notice(function)`.
What an organization does not do here has no room: that is decided by its kind and the person's roles, through the policy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policies import Actor
from organizations.models import Invitation, Membership, Organization, Permit, ReturnedItem, Role
from organizations.models.calendar import today_in

SOON = 60


def every_member(actor: Actor) -> bool:
    """The policy of a room that names none."""
    return bool(actor.organization_id and actor.roles)


@dataclass(frozen=True)
class Room:
    """A door in the menu. `url_name` takes the organization's slug; `count(actor)` may give a number beside the words."""

    url_name: str
    label: Any
    policy: Callable = every_member
    count: Callable[[Actor], int | None] | None = None
    kind_has: Callable = lambda kind: True
    place: int = 50


@dataclass(frozen=True)
class Tile:
    """A number on the desk's first page that leads to its list. `url(slug)` gives the address; `waits` = when it is not zero,
    somebody should look at it."""

    label: Any
    count: Callable[[Actor], int]
    url: Callable[[str], str]
    waits: bool = True
    policy: Callable = every_member
    kind_has: Callable = lambda kind: True
    place: int = 50


ROOMS: list[Room] = []
TILES: list[Tile] = []
NOTICES: list[Callable[[Actor, datetime], list[dict]]] = []


def add_room(*rooms: Room) -> None:
    """Put rooms into the menu, by `place` (the desk is 0, the company 40, people 60, keys 70)."""
    ROOMS.extend(rooms)
    ROOMS.sort(key=lambda room: room.place)


def add_tile(*tiles: Tile) -> None:
    """Put numbers on the first page; at most five are shown."""
    TILES.extend(tiles)
    TILES.sort(key=lambda tile: tile.place)


def add_notice(notice: Callable[[Actor, datetime], list[dict]]) -> None:
    """`notice(actor, now)` gives what waits for somebody: dicts with verdict, title, text, actions (list of url and text)."""
    NOTICES.append(notice)


def _open_to(entry, actor: Actor) -> bool:
    return entry.kind_has(actor.organization.organization_kind) and bool(entry.policy(actor))


def desk_name(actor: Actor) -> str:
    """The organization and the person's role there, for the header."""
    roles = [str(role.label) for role in Role if role.value in actor.roles]
    return " · ".join([actor.organization.legal_name, ", ".join(roles)])


def desk_nav(actor: Actor, path: str) -> list[tuple[str, str, bool, int | None]]:
    """(address, words, whether one is there, number or None) of each room this person may enter."""
    found = []
    for room in ROOMS:
        if _open_to(room, actor):
            url = reverse(room.url_name, args=[actor.organization.slug])
            home = room.place == 0
            here = path == url if home else path.startswith(url)
            found.append((url, str(room.label), here, room.count(actor) if room.count else None))
    return found


def desk_tiles(actor: Actor) -> list[dict]:
    """At most five numbers with links; the first one that waits for somebody is lit."""
    tiles = [tile for tile in TILES if _open_to(tile, actor)][:5]
    counts = [tile.count(actor) for tile in tiles]
    lit = next((place for place, (tile, count) in enumerate(zip(tiles, counts, strict=True)) if tile.waits and count), None)
    return [
        {"label": tile.label, "value": count, "url": tile.url(actor.organization.slug), "lit": place == lit}
        for place, (tile, count) in enumerate(zip(tiles, counts, strict=True))
    ]


def desk_notices(actor: Actor, now: datetime) -> list[dict]:
    """Everything that waits for somebody, the heaviest first."""
    found = [entry for notice in NOTICES for entry in notice(actor, now)]
    return sorted(found, key=lambda entry: ("stop", "warn", "unk", "ok").index(entry["verdict"]))


def permit_lines(actor: Actor, now: datetime) -> list[dict]:
    """The permits with the days that are left: `permit`, `days_left` (None without an end), `soon`."""
    permits = Permit.objects.select_related("permit_kind", "status").order_by("permit_kind__sort", "pk")
    today = today_in(actor.organization.country, now)
    return [{"permit": permit, **_days(permit.expires_on, today)} for permit in permits]


def _days(end: date | None, today: date) -> dict:
    left = (end - today).days if end else None
    return {"days_left": left, "soon": left is not None and 0 <= left <= SOON, "over": left is not None and left < 0}


def _registration_notice(actor: Actor, now: datetime) -> list[dict]:
    organization, State = actor.organization, Organization.State
    url = reverse("organizations:registration", args=[organization.slug])
    if organization.state == State.RETURNED:
        open_items = ReturnedItem.objects.filter(subject_type="registration", mended_at=None).count()
        text = (
            _("Correct only these items and send the registration again.")
            if open_items
            else _("Everything is corrected. Send it again.")
        )
        title = _("The regulator sent your registration back")
        return [{"verdict": "warn", "title": title, "text": text, "actions": [{"url": url, "text": _("Open the registration")}]}]
    if organization.state == State.DRAFT:
        title = _("Your registration is not sent yet")
        text = _("Until a regulator has checked it, nobody sees your organization and nothing can be published.")
        return [
            {"verdict": "warn", "title": title, "text": text, "actions": [{"url": url, "text": _("Continue the registration")}]}
        ]
    if organization.state == State.SUBMITTED:
        title = _("Your registration is being checked")
        text = _("Two people of the regulator must approve it. You will find the answer here.")
        return [{"verdict": "unk", "title": title, "text": text, "actions": [{"url": url, "text": _("See what you sent")}]}]
    return []


def _line_notice(actor: Actor, now: datetime) -> list[dict]:
    items = ReturnedItem.objects.filter(subject_type__in=["permit", "contact", "person"], mended_at=None)
    if not items.exists() or actor.organization.state != Organization.State.VERIFIED:
        return []
    url = reverse("organizations:registration", args=[actor.organization.slug])
    title = _("The regulator sent a line of your profile back")
    return [
        {
            "verdict": "warn",
            "title": title,
            "text": _("Correct it or remove it."),
            "actions": [{"url": url, "text": _("Open the profile")}],
        }
    ]


def _expiry_notice(actor: Actor, now: datetime) -> list[dict]:
    found = []
    url = reverse("organizations:registration", args=[actor.organization.slug])
    for line in permit_lines(actor, now):
        number = line["permit"].number
        if line["over"]:
            title = _("Permit %(number)s has expired") % {"number": number}
            text = _("Your openings under it are not shown. Add the new permit and send it for review.")
            found.append(
                {"verdict": "stop", "title": title, "text": text, "actions": [{"url": url, "text": _("Open the profile")}]}
            )
        elif line["soon"]:
            title = ngettext(
                "Permit %(number)s ends in %(days)s day", "Permit %(number)s ends in %(days)s days", line["days_left"]
            ) % {"number": number, "days": line["days_left"]}
            text = _("After its last day your openings disappear by themselves. Add the new permit in time.")
            found.append(
                {"verdict": "warn", "title": title, "text": text, "actions": [{"url": url, "text": _("Open the profile")}]}
            )
    return found


def count_people(actor: Actor) -> int:
    return Membership.objects.filter(ended_at=None).count()


def count_invitations(actor: Actor) -> int:
    """Invitations that wait for an answer."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).count()


for _notice in (_registration_notice, _line_notice, _expiry_notice):
    add_notice(_notice)
