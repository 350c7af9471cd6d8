"""What is told about openings."""

from notifications.models import Category, Notice
from notifications.routing.route import Nobody, Route, nobody
from notifications.selectors import audiences as to
from notifications.selectors import details

OPENING = "o/{slug}/openings/{code}/"

ROWS: list[Route | Nobody] = [
    Route(
        "job_order_version.approved",
        "opening_approved",
        to.opening_people,
        Category.REVIEW,
        keys=("version",),
        details=details.opening_of_version,
        path=OPENING,
        sample={"code": "HT7KQ4MR", "version": 1},
    ),
    Route(
        "job_order_version.returned",
        "opening_returned",
        to.opening_people,
        Category.REVIEW,
        keys=("version",),
        details=details.opening_of_version,
        path=OPENING,
        sample={"code": "HT7KQ4MR", "version": 2},
    ),
    Route(
        "job_order.suspended",
        "opening_suspended",
        to.opening_people,
        Category.LEGAL,
        urgency=Notice.Urgency.URGENT,
        details=details.opening,
        path=OPENING,
        sample={"code": "HT7KQ4MR"},
    ),
    Route(
        "job_order.lifted",
        "opening_lifted",
        to.opening_people,
        Category.LEGAL,
        details=details.opening,
        path=OPENING,
        sample={"code": "HT7KQ4MR"},
    ),
    Route(
        "job_orders.imported",
        "openings_imported",
        to.whoever_did_it,
        Category.COMPANY,
        keys=("rows",),
        path="o/{slug}/openings/import/{subject}/",
        sample={"rows": 120},
    ),
    *nobody(
        "The same step of the version is told.",
        "job_order.approved",
        "job_order.returned",
        "job_order.published",
    ),
    *nobody(
        "Own work of the organization: its history page shows it.",
        "job_order.created",
        "job_order.saved",
        "job_order.taken_back",
        "job_order.paused",
        "job_order.resumed",
        "job_order.filled",
        "job_order.closed",
        "job_order.withdrawn",
        "job_order.counted",
        "job_order_version.started",
        "job_order_version.taken_back",
        "job_order_version.replaced",
        "job_order_version.dropped",
        "job_orders.handed_in",
    ),
    *nobody("The responsible office hears of it as a review.", "job_order.submitted", "job_order_version.submitted"),
]
