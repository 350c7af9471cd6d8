"""What the pages of a regulator share: its rooms in the menu, the frame, the way back to a filtered list."""

from django.utils.translation import gettext_lazy as _

from organizations.models.calendar import today_in
from organizations.policies.review import can_keep_registers, can_work_reviews
from organizations.selectors import desk
from organizations.selectors.review import open_review_count


def reviews_others(kind) -> bool:
    return kind.may_review


desk.add_room(
    desk.Room(
        "organizations:review_list",
        _("Reviews"),
        policy=can_work_reviews,
        count=open_review_count,
        kind_has=reviews_others,
        place=10,
    ),
    desk.Room("organizations:oversight_list", _("Permits"), policy=can_keep_registers, kind_has=reviews_others, place=20),
    desk.Room("organizations:register_list", _("Registers"), policy=can_keep_registers, kind_has=reviews_others, place=30),
)


def frame(request) -> dict:
    """The office, and the question of the address, which links carry on. Header and menu come with every desk page."""
    actor = request.actor
    return {
        "office": actor.organization,
        "slug": actor.organization.slug,
        "actor": actor,
        "query": request.GET.urlencode(),
    }


def office_day(request, now):
    """Today, where the office is."""
    return today_in(request.actor.organization.country, now)


def without(request, *names: str, **values) -> str:
    """The address's question with some answers taken out and others put in: "?state=all&q=sen"."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}" if query else "?"
