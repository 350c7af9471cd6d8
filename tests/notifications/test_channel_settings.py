"""Which ways out there are is said by the environment, strictly; production refuses what is for trying out."""

import json
import stat

import pytest
from django.test import override_settings

from config.launcher.keys import push_key
from notifications import channels
from tests.accounts.test_production import production

SHOW = "import json; from config import settings as s; print(json.dumps(s.CHANNELS))"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"CHANNEL_LINE": "notifications.channels.line.mailbox.Transport"}, "The mailbox shows messages to everybody"),
        ({"EMAIL_BACKEND": "notifications.channels.email.mailbox.EmailBackend"}, "The mailbox shows messages to everybody"),
        ({"CHANNEL_LINE": "line"}, "CHANNEL_LINE must be the dotted name"),
        ({"CHANNEL_LINE": "os.system('x')"}, "CHANNEL_LINE must be the dotted name"),
        ({"CHANNEL_SMS": "notifications.channels.sms.transport.Transport"}, "CHANNEL_SMS needs SMS_TRANSPORT"),
        ({"CHANNEL_PUSH": "notifications.channels.push.transport.Transport"}, "CHANNEL_PUSH needs VAPID_KEY_FILE"),
        ({"LOOPBACK_ALLOWED": "1"}, "LOOPBACK_ALLOWED lets strangers' addresses"),
        ({"WEBHOOK_PROXY": "socks5://proxy:1080"}, "WEBHOOK_PROXY must look like"),
    ],
)
def test_production_refuses_channels_that_are_not_safe(environment, sentence):
    said = production("import config.settings", **{"VAPID_KEY_FILE": "", **environment})

    assert said.returncode != 0
    assert sentence in said.stderr


def test_production_has_mail_and_nothing_that_is_not_set_up():
    said = production(SHOW, VAPID_KEY_FILE="")

    assert json.loads(said.stdout) == {
        "email": "notifications.channels.email.transport.Transport",
        **dict.fromkeys(("sms", "push", "line", "zalo", "whatsapp"), ""),
    }


def test_production_takes_what_is_named():
    said = production(
        SHOW,
        SMS_TRANSPORT="notifications.channels.sms.twilio.Transport",
        VAPID_KEY_FILE="key.pem",
        CHANNEL_LINE="notifications.channels.line.transport.Transport",
        CHANNEL_EMAIL="",
    )

    assert json.loads(said.stdout) == {
        "email": "",
        "sms": "notifications.channels.sms.transport.Transport",
        "push": "notifications.channels.push.transport.Transport",
        "line": "notifications.channels.line.transport.Transport",
        "zalo": "",
        "whatsapp": "",
    }


def test_keys_of_a_mail_provider_come_from_files_too(tmp_path):
    (tmp_path / "token").write_text("t0ken\n")

    said = production(
        "from config import settings as s; print(sorted(s.ANYMAIL.items()))",
        ANYMAIL_POSTMARK_SERVER_TOKEN_FILE=str(tmp_path / "token"),
        ANYMAIL_WEBHOOK_SECRET="user:pass",
    )

    expected = [("POSTMARK_SERVER_TOKEN", "t0ken"), ("REQUESTS_TIMEOUT", 10), ("WEBHOOK_SECRET", "user:pass")]
    assert said.stdout.strip() == str(expected)


@override_settings(CHANNELS={"email": "notifications.channels.email.transport.Transport", "sms": ""})
def test_what_is_not_set_up_has_no_transport():
    channels.transport.cache_clear()

    assert channels.open_channels() == ["email"]
    assert type(channels.transport("email")).__name__ == "Transport"
    assert channels.transport("sms") is channels.transport("line") is None
    channels.transport.cache_clear()


def test_the_launcher_makes_a_push_key_for_its_owner_only(tmp_path):
    from config.launcher.keys import kept

    kept(tmp_path / "vapid_key", push_key)

    assert stat.S_IMODE((tmp_path / "vapid_key").stat().st_mode) == 0o600
    assert (tmp_path / "vapid_key").read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_an_account_at_a_messenger_opens_by_https_only():
    said = production(
        "import config.settings", VAPID_KEY_FILE="", LINE_ACCOUNT="@terang", LINE_ACCOUNT_LINK="http://line.example/"
    )

    assert said.returncode != 0
    assert "LINE_ACCOUNT_LINK must begin with https://" in said.stderr
