"""The journeys run in Debian's Chromium against a product of their own (`make e2e`, config/launcher/modes.py)."""

import os

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser of the machine; root cannot use its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": os.environ["CHROMIUM"], "args": [*sandbox, "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Pages are opened by their path: `page.goto("/vi/jobs/")`."""
    return {**browser_context_args, "base_url": os.environ["TERANG_E2E_URL"]}


@pytest.fixture(scope="session")
def chromium(browser):
    """The running browser, for tests that open windows of their own size, colours or language."""
    return browser
