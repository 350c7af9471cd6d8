"""Verbs of job orders and their versions. `{actor}` and keys of the event's data may stand in a sentence."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

JOB_ORDER_CREATED = Verb("job_order.created", _("{actor} began the opening."))
JOB_ORDER_SAVED = Verb("job_order.saved", _("{actor} saved a step of version {version}."))
JOB_ORDER_SUBMITTED = Verb("job_order.submitted", _("{actor} sent the opening for approval."))
JOB_ORDER_TAKEN_BACK = Verb("job_order.taken_back", _("{actor} took the opening back before it was decided."))
JOB_ORDER_RETURNED = Verb("job_order.returned", _("{actor} returned the opening with reasons."))
JOB_ORDER_APPROVED = Verb("job_order.approved", _("{actor} approved the opening, as the second of two people."))
JOB_ORDER_PUBLISHED = Verb("job_order.published", _("The opening was published."))
JOB_ORDER_PAUSED = Verb("job_order.paused", _("{actor} paused the opening."))
JOB_ORDER_RESUMED = Verb("job_order.resumed", _("{actor} opened the opening again."))
JOB_ORDER_FILLED = Verb("job_order.filled", _("{actor} marked all places as filled."))
JOB_ORDER_CLOSED = Verb("job_order.closed", _("{actor} closed the opening."))
JOB_ORDER_WITHDRAWN = Verb("job_order.withdrawn", _("{actor} withdrew the opening."))
JOB_ORDER_SUSPENDED = Verb("job_order.suspended", _("{actor} suspended the opening."))
JOB_ORDER_LIFTED = Verb("job_order.lifted", _("{actor} lifted the suspension of the opening."))
JOB_ORDER_COUNTED = Verb("job_order.counted", _("{actor} wrote that {filled} places are filled."))

VERSION_STARTED = Verb("job_order_version.started", _("{actor} began version {version}."))
VERSION_SUBMITTED = Verb("job_order_version.submitted", _("{actor} sent version {version} for approval."))
VERSION_TAKEN_BACK = Verb("job_order_version.taken_back", _("{actor} took version {version} back before it was decided."))
VERSION_RETURNED = Verb("job_order_version.returned", _("{actor} returned version {version} with reasons."))
VERSION_APPROVED = Verb("job_order_version.approved", _("{actor} approved version {version}, as the second of two people."))
VERSION_REPLACED = Verb("job_order_version.replaced", _("Version {version} was replaced by a newer one."))
VERSION_DROPPED = Verb("job_order_version.dropped", _("{actor} dropped version {version}."))

JOB_ORDERS_HANDED_IN = Verb("job_orders.handed_in", _("{actor} handed in a file of openings."))
JOB_ORDERS_IMPORTED = Verb("job_orders.imported", _("{actor} made {rows} openings from a file."))
