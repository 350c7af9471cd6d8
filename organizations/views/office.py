"""What the pages of a regulator share: its rooms in the menu, the frame, the way back to a filtered list."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.models.calendar import today_in
from organizations.policies.review import can_keep_registers, can_work_reviews
from organizations.selectors import desk
from organizations.selectors.review import open_review_count, permits_ending, queue_counts

SOON = 14


def reviews_others(kind) -> bool:
    return kind.may_review


desk.add_room(
    desk.Room(
        "organizations:review_list",
        gettext_lazy("Reviews"),
        policy=can_work_reviews,
        count=open_review_count,
        kind_has=reviews_others,
        place=10,
    ),
    desk.Room(
        "organizations:oversight_list", gettext_lazy("Permits"), policy=can_keep_registers, kind_has=reviews_others, place=20
    ),
    desk.Room(
        "organizations:register_list", gettext_lazy("Registers"), policy=can_keep_registers, kind_has=reviews_others, place=30
    ),
)


def _count_of(name: str):
    """How many reviews are open, late, due today or half approved, as the queue counts them."""

    def count(actor) -> int:
        today = today_in(actor.organization.country, timezone.now())
        return queue_counts(actor, on=today)[name]

    return count


def _queue(**question):
    def address(slug: str) -> str:
        return reverse("organizations:review_list", args=[slug], query=question or None)

    return address


def _waiting_reviews(actor, now) -> list[dict]:
    """What is late, what is due today; else how many wait."""
    if not can_work_reviews(actor):
        return []
    counts = queue_counts(actor, on=today_in(actor.organization.country, now))
    words = {
        "late": ("stop", ngettext("%(n)s review is late", "%(n)s reviews are late", counts["late"])),
        "today": ("warn", ngettext("%(n)s answer is due today", "%(n)s answers are due today", counts["today"])),
        "open": ("unk", ngettext("%(n)s review waits", "%(n)s reviews wait", counts["open"])),
    }
    name = next((name for name in words if counts[name]), None)
    if name is None:
        return []
    verdict, title = words[name]
    question = {} if name == "open" else {"due": name}
    address = _queue(**question)(actor.organization.slug)
    text = _("Two people must agree before anything becomes public.")
    actions = [{"url": address, "text": _("Open the reviews")}]
    return [{"verdict": verdict, "title": title % {"n": counts[name]}, "text": text, "actions": actions}]


def _ending_permits(actor, now) -> list[dict]:
    """Permits of this office that end soon: their openings close by themselves."""
    if not can_keep_registers(actor):
        return []
    today = today_in(actor.organization.country, now)
    found = []
    for permit in permits_ending(actor, on=today, days=SOON):
        left = (permit.expires_on - today).days
        title = (
            ngettext("Permit ends in %(n)s day", "Permit ends in %(n)s days", left) % {"n": left}
            if left
            else _("Permit ends today")
        )
        url = reverse("organizations:oversight_status", args=[actor.organization.slug, permit.pk])
        text = _("%(organization)s, %(number)s. Its openings close by themselves after that day.")
        found.append(
            {
                "verdict": "warn",
                "title": title,
                "text": text % {"organization": permit.organization.legal_name, "number": permit.number},
                "actions": [{"url": url, "text": _("Open the permit")}],
            }
        )
    return found


desk.add_tile(
    desk.Tile(
        gettext_lazy("Due today"),
        _count_of("today"),
        _queue(due="today"),
        policy=can_work_reviews,
        kind_has=reviews_others,
        place=10,
    ),
    desk.Tile(
        gettext_lazy("Late"), _count_of("late"), _queue(due="late"), policy=can_work_reviews, kind_has=reviews_others, place=9
    ),
    desk.Tile(
        gettext_lazy("Reviews waiting"), _count_of("open"), _queue(), policy=can_work_reviews, kind_has=reviews_others, place=12
    ),
    desk.Tile(
        gettext_lazy("Waiting for the second person"),
        _count_of("half_approved"),
        _queue(state="half_approved"),
        policy=can_work_reviews,
        kind_has=reviews_others,
        place=13,
    ),
)
desk.add_notice(_waiting_reviews)
desk.add_notice(_ending_permits)


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
