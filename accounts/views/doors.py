"""Each page of sign-in says who may open it, as every page of the house does."""

from allauth.core.ratelimit import RateLimited, respond_429
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import never_cache

from core.policies import public, signed_in


def open_door(view):
    """Anybody may open it."""
    view = login_not_required(_polite(view))
    view.policy = public
    return view


def own_door(view):
    """Anybody with an account may open it; it shows their own things only."""
    view = _polite(view)
    view.policy = signed_in
    return view


def _polite(view):
    """Never kept by a browser or proxy; too many tries get the page that says how long to wait."""

    @never_cache
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except RateLimited:
            return respond_429(request)

    return inner
