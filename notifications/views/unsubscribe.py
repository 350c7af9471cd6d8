"""The link at the end of a mail: no sign-in, one click (RFC 8058). Looking changes nothing; only a POST does."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.policies import public
from notifications.models import Category, Channel
from notifications.services.unsubscribe import fulfil_wish, read_wish


@login_not_required
@csrf_exempt
@never_cache
def unsubscribe(request, token: str):
    """A mail program sends `List-Unsubscribe=One-Click` without a token of ours, so no CSRF token is asked: the link is the proof."""
    wish = read_wish(token)
    if wish is None:
        raise Http404
    done = request.method == "POST"
    if done:
        fulfil_wish(wish=wish, now=timezone.now())
    context = {
        "done": done,
        "channel": Channel(wish.channel).label,
        "category": Category(wish.category).label if wish.category else "",
    }
    return render(request, "notifications/unsubscribe.html", context)


unsubscribe.policy = public
unsubscribe.login_required = False
