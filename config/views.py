"""Doors of the house itself: the start, health, robots, security contact."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from config.middleware import preferred_language
from core.models import Outbox
from core.policies import public
from notifications.selectors.dead import dead_letters
from recruitment.selectors import cards
from recruitment.views.public import published_page


def door(view):
    """Mark a plain view as open to everybody."""
    view = login_not_required(view)
    view.policy = public
    return view


@door
def root(request):
    response = redirect(f"/{preferred_language(request)}/")
    response["Vary"] = "Cookie, Accept-Language"
    return response


@door
def home(request):
    """The start: check box, doors, the newest openings. Published rows only."""
    now = timezone.now()

    def build():
        return {"newest": cards.newest(now=now), "opening_count": cards.how_many(now=now)}

    return published_page(request, "pages/home.html", build, now=now)


@door
def healthz(request):
    """The process is alive; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@door
def readyz(request):
    """Database answers, migrations are applied. Redis is not asked: the site works without it."""
    checks = {"database": _database(), "migrations": _migrated()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return True
    except Exception:
        return False


def _migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        return False


@door
def metrics(request):
    """For the operator's collector, with a token."""
    token = settings.METRICS_TOKEN
    if not token or not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponseForbidden("forbidden", content_type="text/plain")
    waiting = Outbox.objects.filter(state=Outbox.PENDING).count()
    dead = Outbox.objects.filter(state=Outbox.DEAD).count()
    own = f'# TYPE terang_outbox gauge\nterang_outbox{{state="pending"}} {waiting}\nterang_outbox{{state="dead"}} {dead}\n'
    own += "# TYPE terang_dead_letters gauge\n"
    own += "".join(f'terang_dead_letters{{kind="{kind}"}} {number}\n' for kind, number in dead_letters().items())
    return HttpResponse(generate_latest() + own.encode(), content_type=CONTENT_TYPE_LATEST)


@door
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /*/o/",
        "Disallow: /*/me/",
        "Disallow: /*/accounts/",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@door
def security_txt(request):
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {settings.SECURITY_TXT_EXPIRES}",
        "Preferred-Languages: en, vi, id, ja",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
