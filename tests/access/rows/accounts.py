"""Doors of sign-in and of the person's own desk."""

from types import SimpleNamespace

from tests.access.table import CAST, SIGN_IN, Row, everybody, only, signed_in


def at(path: str, expected: dict[str, int]) -> Row:
    return Row(lambda cast, w: f"/vi/{path}", expected)


def entrance(anonymous: int) -> dict[str, int]:
    """Who is signed in already is sent on."""
    return {**everybody(302), "anonymous": anonymous}


def prepare(cast) -> SimpleNamespace:
    return SimpleNamespace()


ROWS = {
    "account_login": at("accounts/login/", entrance(200)),
    "account_signup": at("accounts/signup/", entrance(200)),
    "account_request_login_code": at("accounts/login/code/", everybody(302)),
    "account_confirm_login_code": at("accounts/login/code/confirm/", everybody(302)),
    "mfa_login_webauthn": at("accounts/login/passkey/", everybody(302)),
    "mfa_authenticate": at("accounts/login/second-step/", everybody(302)),
    "account_verify_phone": at("accounts/phone/verify/", everybody(302)),
    "account_email_verification_sent": at("accounts/confirm-email/", everybody(302)),
    "account_logout": at("accounts/logout/", {**everybody(200), "anonymous": 302}),
    "account_inactive": at("accounts/inactive/", everybody()),
    "account_change_phone": at("accounts/phone/change/", signed_in()),
    "account_email": at("accounts/email/", signed_in()),
    "account_set_password": at("accounts/password/set/", signed_in()),
    "account_change_password": at("accounts/password/change/", everybody(302)),
    "account_reauthenticate": at("accounts/reauthenticate/", {**everybody(403), "anonymous": SIGN_IN}),
    "account_delete": at("accounts/delete/", signed_in()),
    "usersessions_list": at("accounts/sessions/", signed_in()),
    "second_factor": at("accounts/second-factor/", signed_in()),
    "mfa_index": at("accounts/second-step/", signed_in()),
    "mfa_reauthenticate": at("accounts/second-step/check/", {**everybody(403), "anonymous": SIGN_IN}),
    "mfa_activate_totp": at("accounts/second-step/app/add/", signed_in()),
    "mfa_deactivate_totp": at("accounts/second-step/app/remove/", only()),
    "mfa_view_recovery_codes": at("accounts/second-step/recovery/", only()),
    "mfa_generate_recovery_codes": at("accounts/second-step/recovery/new/", signed_in()),
    "mfa_list_webauthn": at("accounts/second-step/passkeys/", signed_in()),
    "mfa_add_webauthn": at("accounts/second-step/passkeys/add/", signed_in()),
    "mfa_reauthenticate_webauthn": at("accounts/second-step/passkeys/check/", {**everybody(403), "anonymous": SIGN_IN}),
    "mfa_remove_webauthn": at("accounts/second-step/passkeys/1/remove/", only()),
    "mfa_edit_webauthn": at("accounts/second-step/passkeys/1/name/", only()),
    "me": at("me/", signed_in()),
    "recruitment:identity": at("me/identity/", signed_in()),
    "mailbox": at("mailbox/", everybody()),
    "mailbox_html": at("mailbox/0/html/", everybody(404)),
}

assert set(CAST) <= set(ROWS["me"].expected)
