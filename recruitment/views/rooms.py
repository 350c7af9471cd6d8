"""What openings bring to an organization's desk: a room in the menu, numbers, and what waits for somebody."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.policies.capability import Capability, declare
from organizations.selectors.desk import Room, Tile, add_notice, add_room, add_tile
from organizations.services.membership import declare_holding
from recruitment.models import JobOrder
from recruitment.policies import can_list
from recruitment.policies.job_order import can_create, can_withdraw
from recruitment.selectors.job_order import job_orders_visible_to
from recruitment.services.handover import OPENINGS


def _posts(kind) -> bool:
    return kind.may_post


def _count(state: str):
    return lambda actor: job_orders_visible_to(actor).filter(state=state).count()


def _list(state: str):
    return lambda slug: f"{reverse('recruitment:job_order_list', args=[slug])}?state={state}"


def returned_notice(actor, now: datetime) -> list[dict]:
    """Openings that the regulator sent back."""
    if not can_list(actor):
        return []
    n = job_orders_visible_to(actor).filter(state=JobOrder.State.RETURNED).count()
    if not n:
        return []
    title = ngettext("%(n)s opening was returned", "%(n)s openings were returned", n) % {"n": n}
    url = _list("returned")(actor.organization.slug)
    return [
        {
            "verdict": "stop",
            "title": title,
            "text": _("The regulator wrote what to correct. Correct only that and send it again."),
            "actions": [{"url": url, "text": _("Open the returned openings")}],
        }
    ]


add_room(Room("recruitment:job_order_list", gettext_lazy("Openings"), policy=can_list, kind_has=_posts, place=20))
add_tile(
    Tile(gettext_lazy("Openings returned"), _count("returned"), _list("returned"), policy=can_list, kind_has=_posts, place=10),
    Tile(gettext_lazy("Openings published"), _count("published"), _list("published"), policy=can_list, kind_has=_posts, place=20),
    Tile(gettext_lazy("Openings in draft"), _count("draft"), _list("draft"), policy=can_list, kind_has=_posts, place=30),
)
add_notice(returned_notice)
declare_holding(OPENINGS)
declare(
    Capability(gettext_lazy("See all openings and what they cost"), can_list, kind_has=_posts),
    Capability(gettext_lazy("Write openings and send them for approval"), can_create, kind_has=_posts),
    Capability(
        gettext_lazy("Withdraw an opening"),
        can_withdraw,
        example=lambda organization: JobOrder(organization=organization),
        kind_has=_posts,
    ),
)
