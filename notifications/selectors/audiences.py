"""Who hears of an event. Each function runs inside the event's tenant and gives (user, organization) pairs in the order of users,
at most `limit` of them behind `after`, so that an audience of any size passes in small pieces.

The organization is where the person is told it; None tells a private person, and then no organization is named.
"""

from collections.abc import Callable, Iterable

from accounts.models import User
from core import tenancy
from core.models import Event
from organizations.models import Invitation, Membership, RegisterImport, Review, Role

People = list[tuple[int, int | None]]
Audience = Callable[[Event, int, int], People]


def _members(event: Event, after: int, limit: int, *roles: str) -> People:
    """Living members with one of these roles, but not whoever did it."""
    rows = Membership.objects.filter(ended_at=None, user__is_active=True, user_id__gt=after, roles__overlap=list(roles))
    rows = rows.exclude(user_id=event.actor_id or 0).order_by("user_id")
    return list(rows.values_list("user_id", "organization_id")[:limit])


def _one(user_id: int | None, after: int, organization_id: int | None = None) -> People:
    return [(user_id, organization_id)] if user_id is not None and user_id > after else []


def _some(user_ids: Iterable[int], after: int, limit: int, organization_id: int | None = None) -> People:
    return [(pk, organization_id) for pk in sorted(set(user_ids)) if pk > after][:limit]


def owners_and_managers(event: Event, after: int, limit: int) -> People:
    """Those who answer for the organization."""
    return _members(event, after, limit, Role.OWNER, Role.MANAGER)


def opening_people(event: Event, after: int, limit: int) -> People:
    """Those who answer for the organization's openings."""
    return _members(event, after, limit, Role.OWNER, Role.MANAGER, Role.RECRUITER)


def review_officers(event: Event, after: int, limit: int) -> People:
    """The officers of the regulator that has the review, without those who work for the organization it is about."""
    review = Review.objects.filter(pk=event.subject_id).values("subject_organization_id").first()
    about = {review["subject_organization_id"]} if review else set()
    kept: People = []
    while len(kept) < limit:
        found = _members(event, after, limit, Role.OFFICER)
        biased = members_among(about, [user_id for user_id, _there in found])
        kept += [pair for pair in found if pair[0] not in biased]
        if len(found) < limit:
            break
        after = found[-1][0]
    return kept[:limit]


def the_person(event: Event, after: int, limit: int) -> People:
    """The person the event is about, as a private person."""
    return _one(event.person_id, after)


def whoever_did_it(event: Event, after: int, limit: int) -> People:
    """The member who handed something in and now hears that it is done."""
    return _one(event.actor_id, after, event.organization_id)


def named_member(event: Event, after: int, limit: int) -> People:
    """The member whose own membership changed."""
    return _one(event.data.get("user"), after, event.organization_id)


def former_member(event: Event, after: int, limit: int) -> People:
    """Somebody who is a member no more: told as a private person."""
    return _one(event.data.get("user"), after)


def heir(event: Event, after: int, limit: int) -> People:
    """The member who takes over from another."""
    return _one(event.data.get("to"), after, event.organization_id)


def inviter(event: Event, after: int, limit: int) -> People:
    """Whoever sent the invitation, unless they left meanwhile."""
    by = Invitation.objects.filter(pk=event.subject_id).values_list("invited_by_id", flat=True).first()
    is_here = by is not None and Membership.objects.filter(user_id=by, ended_at=None).exists()
    return _one(by, after, event.organization_id) if is_here else []


def register_keeper(event: Event, after: int, limit: int) -> People:
    """The officer who handed the register in."""
    by = RegisterImport.objects.filter(pk=event.subject_id).values_list("uploaded_by_id", flat=True).first()
    return _one(by, after, event.organization_id)


def named_recipients(event: Event, after: int, limit: int) -> People:
    """The people the event names (`recipients`, ids), as members of its organization if it has one."""
    return _some(event.data.get("recipients", ()), after, limit, event.organization_id)


# -- events that a respondent must not hear of: only these three may be asked --------------------------------------------


def complainant(event: Event, after: int, limit: int) -> People:
    """Whoever filed it (`complainant`, an id), as a private person."""
    return _one(event.data.get("complainant"), after)


def assigned_handlers(event: Event, after: int, limit: int) -> People:
    """Those it is assigned to (`handlers`, ids) and who work for the receiving organization still."""
    rows = Membership.objects.filter(user_id__in=event.data.get("handlers", ()), ended_at=None, user_id__gt=after)
    return list(rows.order_by("user_id").values_list("user_id", "organization_id")[:limit])


def platform_desk(event: Event | None, after: int, limit: int) -> People:
    """The operators of the platform, for what would otherwise reach nobody."""
    rows = User.objects.filter(is_staff=True, is_active=True, pk__gt=after).order_by("pk")
    return [(pk, None) for pk in rows.values_list("pk", flat=True)[:limit]]


def members_among(organization_ids: Iterable[int], user_ids: Iterable[int]) -> set[int]:
    """Which of these people work for one of these organizations. Activates each by itself."""
    wanted, found = list(user_ids), set()
    for organization_id in organization_ids:
        with tenancy.activate(None, organization_id):
            found |= set(Membership.objects.filter(user_id__in=wanted, ended_at=None).values_list("user_id", flat=True))
    return found
