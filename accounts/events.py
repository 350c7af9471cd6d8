"""What happens to an account."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

ERASED = Verb("account.erased", _("{actor} deleted the account"))
DISABLED = Verb("account.disabled", _("{actor} blocked the account"))
ENABLED = Verb("account.enabled", _("{actor} unblocked the account"))
