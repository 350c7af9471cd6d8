"""The routing table is complete, its templates speak four languages, and what must not leave does not."""

import importlib
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import resolve
from django.utils import translation

from core.events import VERBS
from notifications import routing
from notifications.models import Category
from notifications.routing.route import Route
from notifications.services.rendering import outgoing, words
from tests.architecture.test_house import APPS

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROUTES = [row for code in sorted(routing.verbs()) for row in routing.routes_of(code)]
CHANNELS = ("email", "sms", "push", "line")


def known_verbs():
    for app in APPS:
        if importlib.util.find_spec(f"{app}.events") and apps.is_installed(app):
            package = importlib.import_module(f"{app}.events")
            for path in getattr(package, "__path__", ()):
                for module in importlib.resources.files(package.__name__).iterdir() if path else ():
                    if module.name.endswith(".py") and module.name != "__init__.py":
                        importlib.import_module(f"{app}.events.{module.name[:-3]}")
    return {code for code in VERBS if not code.startswith("test")}


def test_every_verb_has_a_routing_decision_and_no_row_names_an_unknown_verb():
    known = known_verbs()

    assert (sorted(known - routing.verbs()), sorted(routing.verbs() - known)) == ([], [])


def test_every_quiet_row_says_why():
    assert [row.verb for row in routing.ROWS if isinstance(row, routing.Nobody) and len(row.why) < 20] == []


def test_no_verb_is_both_told_and_silent():
    silent = {row.verb for row in routing.ROWS if isinstance(row, routing.Nobody)}

    assert silent & routing.told_verbs() == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(routing.samples()))
def test_every_kind_has_words(kind, language):
    sample = routing.samples()[kind]

    said = words(kind, sample["data"], organization="Hoa Sen", language=language)

    assert said.subject
    assert said.text
    assert len(said.subject) <= 150
    assert not re.search(r"\{\{|\{%|None|\bcode\b ", said.subject + said.text)


@pytest.mark.parametrize("kind", sorted(routing.samples()))
def test_no_kind_says_the_same_in_two_languages(kind):
    sample = routing.samples()[kind]

    said = {language: words(kind, sample["data"], language=language).text for language in LANGUAGES}

    assert len(set(said.values())) == len(LANGUAGES)


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.verb}-{row.name}")
def test_every_row_leads_to_a_page(row):
    path = row.path.format_map({"slug": "hoa-sen", "subject": 7, **row.sample})

    with translation.override("vi"):
        assert resolve(f"/vi/{path}")


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.verb}-{row.name}")
def test_every_name_fits_where_a_fanout_keeps_it(row):
    assert len(row.name) <= 80
    assert len(f"{2**63}:{row.kind}") <= 120
    assert row.category in Category.values


def test_a_row_cannot_stand_twice():
    with pytest.raises(ValueError, match="stands in the table twice"):
        routing.add(routing.routes_of("permit.expired")[0])


def test_a_discreet_row_lies_among_the_messages():
    with pytest.raises(ValueError, match="messages"):
        Route("test.x", "neutral", lambda event, after, limit: [], Category.COMPANY, discreet=True)


FORBIDDEN = ("Hoa Sen", "GR-7KQ3XF", "grievance", "complaint", "wage", "khiếu nại", "pengaduan", "苦情", "/o/", "reports")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("discreet", [True, False])
def test_nothing_of_a_discreet_notice_leaves_the_house(channel, language, discreet):
    """The templates of a kind that names everything it should not: `permit_status` with telling data."""
    said = outgoing(
        "permit_status",
        {"permit": "GR-7KQ3XF grievance complaint wage", "status": "suspended", "market": "JP"},
        category=Category.MESSAGES,
        discreet=discreet,
        organization="Hoa Sen",
        language=language,
        channel=channel,
        link=f"https://terang.example/{language}/me/notices/",
    )

    everything = f"{said.subject} {said.text} {said.html}".lower()
    assert [word for word in FORBIDDEN if word.lower() in everything] == []
    assert words("neutral", {}, language=language).subject == said.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", sorted(set(routing.samples()) - {"digest"}))
def test_a_private_person_finds_no_topic_on_a_locked_screen(kind, channel, language):
    sample = routing.samples()[kind]
    neutral = words("neutral", {}, language=language)

    said = outgoing(
        kind,
        sample["data"],
        category=sample["category"],
        discreet=False,
        organization="",
        language=language,
        channel=channel,
        link="https://terang.example/x/",
    )

    assert said.subject == neutral.subject
    if channel == "sms":
        assert said.text == f"Terang: {neutral.subject} https://terang.example/x/"
    if channel in ("push", "line"):
        assert said.text == neutral.text


def test_a_legal_mail_says_why_it_cannot_be_switched_off_and_another_how():
    legal = outgoing("permit_expired", {"permit": "1"}, category="legal", discreet=False, organization="X", language="en",
                     channel="email", link="https://x.example/", unsubscribe="")  # fmt: skip
    usual = outgoing("member_left", {}, category="company", discreet=False, organization="X", language="en", channel="email",
                     link="https://x.example/", unsubscribe="https://x.example/stop/")  # fmt: skip

    assert "cannot be switched off" in legal.text
    assert "cannot be switched off" in legal.html
    assert "https://x.example/stop/" in usual.text
    assert 'href="https://x.example/stop/"' in usual.html


def test_what_somebody_is_called_cannot_become_markup():
    said = outgoing("permit_expired", {"permit": "<b>1"}, category="legal", discreet=False, organization="<i>X", language="en",
                    channel="email", link="https://x.example/?a=1&b=2")  # fmt: skip

    assert "<b>1" in said.text
    assert "<b>1" not in said.html
    assert "<title>&lt;i&gt;X" in said.html


def test_the_frames_of_a_mail_exist():
    assert get_template("notifications/messages/_mail.txt")
    assert get_template("notifications/messages/_mail.html")
