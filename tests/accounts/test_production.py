"""What production says and refuses, asked of the settings themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]


def production(code: str, **environment) -> subprocess.CompletedProcess:
    """Python under production settings without servers."""
    given = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    asked = [str(ROOT / "bin/with-settings"), "env", *(f"{k}={v}" for k, v in environment.items()), sys.executable, "-c", code]
    return subprocess.run(asked, env=given, cwd=ROOT, capture_output=True, text=True, check=False)


def test_cookies_of_production_are_bound_to_the_host():
    code = (
        "from config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.MAILBOX, s.SECURE_HSTS_SECONDS,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, getattr(s, 'SESSION_COOKIE_DOMAIN', None), getattr(s, 'SESSION_COOKIE_PATH', '/'))"
    )

    said = production(code)

    assert said.stdout.strip() == "__Host-session __Host-csrf True True True True True Lax False 63072000 False None /"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PHONE_SIGN_IN": "1"}, "SMS_TRANSPORT must name a real transport"),
        ({"PHONE_SIGN_IN": "1", "SMS_TRANSPORT": "notifications.channels.sms.mailbox.Transport"}, "SMS_TRANSPORT must name"),
        ({"MAILBOX": "1"}, "MAILBOX shows one-time codes"),
        ({"SECRET_KEY_FILE": "", "SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
    ],
)
def test_production_refuses_what_is_not_safe(environment, sentence):
    said = production("import config.settings", **environment)

    assert said.returncode != 0
    assert sentence in said.stderr


def test_production_starts_with_a_transport_of_its_own():
    said = production(
        "from config import settings as s; print(*sorted(s.ACCOUNT_LOGIN_METHODS))", PHONE_SIGN_IN="1", SMS_TRANSPORT="a.b.C"
    )

    assert said.stdout.split() == ["email", "phone"]


def test_without_phones_people_sign_in_by_email(db, settings):
    settings.PHONE_SIGN_IN = False
    settings.ACCOUNT_LOGIN_METHODS = {"email"}
    settings.ACCOUNT_SIGNUP_FIELDS = ["email*"]

    body = Client().get("/en/accounts/signup/").content.decode()
    refused = Client().post("/en/accounts/login/", {"login": "+84912345678"})

    assert 'name="email"' in body
    assert "Use a phone number instead" not in body
    assert refused.status_code == 200


def test_pages_carry_the_headers_that_protect_them(db):
    answer = Client().get("/en/accounts/login/")

    policy = {part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "camera=()" in answer["Permissions-Policy"]
