"""Keys for the tests that seal."""

import base64

import pytest

from core import vault


@pytest.fixture
def keys(tmp_path, settings):
    """A key file with one key, and a lookup key, in a fresh folder. Value: the path of the key file."""
    path = tmp_path / "vault_keys"
    vault.add_key(path, "k1")
    lookup = tmp_path / "lookup_key"
    lookup.write_text(base64.b64encode(bytes(range(32))).decode())
    settings.VAULT_KEYS_FILE, settings.LOOKUP_KEY_FILE = str(path), str(lookup)
    settings.VAULT_KEY_SERVICE = "core.vault.FileKeyService"
    return path
