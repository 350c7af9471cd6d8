"""Browsers that are signed in."""

import time

from django.test import Client

from tests.factories.organizations import Member


def signed_in_client(member: Member, *, factor: bool = True, age: float = 0.0) -> Client:
    """A client with this person's session; a second factor was shown `age` seconds ago unless `factor` is False."""
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = [{"method": "code", "at": time.time() - age}]
    if factor:
        shown.append({"method": "mfa", "at": time.time() - age, "type": "totp", "id": member.user.pk})
    session = client.session
    session["account_authentication_methods"] = shown
    session["account_authentication_methods_user"] = str(member.user.pk)
    session.save()
    return client
