"""Atom feeds of what is public: new openings (with the filters of the search), and status changes of permits."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import gettext as _

from notifications.selectors.feed import MOST_ENTRIES, StatusChange, changed_at, status_changes
from recruitment.forms.search import read_search
from recruitment.selectors import cards, names, posting, search
from recruitment.views.public import open_to_all, page_mark


class PublicFeed(Feed):
    """Addresses are those of the settings, not of the request; `id`s are the same in every language."""

    feed_type = Atom1Feed
    author_name = "Terang"

    def get_object(self, request, *args, **kwargs) -> dict[str, Any]:
        """What the methods below get: the question, and where it was asked."""
        return {"self": settings.BASE_URL + request.get_full_path(), **self.asked(request)}

    def asked(self, request) -> dict[str, Any]:
        raise NotImplementedError

    def feed_url(self, obj):
        return obj["self"]

    def feed_guid(self, obj):
        return obj["self"]

    def link(self, obj):
        return obj["list"]


class OpeningsFeed(PublicFeed):
    """The newest openings that answer the question of the address."""

    description_template = "notifications/feed_opening.html"

    def asked(self, request):
        asked = read_search(request.GET, names.reference(), organizations=posting.organization_id_of)
        typed = {name: value for name, value in asked.typed.items() if name not in ("sort", "after")}
        query = f"?{urlencode({**typed, 'sort': 'newest'})}"
        question = replace(asked.search, sort="newest", after=None)
        return {"question": question, "list": settings.BASE_URL + reverse("recruitment:posting_search") + query}

    def title(self, obj):
        words = obj["question"].q.strip()
        return _("New openings in Japan: %(words)s – Terang") % {"words": words} if words else _("New openings in Japan – Terang")

    def items(self, obj):
        now = timezone.now()
        question = obj["question"]
        page = search.find(question, search.terms_of(question.q), now=now, size=MOST_ENTRIES)
        return [cards.card(row, today=now.date()) for row in page.rows]

    def item_title(self, item):
        return item["title"]

    def item_link(self, item):
        return settings.BASE_URL + item["url"]

    def item_guid(self, item):
        return f"{settings.BASE_URL}/j/{item['code']}"

    def item_updateddate(self, item):
        return item["published_at"]

    item_pubdate = item_updateddate


class StatusFeed(PublicFeed):
    """Permits that were confirmed, suspended, given back …"""

    description_template = "notifications/feed_status.html"

    def asked(self, request):
        return {"list": settings.BASE_URL + reverse("reports:organization_list")}

    def title(self, obj):
        return _("Permits of organizations: what changed – Terang")

    def items(self, obj):
        return status_changes()

    def item_title(self, item: StatusChange):
        return f"{item.organization.legal_name}: {item.status}"

    def item_link(self, item: StatusChange):
        return settings.BASE_URL + reverse("reports:organization_detail", args=[item.organization.slug])

    def item_guid(self, item: StatusChange):
        return f"{settings.BASE_URL}/organizations/{item.organization.slug}#{item.name}"

    def item_updateddate(self, item: StatusChange):
        return item.at

    item_pubdate = item_updateddate


def _served(feed: PublicFeed):
    """A feed as a page for everybody, answered with 304 while nothing published has changed."""

    @open_to_all
    def view(request):
        now = timezone.now()
        mark, changed = page_mark(request, now), changed_at(now=now)
        conditional = get_conditional_response(request, etag=mark, last_modified=int(changed.timestamp()))
        if conditional is not None:
            return conditional
        response = feed(request)
        response["ETag"], response["Last-Modified"] = mark, http_date(changed.timestamp())
        response["Cache-Control"] = "public, no-cache"
        return response

    return view


openings_feed = _served(OpeningsFeed())
status_feed = _served(StatusFeed())
