"""What is told about organizations, their people, permits and reviews."""

from notifications.models import Category, Notice, Rhythm
from notifications.policies.sending import by_summary
from notifications.routing.route import Nobody, Route, nobody
from notifications.selectors import audiences as to
from notifications.selectors import details

PROFILE = "o/{slug}/registration/"

REGISTRATION: list[Route | Nobody] = [
    Route(
        "organization.returned",
        "registration_returned",
        to.owners_and_managers,
        Category.REVIEW,
        urgency=Notice.Urgency.NORMAL,
        path=PROFILE,
    ),
    Route("organization.verified", "registration_verified", to.owners_and_managers, Category.LEGAL, path="o/{slug}/"),
    Route("organization.closed", "organization_closed", to.owners_and_managers, Category.LEGAL, path="o/{slug}/"),
    Route(
        "organization.line_accepted",
        "line_accepted",
        to.owners_and_managers,
        Category.REVIEW,
        channels=by_summary(),
        urgency=Notice.Urgency.LOW,
        keys=("noun",),
        path=PROFILE,
        sample={"noun": "contact"},
    ),
    Route(
        "organization.line_returned",
        "line_returned",
        to.owners_and_managers,
        Category.REVIEW,
        keys=("noun",),
        path=PROFILE,
        sample={"noun": "permit"},
    ),
    *nobody(
        "Own work of the organization: its history page shows it.",
        "organization.registered",
        "organization.step_saved",
        "organization.item_mended",
        "organization.line_added",
        "organization.line_changed",
        "organization.line_removed",
        "evidence.stored",
        "evidence.viewed",
        "evidence.removed",
    ),
    *nobody("The responsible office hears of it as a review.", "organization.submitted"),
]

PERMITS: list[Route | Nobody] = [
    Route(
        "permit.status_recorded",
        "permit_status",
        to.opening_people,
        Category.LEGAL,
        urgency=Notice.Urgency.URGENT,
        keys=("status", "market"),
        details=details.permit,
        path=PROFILE,
        sample={"permit": "12/LDTBXH-GP", "status": "suspended_market", "market": "JP"},
    ),
    Route(
        "permit.expired",
        "permit_expired",
        to.opening_people,
        Category.LEGAL,
        urgency=Notice.Urgency.URGENT,
        details=details.permit,
        path=PROFILE,
        sample={"permit": "12/LDTBXH-GP"},
    ),
    Route(
        "permit.ends_soon",
        "permit_ends_soon",
        to.opening_people,
        Category.REVIEW,
        keys=("within", "ends_on"),
        details=details.permit,
        path=PROFILE,
        sample={"permit": "12/LDTBXH-GP", "within": 30, "ends_on": "2026-12-20"},
    ),
    Route(
        "register.checked",
        "register_checked",
        to.register_keeper,
        Category.REVIEW,
        keys=("changed",),
        path="o/{slug}/registers/{subject}/",
        sample={"changed": 12},
    ),
    Route(
        "register.refused",
        "register_refused",
        to.register_keeper,
        Category.REVIEW,
        keys=("errors",),
        path="o/{slug}/registers/{subject}/",
        sample={"errors": 3},
    ),
    Route(
        "register.applied",
        "register_applied",
        to.register_keeper,
        Category.REVIEW,
        keys=("changed",),
        path="o/{slug}/registers/{subject}/",
        sample={"changed": 12},
    ),
    *nobody("The one who did it waits for the check, which is told.", "register.uploaded", "register.confirmed"),
]

MEMBERS: list[Route | Nobody] = [
    Route("invitation.accepted", "invitation_accepted", to.inviter, Category.COMPANY, path="o/{slug}/people/"),
    Route(
        "membership.roles_changed",
        "roles_changed",
        to.named_member,
        Category.COMPANY,
        details=lambda event: {"roles": event.data.get("to", [])},
        path="o/{slug}/who-can-see/",
        sample={"roles": ["manager", "recruiter"]},
    ),
    Route("membership.handed_over", "work_handed_over", to.heir, Category.COMPANY, path="o/{slug}/"),
    Route("membership.ended", "membership_ended", to.former_member, Category.LEGAL, path="me/"),
    Route("membership.left", "member_left", to.owners_and_managers, Category.COMPANY, path="o/{slug}/people/"),
    Route(
        "api_key.created",
        "key_created",
        to.owners_and_managers,
        Category.COMPANY,
        keys=("prefix",),
        path="o/{slug}/keys/",
        sample={"prefix": "trg_1a"},
    ),
    Route(
        "api_key.revoked",
        "key_revoked",
        to.owners_and_managers,
        Category.COMPANY,
        channels=by_summary(),
        urgency=Notice.Urgency.LOW,
        keys=("prefix",),
        path="o/{slug}/keys/",
        sample={"prefix": "trg_1a"},
    ),
    *nobody("The mail with the link goes to the address itself (organizations.tasks).", "invitation.sent"),
    *nobody("The link simply works no more; its page says so.", "invitation.revoked"),
    *nobody("The new member did it; whoever invited them hears of the acceptance.", "membership.started"),
]

REVIEWS: list[Route | Nobody] = [
    Route(
        "review.opened",
        "review_opened",
        to.review_officers,
        Category.REVIEW,
        channels=by_summary(Rhythm.DAILY),
        urgency=Notice.Urgency.LOW,
        details=details.review,
        path="o/{slug}/{place}/{subject}/",
        sample={"noun": "job_order", "due_on": "2026-12-04", "place": "openings/reviews"},
    ),
    Route(
        "review.half_approved",
        "review_half_approved",
        to.review_officers,
        Category.REVIEW,
        channels=by_summary(Rhythm.DAILY),
        urgency=Notice.Urgency.LOW,
        details=details.review,
        path="o/{slug}/{place}/{subject}/",
        sample={"noun": "registration", "due_on": "2026-12-04", "place": "reviews"},
    ),
    *nobody(
        "The organization hears the decision by its own events, the office sees its queue.",
        "review.approved",
        "review.returned",
        "review.cancelled",
        "review.taken_back",
    ),
]

ROWS: list[Route | Nobody] = [*REGISTRATION, *PERMITS, *MEMBERS, *REVIEWS]
