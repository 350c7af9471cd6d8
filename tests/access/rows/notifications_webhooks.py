"""Connected systems: for owners and managers of the organization, on its pages and in the API."""

from types import SimpleNamespace

from django.utils import timezone

from notifications.services import webhook as services
from tests.access.table import Row, everybody, only

OWN = "/vi/o/hoa-sen/webhooks/"
API = "/api/v1/o/hoa-sen/webhooks/"


def prepare(cast) -> SimpleNamespace:
    owner = cast.agency_owner
    with owner.active():
        row, _secret = services.create_webhook(
            name="Software",
            url="https://hooks.partner.example/",
            verbs=["job_order.published"],
            actor=owner.actor(),
            now=timezone.now(),
        )
        delivery = services.send_test(webhook=row, actor=owner.actor(), now=timezone.now())
    return SimpleNamespace(webhook=row.pk, delivery=delivery.pk)


MANAGERS = only("agency_owner", agency_recruiter=403, agency_viewer=403)

ROWS = {
    "webhook_guide": Row(lambda cast, made: "/vi/webhooks/", everybody()),
    "webhooks": Row(lambda cast, made: OWN, MANAGERS),
    "webhook_new": Row(lambda cast, made: f"{OWN}new/", MANAGERS),
    "webhook_detail": Row(lambda cast, made: f"{OWN}{made.webhook}/", MANAGERS),
    "webhook_edit": Row(lambda cast, made: f"{OWN}{made.webhook}/edit/", MANAGERS),
    "webhook_act": Row(lambda cast, made: f"{OWN}{made.webhook}/delete/", MANAGERS),
    "webhook_message": Row(lambda cast, made: f"{OWN}messages/{made.delivery}/", MANAGERS),
    # No session counts in the API.
    "api:own_webhooks": Row(lambda cast, made: API, everybody(403)),
    "api:own_webhook": Row(lambda cast, made: f"{API}{made.webhook}/", everybody(403)),
    "api:own_webhook_deliveries": Row(lambda cast, made: f"{API}{made.webhook}/deliveries/", everybody(403)),
    "api:own_webhook_replay": Row(
        lambda cast, made: f"{API}{made.webhook}/deliveries/{made.delivery}/replay/", everybody(403), method="post"
    ),
}
