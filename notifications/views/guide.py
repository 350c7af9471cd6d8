"""How partners' systems check our messages: for programmers, open to everybody."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import ngettext

from core.policies import public
from notifications.selectors.webhook import HEARABLE
from notifications.services.webhook_delivery import BACKOFF

SAMPLES = settings.BASE_DIR / "templates" / "notifications" / "samples"


@login_not_required
def webhook_guide(request):
    """The same as docs/webhooks.md, which readers of the program find there; a test keeps both true."""
    return render(
        request,
        "notifications/webhook_guide.html",
        {
            "message": sample("json"),
            "python": sample("python"),
            "javascript": sample("javascript"),
            "waits": [in_words(int(wait.total_seconds())) for wait in BACKOFF],
            "facts": [(code, entry.words) for code, entry in HEARABLE.items()],
        },
    )


webhook_guide.policy = public


@cache
def sample(name: str) -> str:
    """A piece of code as partners copy it."""
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def in_words(seconds: int) -> str:
    """A wait in the largest unit that fits it whole."""
    if seconds % 3600 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    if seconds % 60 == 0:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
