"""Every door is tried by everybody."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.table import CAST, parts
from tests.factories.sign_in import signed_in_client

PARTS = parts()
TABLE = {name: (part, row) for part in PARTS for name, row in part.ROWS.items()}


def url_names(resolver=None, prefix=""):
    """Names of all patterns of the URLconf, with their namespaces; unnamed ones by their pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from url_names(entry, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}"


def test_every_url_has_a_row():
    missing = sorted({name for name in url_names() if not name.startswith("admin:")} - set(TABLE))

    assert missing == []


def test_every_row_has_a_url():
    assert sorted(set(TABLE) - set(url_names())) == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__.rsplit(".", 1)[-1])
def test_each_door_answers_each_member_as_written(part, cast):
    prepared = part.prepare(cast) if hasattr(part, "prepare") else SimpleNamespace()
    browsers = {name: Client() if name == "anonymous" else signed_in_client(getattr(cast, name)) for name in CAST}

    answers, expected = {}, {}
    for name, row in part.ROWS.items():
        path = row.path(cast, prepared)
        for member in CAST:
            answers[name, member] = getattr(browsers[member], row.method)(path).status_code
            expected[name, member] = row.expected[member]

    assert {key: got for key, got in answers.items() if got != expected[key]} == {}


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/"])
def test_the_admin_is_for_operators_only(cast, path):
    for name in CAST:
        browser = Client() if name == "anonymous" else signed_in_client(getattr(cast, name))

        status = browser.get(path).status_code

        assert (name, status == 200) == (name, name == "operator")
