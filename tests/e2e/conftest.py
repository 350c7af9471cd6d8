"""The journeys run in Debian's Chromium against a product of their own (`make e2e`, config/launcher/modes.py).

`window(...)` opens a browser of its own. When the test ends, nothing may have been said on its console, nothing asked of another
host, and no style or script refused.
"""

import os
from pathlib import Path

import pytest

BASE = os.environ.get("TERANG_E2E_URL", "")
LOCALES = {"vi": "vi-VN", "id": "id-ID", "en": "en-GB", "ja": "ja-JP"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser of the machine; root cannot use its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": os.environ["CHROMIUM"], "args": [*sandbox, *quiet]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Pages are opened by their path: `page.goto("/vi/jobs/")`."""
    return {**browser_context_args, "base_url": BASE}


@pytest.fixture(scope="session")
def chromium(browser):
    """The running browser, for tests that open windows of their own size, colours or language."""
    return browser


@pytest.fixture
def window(browser):
    """`window(width=360, script=False, language="vi")` gives a page. `refused=True`: answers of 400 and more are expected."""
    opened = []

    def open_one(*, width=1280, height=800, script=True, language="en", scheme="light", base=BASE, refused=False, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale=LOCALES[language],
            color_scheme=scheme,
            base_url=base,
            **options,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        said, asked = [], []
        context.on(
            "console",
            lambda message: (
                said.append(f"{message.text} {message.location.get('url', '')}") if message.type in ("error", "warning") else None
            ),
        )
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("request", lambda request: asked.append(request.url))
        opened.append((context, said, asked, base, refused))
        return page

    yield open_one
    for context, said, asked, base, refused in opened:
        context.close()
        loud = [text for text in said if not (refused and text.startswith("Failed to load resource"))]
        foreign = [url for url in asked if not url.startswith((base, "data:", "blob:"))]
        assert loud == []
        assert foreign == []


@pytest.fixture
def shot():
    """`shot(page, "j1-search")` keeps a picture of the whole page in var/shots, for people to look at."""
    folder = Path("var/shots")
    folder.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
