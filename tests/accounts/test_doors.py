"""Each page of sign-in answers what the table says; what allauth offers besides does not exist here."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.access.rows import accounts as rows
from tests.access.table import CAST
from tests.factories.sign_in import signed_in_client


def test_the_pages_answer_each_member_as_written(cast):
    browsers = {name: Client() if name == "anonymous" else signed_in_client(getattr(cast, name)) for name in CAST}

    wrong = {
        (name, member): status
        for name, row in rows.ROWS.items()
        for member in CAST
        if (status := browsers[member].get(row.path(cast, None)).status_code) != row.expected[member]
    }

    assert wrong == {}


@pytest.mark.parametrize(
    "name",
    ["account_reset_password", "account_signup_by_passkey", "mfa_signup_webauthn", "mfa_download_recovery_codes", "mfa_trust"],
)
def test_what_nobody_needs_does_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_inactive", "mailbox"])
def test_open_pages_wear_the_frame_of_the_house(db, language, name):
    from django.utils.translation import override

    with override(language):
        body = Client().get(reverse(name)).content.decode()

    assert f'<html lang="{language}"' in body
    assert body.count("<h1") == 1
    assert 'name="robots" content="noindex"' in body
    assert "style=" not in body
