"""Every kind of page: axe in light and dark, narrow and wide; no sideways scrolling at 320; nothing refused by the CSP.

The pages are found by following links from a few beginnings, one page for each URL name, so a new page is looked at by itself.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from django.utils.translation import override

from config.demo.rows import code_at
from recruitment.services.code import show
from tests.e2e.conftest import BASE
from tests.e2e.hands import sign_in
from tests.e2e.test_accounts import a_number, sign_up_by_phone

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ((1280, "light", STANDARD), (360, "light", STANDARD), (360, "dark", None), (1280, "dark", None))
NOT_PAGES = (".pdf", ".atom", ".xml", ".json", ".csv", ".xlsx", "/files/")
NOT_VISITED = {"account_logout", "posting_short", "root", "evidence", "review_file", "mailbox"}
MOST = 160
PUBLIC = (
    "",
    "jobs/",
    "jobs/?q=xyzxyzxyz",
    f"jobs/{show(code_at(0, seed=1))}/",
    f"jobs/{show(code_at(22, seed=1))}/",
    f"jobs/compare/?code={show(code_at(0, seed=1))}&code={show(code_at(1, seed=1))}",
    f"jobs/kept/?code={show(code_at(0, seed=1))}",
    "check/",
    "check/?q=hai+au+xanh",
    f"check/?q={show(code_at(0, seed=1))}",
    "price/",
    "organizations/",
    "organizations/hai-au-xanh/",
    "organizations/ben-tre/",
    "organizations/hai-au-xanh/sheet/",
    "data/",
    "verify/",
    "verify/ABCD-EFGH/",
    "guide/",
    "design/",
    "design/public/",
    "accounts/login/",
    "accounts/login/?with=password",
    "accounts/signup/",
    "accounts/signup/?by=email",
    "nothing-here/",
)
OWN = (
    "me/",
    "me/notices/",
    "me/notices/choices/",
    "me/push/",
    "me/identity/",
    "accounts/second-factor/",
    "accounts/second-step/",
    "accounts/sessions/",
    "register/",
)
AGENCY = (
    "o/hai-au-xanh/",
    "o/hai-au-xanh/openings/",
    "o/hai-au-xanh/openings/new/",
    "o/hai-au-xanh/keys/",
    "o/hai-au-xanh/reports/",
    "o/hai-au-xanh/reports/openings/",
    "o/hai-au-xanh/reports/schedules/new/openings/",
    "o/hai-au-xanh/webhooks/",
    "accounts/second-step/",
)
REGULATOR = (
    "o/co-quan-mau/",
    "o/co-quan-mau/reviews/",
    "o/co-quan-mau/registers/new/",
    "o/co-quan-mau/oversight/",
    "o/co-quan-mau/reports/regulator_monthly/",
)
WIDE = "document.documentElement.scrollWidth > innerWidth"
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"
OPEN_ALL = "document.querySelectorAll('main details').forEach(box => { box.open = true })"


def kind_of(path: str, language: str) -> str | None:
    """The URL name of a path, with the step of a wizard; None when it is no page of ours."""
    if path.endswith(NOT_PAGES):
        return None
    try:
        with override(language):
            match = resolve(path)
    except Resolver404:
        return None
    name = match.url_name or ""
    steps = [str(match.kwargs[key]) for key in ("step", "verb", "noun") if key in match.kwargs]
    return None if name in NOT_VISITED or path.startswith(("/admin", "/api")) else ":".join([match.view_name, *steps])


def examine(page, beginnings, language: str, *, follow: bool = True, wanted: str = "") -> tuple[list, dict]:
    """(what axe and the ruler found, the address looked at for each kind of page). `wanted`: only follow below this path."""
    found, seen = [], {}
    waiting = [f"/{language}/{rest}" for rest in beginnings]
    first, number = len(waiting), 0
    while number < len(waiting):
        address, number = waiting[number], number + 1
        kind = kind_of(urlsplit(address).path, language)
        if number > first and (kind is None or kind in seen):
            continue
        if len(seen) > MOST:
            break
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        page.goto(address)
        seen.setdefault(kind or address, address)
        found += look_at(page, address)
        if follow:
            links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            paths = [urlsplit(link) for link in links if link.startswith(BASE) and f"/{language}/{wanted}" in link]
            waiting += [part.path + (f"?{part.query}" if part.query else "") for part in paths]
    return found, seen


def look_at(page, address: str) -> list:
    """Violations of this page, opened out, in its four looks, and whether it scrolls sideways at 320."""
    found = []
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE_SCRIPT)
    for width, scheme, tags in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(RUN_AXE, tags or ["cat.color"]):
            if violation["impact"] in ("serious", "critical"):
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                found.append((address, width, scheme, violation["id"], nodes))
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="light")
    if page.evaluate(WIDE):
        found.append((address, 320, "scrolls sideways", page.evaluate(WIDEST)))
    return found


WIDEST = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(box => box.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(box => box.outerHTML.slice(0, 120))"""


def test_public_pages(window):
    page = window(language="vi", bypass_csp=True, refused=True)

    found, seen = examine(page, PUBLIC, "vi")

    assert found == []
    assert {"recruitment:posting_detail", "recruitment:posting_history", "reports:organization_detail"} <= set(seen)


@pytest.mark.parametrize("language", ["id", "en", "ja"])
def test_public_pages_hold_at_320_in_the_other_languages(window, language):
    page = window(width=320, height=640, language=language, refused=True)
    wide = []
    for rest in PUBLIC:
        page.goto(f"/{language}/{rest}")
        page.evaluate(OPEN_ALL)
        if page.evaluate(WIDE):
            wide.append((rest, page.evaluate(WIDEST)))

    assert wide == []


def test_a_persons_own_pages(window):
    page = window(language="vi", bypass_csp=True)
    sign_up_by_phone(page, a_number())

    found, seen = examine(page, OWN, "vi", wanted="accounts/")

    assert found == []
    assert {"me", "recruitment:identity", "usersessions_list", "mfa_add_webauthn"} <= set(seen)


def test_desk_of_an_agency(window):
    page = window(bypass_csp=True)
    sign_in(page, "owner@hai-au-xanh.example", place="/en/o/hai-au-xanh/")

    found, seen = examine(page, AGENCY, "en", wanted="o/hai-au-xanh/")

    assert found == []
    assert {"organizations:people", "recruitment:job_order_detail", "recruitment:job_order_list"} <= set(seen)


def test_desk_of_a_regulator(window):
    page = window(bypass_csp=True)
    sign_in(page, "officer3@co-quan-mau.example", place="/en/o/co-quan-mau/reviews/")

    found, seen = examine(page, REGULATOR, "en", wanted="o/co-quan-mau/")

    assert found == []
    assert {"organizations:review_list", "organizations:register_new"} <= set(seen)
