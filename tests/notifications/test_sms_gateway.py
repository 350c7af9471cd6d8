"""The transport that posts JSON, against a server on this machine."""

import io
import json
import urllib.error
from email.message import Message

import pytest

from notifications.channels.sms.gateway import Transport


@pytest.fixture
def gateway(settings, monkeypatch):
    """Everything that leaves, instead of the network."""
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = "https://sms.example/send", "secret"
    left = []

    def urlopen(request, timeout):
        left.append((request.full_url, request.get_method(), json.loads(request.data), request.headers, timeout))
        if left[-1][2]["text"] == "refuse":
            raise urllib.error.HTTPError(request.full_url, 503, "down", Message(), io.BytesIO())
        answer = io.BytesIO()
        answer.headers = {"X-Message-Id": "m-1"}
        return answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return left


def test_a_message_is_one_post(gateway):
    assert Transport().send("+84912345678", "Mã của bạn: 123456") == "m-1"

    url, method, body, headers, timeout = gateway[0]
    assert (url, method, timeout) == ("https://sms.example/send", "POST", 8)
    assert body == {"to": "+84912345678", "text": "Mã của bạn: 123456"}
    assert headers["Authorization"] == "Bearer secret"


def test_a_refusal_is_an_oserror(gateway):
    with pytest.raises(OSError):
        Transport().send("+84912345678", "refuse")


def test_nothing_leaves_without_encryption(gateway, settings):
    settings.SMS_GATEWAY_URL = "http://sms.example/send"

    with pytest.raises(OSError, match="https"):
        Transport().send("+84912345678", "x")
    assert gateway == []
