"""Feeds of what is public: valid Atom, the filters of the search, and nothing that is stopped."""

import re
import xml.etree.ElementTree as tree
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from core import tenancy
from organizations.models import PublishedOrganization, PublishedPermit
from organizations.services.publication import publish_organization
from tests.factories.organizations import a_permit, an_organization
from tests.factories.recruitment_public import an_agency, an_opening

ATOM = "{http://www.w3.org/2005/Atom}"
JOBS, PERMITS = "/en/jobs/feed.atom", "/en/organizations/feed.atom"


@pytest.fixture(autouse=True)
def nothing_kept(db):
    cache.clear()


@pytest.fixture
def agency():
    return an_agency("hai-au", legal_name="Công ty <Hải Âu> & Con")


def parsed(answer):
    return tree.fromstring(answer.content)  # noqa: S314  (our own feed)


def feed(path, **query):
    answer = Client().get(path, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return parsed(answer)


def texts(root, *path):
    return [node.text for node in root.findall("/".join(f"{ATOM}{name}" for name in path))]


def check_rules(root):
    """What RFC 4287 asks of a feed and its entries."""
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).tzinfo is not None
        assert element.find(f"{ATOM}link").get("href").startswith("http")
    assert root.findall(f"{ATOM}author")
    ids = texts(root, "entry", "id")
    assert len(ids) == len(set(ids))


def test_new_openings_are_told_newest_first(agency):
    first, second = an_opening(*agency), an_opening(*agency)

    root = feed(JOBS)

    check_rules(root)
    assert [text[-9:] for text in texts(root, "entry", "id")] == [str(order) for order in sorted_by_time(first, second)]
    assert "You pay 44,620,000" in texts(root, "entry", "summary")[0].replace("₫", "")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def sorted_by_time(*orders):
    return sorted(orders, key=lambda order: order.published_at, reverse=True)


def test_an_entry_has_the_same_id_in_every_language_and_its_own_page(agency, settings):
    order = an_opening(*agency)

    ids = {texts(feed(f"/{code}/jobs/feed.atom"), "entry", "id")[0] for code in ("vi", "id", "en", "ja")}
    link = feed("/ja/jobs/feed.atom").find(f"{ATOM}entry/{ATOM}link").get("href")

    assert ids == {f"{settings.BASE_URL}/j/{order}"}
    assert link == f"{settings.BASE_URL}/ja/jobs/{order}/"


def test_the_filters_of_the_search_hold(agency):
    cheap = an_opening(*agency, cost=0, take_home=150_000)
    an_opening(*agency)

    assert [text[-9:] for text in texts(feed(JOBS, zero_fee="1"), "entry", "id")] == [str(cheap)]
    assert texts(feed(JOBS, organization="nobody", nonsense="1"), "entry", "id") != []


def test_the_search_page_names_the_feed_of_its_own_question(agency):
    an_opening(*agency)

    page = Client().get("/en/jobs/", {"zero_fee": "1", "sort": "pay"}).content.decode()

    assert re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]+href="/en/jobs/feed.atom\?zero_fee=1"', page)
    directory = Client().get("/en/organizations/").content.decode()
    assert re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]+href="/en/organizations/feed.atom"', directory)


def test_no_more_than_fifty_are_told(agency, monkeypatch):
    monkeypatch.setattr("notifications.views.feed.MOST_ENTRIES", 2)
    for _number in range(3):
        an_opening(*agency)

    assert len(texts(feed(JOBS), "entry", "id")) == 2


def test_openings_of_a_stopped_permit_vanish_also_for_readers_who_ask_by_time_only(agency):
    an_opening(*agency)
    before = Client().get(JOBS)
    assert len(parsed(before).findall(f"{ATOM}entry")) == 1
    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=agency[1].pk).update(open_until=timezone.now() + timedelta(microseconds=1))
        PublishedOrganization.objects.filter(pk=agency[0].pk).update(updated_at=timezone.now() + timedelta(seconds=2))

    by_mark = Client().get(JOBS, headers={"If-None-Match": before["ETag"]})
    by_time = Client().get(JOBS, headers={"If-Modified-Since": before["Last-Modified"]})

    assert [by_mark.status_code, by_time.status_code] == [200, 200]
    assert texts(parsed(by_mark), "entry", "id") == []


def test_nothing_new_is_answered_without_a_body(agency):
    an_opening(*agency)
    first = Client().get(JOBS)

    again = Client().get(JOBS, headers={"If-None-Match": first["ETag"]})
    by_time = Client().get(JOBS, headers={"If-Modified-Since": first["Last-Modified"]})

    assert [(answer.status_code, answer.content) for answer in (again, by_time)] == [(304, b"")] * 2
    assert first["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first


@pytest.mark.parametrize("path", [JOBS, PERMITS])
def test_a_feed_of_nothing_is_a_feed(db, path):
    check_rules(feed(path))


@pytest.mark.parametrize("query", [{"q": "\x00\x01<b>&\ud7ff"}, {"q": "'; drop table --"}, {"after": "x"}, {"max_cost": "NaN"}])
def test_no_question_breaks_the_feed(agency, query):
    check_rules(feed(JOBS, **query))


# -- permits ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(cast):
    """An organization whose permit was suspended, with its public history."""
    agency = an_organization("song-lam", legal_name="Công ty <Sông Lam> & Con")
    permit = a_permit(agency, permit_kind="VN-SERVICE", number="7/GP")
    publish_organization(agency.pk, now=timezone.now())
    lines = [
        {
            "status": "valid",
            "market": "",
            "since": "2026-01-05",
            "until": None,
            "by": "Cục <A>",
            "at": "2026-01-05T03:00:00+00:00",
        },
        {"status": "suspended", "market": "", "since": "2026-11-20", "by": "Cục A", "at": "2026-11-20T03:00:00+00:00"},
    ]
    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=permit.pk).update(history=lines)
    return agency


def test_changes_of_permits_are_told_newest_first(published, settings):
    root = feed(PERMITS)

    check_rules(root)
    assert texts(root, "entry", "title") == [
        "Công ty <Sông Lam> & Con: Permit suspended",
        "Công ty <Sông Lam> & Con: Permit in force",
    ]
    assert texts(root, "entry", "updated") == ["2026-11-20T03:00:00+00:00", "2026-01-05T03:00:00+00:00"]
    assert "Cục &lt;A&gt;" in texts(root, "entry", "summary")[1]
    assert root.find(f"{ATOM}entry/{ATOM}link").get("href") == f"{settings.BASE_URL}/en/organizations/song-lam/"


def test_no_feed_names_a_person_or_a_phone(published, agency):
    an_opening(*agency)

    for path in (JOBS, PERMITS):
        text = " ".join(feed(path).itertext())
        assert not re.search(r"[\w.]+@[\w.]+\.\w+", text)
        assert not re.search(r"\+\d{9,}|\b0\d{8,10}\b", text)
