"""Shared by all tests."""

# -- the database and the machine (tests/database.py) -------------------------------------------------------------------

from django.conf import settings

from tests.database import committed, django_db_setup, no_network

__all__ = ["committed", "django_db_setup", "no_network"]


def pytest_configure(config):
    """Passwords are hashed fast in tests; the real hasher is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# -- the cast -----------------------------------------------------------------------------------------------------------
