"""Language from the address, tenant from the address, a number for every request.

The tenant middleware stands here and not in core because it needs to know organizations and memberships.
"""

import re
import time
import uuid

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import transaction
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.selectors import second_factor
from config import errors
from core import tenancy
from core.policies import ANONYMOUS, Actor, Conflict, StepUpNeeded
from organizations.selectors.membership import member_of_key, membership_of
from organizations.services.api_key import touch_api_key

LANGUAGES = dict(settings.LANGUAGES)
DESK = re.compile(r"^/(?:{})/o/(?P<slug>[-a-zA-Z0-9_]+)/".format("|".join(LANGUAGES)))
API = re.compile(r"^/api/v1/o/(?P<slug>[a-z0-9-]{1,80})/")
PERSON = re.compile(r"^/(?:{})/me/".format("|".join(LANGUAGES)))


class RequestIdMiddleware:
    """Every request has a number; error pages and logs show the same one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex[:12].upper()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Pages need an account unless they say otherwise. Unlike Django's own, it looks at nobody's session for an open
    page, so public pages do not vary by cookie and can be cached."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own; a class of ours so that settings name one place."""


class LanguageMiddleware(LocaleMiddleware):
    """The first part of the path is the language; elsewhere cookie, browser, then Vietnamese."""

    def process_request(self, request):
        super().process_request(request)
        first = request.path_info.split("/", 2)[1] if request.path_info.count("/") else ""
        if first not in LANGUAGES:
            language = preferred_language(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language


def preferred_language(request) -> str:
    """Cookie, then what the browser asks for among ours, then Vietnamese."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in LANGUAGES:
        return cookie
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return "vi"


class PresenceMiddleware:
    """Ends sessions: after 12 hours in any case, after 30 idle minutes for people who worked at a desk.

    It looks only at requests that carry a session, writes once a minute, and lets the list of sessions know.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._presence(request, int(time.time()))
        return self.get_response(request)

    def _presence(self, request, now: int):
        session = request.session
        began, seen = session.setdefault("began_at", now), session.get("seen_at", 0)
        idle = session.get("desk") and now - seen > settings.DESK_IDLE_SECONDS
        if idle or now - began > settings.SESSION_SECONDS:
            logout(request)
            messages.info(request, _("You were signed out, to protect what you work on. Sign in again to go on."))
        elif now - seen > 60:
            session["seen_at"] = now
            UserSession.objects.create_from_request(request)


class TenantMiddleware:
    """`/o/<slug>/` acts for that organization, `/me/` for the person; the page is rendered inside the transaction."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = ANONYMOUS
        request.organization = None
        path = request.path_info
        if api := API.match(path):
            return self._api(request, api["slug"])
        desk = DESK.match(path)
        user = request.user if desk or PERSON.match(path) or settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is None or not user.is_authenticated:
            return self.get_response(request)
        factor, verified_at = second_factor(request)
        request.actor = Actor(user=user, verified_at=verified_at, factor=factor)
        if desk:
            return self._desk(request, user, desk["slug"])
        if PERSON.match(path):
            with tenancy.activate(user.pk):
                return self._inside(request)
        return self.get_response(request)

    def _api(self, request, slug):
        """A key acts as the member who made it, in its own organization only; no session counts here."""
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        found = member_of_key(key) if scheme.lower() == "bearer" and len(key) < 200 else None
        if found is None or found[0].slug != slug:
            return self.get_response(request)
        organization, membership, api_key = found
        request.organization = organization
        request.actor = Actor(user=membership.user, organization=organization, roles=frozenset(membership.roles))
        with tenancy.activate(membership.user_id, organization.pk):
            touch_api_key(api_key=api_key, on=timezone.now().date())
            return self._inside(request)

    def _desk(self, request, user, slug):
        with tenancy.activate(user.pk):
            membership = membership_of(user, slug)
            if membership is None:
                return errors.page(request, 404)
            if request.actor.verified_at is None:
                return redirect(second_factor_url(request))
            request.session["desk"] = True
            request.organization = membership.organization
            request.membership = membership
            request.actor = Actor(
                user=user,
                organization=membership.organization,
                roles=frozenset(membership.roles),
                verified_at=request.actor.verified_at,
                factor=request.actor.factor,
            )
            with tenancy.activate(user.pk, membership.organization_id):
                return self._inside(request)

    def _inside(self, request):
        response = self.get_response(request)
        if getattr(request, "_roll_back", False):
            transaction.set_rollback(True)
        return response

    def process_exception(self, request, exception):
        if tenancy.current() is not None:
            request._roll_back = True
        if isinstance(exception, Conflict):
            return errors.page(request, 409, reason=exception.reason)
        if isinstance(exception, StepUpNeeded) and request.user.is_authenticated:
            return redirect(second_factor_url(request, step=1))
        return None


def second_factor_url(request, **extra) -> str:
    """Where a second factor is shown, and back to this page."""
    place = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return f"{reverse('second_factor')}?{urlencode({'next': place, **extra})}"
