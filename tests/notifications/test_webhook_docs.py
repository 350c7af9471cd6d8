"""What docs/webhooks.md tells partners is run here: the Python and the JavaScript of the page, and its list of facts."""

import hashlib
import hmac
import json
import re
import subprocess
import time
from pathlib import Path

import playwright
import pytest
from django.utils.html import escape

from notifications.selectors.webhook import HEARABLE
from notifications.services.webhook_delivery import BACKOFF, signature
from notifications.views.guide import in_words

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"
NODE = Path(playwright.__file__).parent / "driver" / "node"
SECRET, BODY = "whsec_test", '{"id":"1","event":"job_order.published","name":"Trần"}'


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]


def verify(secret: str, header: str, body: bytes) -> bool:
    """The page's own Python."""
    room: dict = {}
    exec(block("python"), room)  # noqa: S102  (our own documentation)
    return room["is_from_terang"](secret, header, body)


def in_javascript(secret: str, header: str, body: str) -> bool:
    program = f"{block('javascript')}\nconsole.log(isFromTerang({json.dumps(secret)}, {json.dumps(header)}, {json.dumps(body)}));"
    said = subprocess.run([NODE, "--input-type=module", "-e", program], capture_output=True, text=True, timeout=20, check=True)
    return said.stdout.strip() == "true"


@pytest.fixture(params=["python", "javascript"])
def checks(request):
    if request.param == "python":
        return lambda secret, header, body: verify(secret, header, body.encode())
    return in_javascript


def signed(*, at=None, secrets=(SECRET,)):
    return signature(list(secrets), int(time.time() if at is None else at), BODY)


def test_a_true_message_is_taken(checks):
    assert checks(SECRET, signed(), BODY)


def test_either_secret_is_taken_while_it_changes(checks):
    assert checks(SECRET, signed(secrets=["whsec_new", SECRET]), BODY)
    assert checks(SECRET, signed(secrets=[SECRET, "whsec_old"]), BODY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_other"},
        {"body": BODY + " "},
        {"header": signed(at=time.time() - 900)},
        {"header": signed(at=time.time() + 900)},
        {"header": ""},
        {"header": "t=,v1="},
        {"header": f"t={int(time.time())}"},
        {"header": signed().replace("v1=", "v0=")},
        {"header": "t=1e9,v1=" + "0" * 64},
    ],
)
def test_anything_else_is_refused(checks, wrong):
    given = {"secret": SECRET, "header": signed(), "body": BODY, **wrong}

    assert checks(given["secret"], given["header"], given["body"]) is False


def test_the_signature_is_the_one_of_the_page():
    expected = hmac.new(b"whsec_test", f"1764300000.{BODY}".encode(), hashlib.sha256).hexdigest()

    assert signature([SECRET], 1764300000, BODY) == f"t=1764300000,v1={expected}"


@pytest.mark.parametrize("language", ["json", "python", "javascript"])
def test_the_site_shows_the_code_of_the_page(client, db, language):
    shown = client.get("/id/webhooks/").content.decode()

    assert f'<pre class="listing" lang="en">{escape(block(language))}</pre>' in shown


def test_both_pages_say_when_it_is_tried_again(client, db):
    waits = ["10 seconds", "1 minute", "5 minutes", "30 minutes", "2 hours", "6 hours", "24 hours"]

    assert [in_words(int(wait.total_seconds())) for wait in BACKOFF] == waits
    assert ", ".join(waits) in client.get("/en/webhooks/").content.decode()
    assert "10 seconds, 1 minute, 5 minutes, 30 minutes, 2 hours, 6 hours and 24\n  hours" in PAGE.read_text(encoding="utf-8")


def test_the_site_lists_every_fact(client, db):
    shown = client.get("/en/webhooks/").content.decode()

    assert re.findall(r"<li><code>([a-z_]+\.[a-z_]+)</code>: \w", shown) == list(HEARABLE)


def test_the_page_lists_every_fact_and_no_other():
    listed = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(HEARABLE)
