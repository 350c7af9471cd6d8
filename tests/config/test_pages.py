"""The frame of every page: weight, no inline code, languages, errors."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from config.context import in_language, site
from config.design import ExampleForm
from config.templatetags.terang import register

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LANGUAGES = ("vi", "id", "en", "ja")
PAGES = (
    "guide/",
    "guide/paid/",
    "guide/rights/",
    "guide/tests/",
    "about/",
    "costs/",
    "privacy/",
    "accessibility/",
    "design/",
    "design/public/",
)


def weight(text: bytes) -> int:
    return len(gzip.compress(text, 6))


def static(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()


@pytest.fixture
def get():
    """The house's own pages ask the database nothing."""
    return lambda path: Client().get(path)


# -- weight -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("terang.css", 8 * 1024), ("desk.css", 4 * 1024), ("terang.js", 4 * 1024)])
def test_files_stay_inside_their_budget(name, most):
    assert weight(static(name)) <= most


def test_htmx_fits_the_budget_of_the_one_page_that_uses_it():
    assert weight(static("django_htmx/htmx-2.min.js")) <= 20 * 1024


@pytest.mark.parametrize("rest", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_public_page_weighs_at_most_fourteen_kilobytes(get, language, rest):
    answer = get(f"/{language}/{rest}")

    assert answer.status_code == 200
    assert weight(answer.content) + weight(static("terang.css")) <= 14 * 1024


@pytest.mark.django_db
def test_the_start_has_the_check_box_lit_and_weighs_little(get):
    answer = get("/vi/")

    assert answer.status_code == 200
    assert b'class="lift"' in answer.content
    assert weight(answer.content) + weight(static("terang.css")) <= 14 * 1024


def test_a_page_asks_nobody_else_and_has_one_script(get):
    html = get("/vi/design/public/").content.decode()

    assert re.findall(r"<script[^>]*>", html) == ['<script src="/static/terang.js" defer>']
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1|testserver)(?!example\.org)', html)
    assert "@import" not in static("terang.css").decode()
    assert "url(" not in static("terang.css").decode()


# -- nothing inline -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_no_template_has_inline_code_or_style(file):
    text = file.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "json" not in tag]


def test_every_sign_a_template_names_exists():
    files = {file.stem for file in (ROOT / "templates/components/icons").glob("*.svg")}
    named = {name for file in TEMPLATES for name in re.findall(r'\{% icon "(\w+)"', file.read_text(encoding="utf-8"))}

    assert named <= files


# -- languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_its_language_and_its_sisters(get, language):
    html = get(f"/{language}/costs/").content.decode()

    assert f'<html lang="{language}">' in html
    for other in LANGUAGES:
        assert re.search(rf'<link rel="alternate" hreflang="{other}" href="[^"]+/{other}/costs/">', html)
        assert re.search(rf'<a href="/{other}/costs/" lang="{other}" hreflang="{other}"', html)
    assert len(re.findall(r"<h1[ >]", html)) == 1


def test_the_language_menu_keeps_the_question(get):
    html = get("/vi/costs/?q=che+bien&max_cost=2").content.decode()

    assert '<a href="/ja/costs/?q=che+bien&amp;max_cost=2" lang="ja"' in html


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/vi/jobs/", "/ja/jobs/"), ("/vi/", "/ja/"), ("/vi", "/ja/"), ("/admin/", "/ja/"), ("//evil.example/x", "/ja/")],
)
def test_the_same_page_in_another_language(path, expected):
    assert in_language(path, "ja") == expected


@pytest.mark.django_db
def test_only_pages_that_exist_are_linked(get):
    request = RequestFactory().get("/vi/")
    with override("vi"):
        links = site(request)["site"]["links"]
    for address in links.values():
        assert get(address).status_code in (200, 302), address


def test_public_pages_do_not_depend_on_cookies(get):
    answer = get("/vi/about/")

    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies


# -- the title and the summary after a refusal --------------------------------------------------------------------------


def test_a_refused_form_says_so_first_and_beside_each_field():
    form = ExampleForm({"name": "", "held": ["passport"], "when": "a", "payer": "you", "agree": "on"})

    html = render_to_string("allauth/elements/form.html", {"attrs": {"form": form, "method": "post"}, "slots": {}})
    field = render_to_string("allauth/elements/fields.html", {"attrs": {"form": form}})

    assert "There is 1 thing to correct" in html
    assert 'href="#id_name"' in html
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_hint id_name_error"' in field
    assert 'id="id_name_error"' in field
    assert 'value="passport" id="id_held_0" checked' in field


def test_a_refused_list_leads_to_its_first_answer():
    form = ExampleForm({"name": "x", "payer": "you", "agree": "on", "when": "a"})

    html = render_to_string("allauth/elements/form.html", {"attrs": {"form": form}, "slots": {}})

    assert 'href="#id_held_0"' in html


# -- errors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500, 503])
def test_error_pages_stand_without_any_context_and_give_a_number(code, language):
    with override(language):
        html = render_to_string(f"errors/{code}.html", {"incident": "AB12CD", "reason": "<b>"})

    assert "AB12CD" in html
    assert "&lt;b&gt;" in html
    assert f'<html lang="{language}">' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1


def test_the_waiting_time_is_said_in_words():
    assert "in 40 seconds" in render_to_string("errors/429.html", {"wait": 40})
    assert "in 10 minutes" in render_to_string("errors/429.html", {"wait": 600})
    assert "in a few minutes" in render_to_string("errors/429.html", {})


def test_a_page_that_does_not_exist_offers_the_way_back(get):
    answer = get("/id/nothing-here/")

    assert answer.status_code == 404
    assert 'href="/id/"' in answer.content.decode()


@pytest.mark.django_db
def test_the_frame_is_ours_also_around_the_pages_of_a_library(get):
    html = get("/en/accounts/login/").content.decode()

    assert '<p class="demo">' in html
    assert 'href="/en/about/"' in html
    assert '<meta name="robots" content="noindex">' in html


def test_every_tag_filter_and_partial_is_described():
    words = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    names = {*register.tags, *register.filters, *(file.name for file in (ROOT / "templates/components").glob("_*.html"))}

    assert sorted(name for name in names if name not in words) == []
