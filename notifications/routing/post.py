"""What the post says about itself: connected systems, devices, ways that were switched off, summaries."""

from notifications.models import Category, Notice
from notifications.routing.route import Nobody, Route, nobody
from notifications.selectors import audiences as to

WEBHOOKS = "o/{slug}/webhooks/"


def _connection(verb: str, what: str) -> Route:
    return Route(
        verb,
        "connection_changed",
        to.owners_and_managers,
        Category.COMPANY,
        details=lambda event: {"what": what},
        path=WEBHOOKS,
        sample={"what": what},
    )


ROWS: list[Route | Nobody] = [
    _connection("webhook.created", "created"),
    _connection("webhook.changed", "changed"),
    _connection("webhook.secret_rotated", "secret"),
    _connection("webhook.deleted", "deleted"),
    *(
        Route(
            verb,
            "connection_broken",
            to.owners_and_managers,
            Category.COMPANY,
            urgency=Notice.Urgency.URGENT,
            details=lambda event: {"gone": event.verb == "webhook.gone"},
            path=WEBHOOKS,
            sample={"gone": False},
        )
        for verb in ("webhook.broken", "webhook.gone")
    ),
    Route("device.added", "device_added", to.the_person, Category.ACCOUNT, keys=("channel",), path="me/notices/choices/"),
    *nobody(
        "Own work of the organization: the page of connected systems shows it.",
        "webhook.paused",
        "webhook.resumed",
        "webhook.tested",
        "webhook.replayed",
    ),
    *nobody("The end of the organization is told by itself.", "webhook.ended"),
    *nobody("The person did it a moment ago, on that very page.", "device.removed"),
]

OWN_KINDS = {
    "channel_stopped": {
        "data": {"channel": "sms", "why": "stop_word", "category": ""},
        "category": Category.ACCOUNT,
        "discreet": False,
        "urgency": Notice.Urgency.NORMAL,
    },
    "digest": {
        "data": {
            "groups": [{"category": "review", "lines": ["HT7K-Q4MR", "12/LDTBXH-GP"]}, {"category": "company", "lines": ["…"]}],
            "count": 5,
            "more": 2,
        },
        "category": Category.ACCOUNT,
        "discreet": False,
        "urgency": Notice.Urgency.LOW,
    },
}
