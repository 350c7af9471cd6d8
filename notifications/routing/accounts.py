"""What is told about accounts."""

from notifications.models import Category, Notice
from notifications.routing.route import Nobody, Route, nobody
from notifications.selectors import audiences as to

ROWS: list[Route | Nobody] = [
    Route("account.disabled", "account_disabled", to.the_person, Category.LEGAL, urgency=Notice.Urgency.URGENT, path="about/"),
    Route("account.enabled", "account_enabled", to.the_person, Category.LEGAL, path="accounts/login/"),
    *nobody("The person did it themselves, and no address is left.", "account.erased"),
]
