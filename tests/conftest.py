"""Shared by all tests."""

# -- the database and the machine (tests/database.py) -------------------------------------------------------------------

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from organizations.services.api_key import create_api_key
from tests.database import committed, django_db_setup, english, no_network
from tests.factories.organizations import Member, a_member, a_user, an_organization, appoint
from tests.factories.sign_in import signed_in_client

__all__ = ["committed", "django_db_setup", "english", "no_network"]


def pytest_configure(config):
    """Passwords are hashed fast in tests; the real hasher is slow on purpose. Nothing is collected, but the folder is there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


# -- the cast -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db):
    """A worker, her agency and its people, a rival agency, two officers of the regulator, an NGO, an operator, a stranger."""
    agency = an_organization("hoa-sen")
    rival = an_organization("bien-xanh")
    regulator = an_organization("co-quan", kind="regulator")
    ngo = an_organization("mai-nha", kind="ngo_partner")
    appoint(regulator, country="VN", permit_kind="VN-SERVICE")
    return SimpleNamespace(
        agency=agency,
        rival=rival,
        regulator=regulator,
        ngo=ngo,
        worker=a_member(None, name="Nguyễn Thị Ánh"),
        agency_owner=a_member(agency, "owner"),
        agency_recruiter=a_member(agency, "recruiter"),
        agency_viewer=a_member(agency, "viewer"),
        rival_owner=a_member(rival, "owner"),
        officer_one=a_member(regulator, "officer"),
        officer_two=a_member(regulator, "officer"),
        regulator_owner=a_member(regulator, "owner"),
        caseworker=a_member(ngo, "caseworker"),
        operator=Member(a_user("Operator", is_staff=True, is_superuser=True)),
    )


@pytest.fixture
def client_for():
    """`client_for(member)`: a browser signed in as this person, with a second factor shown just now (or `factor=False`)."""
    return signed_in_client


@pytest.fixture
def anonymous(db):
    return Client()


@pytest.fixture
def api_key():
    """`api_key(member)`: a fresh key of this person's organization."""

    def make(member):
        with member.active():
            return create_api_key(organization=member.organization, name="Test", actor=member.actor(), now=timezone.now())[1]

    return make
