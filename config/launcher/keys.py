"""Secrets of one place: made once, kept in files of mode 0600, named to the product by path, never by value."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from config.launcher.places import Place


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all, readable by its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`; made by `make` the first time."""
    if not path.exists():
        write_private(path, make() + "\n")
    return path.read_text(encoding="utf-8").strip()


def random_password() -> str:
    return secrets.token_urlsafe(32)


def random_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def push_key() -> str:
    """A P-256 key in PEM, by which push services of browsers know this site."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()


def password(place: Place, role: str) -> str:
    """The password of a database role or of the broker in this place."""
    return kept(place.secrets / f"{role}_password", random_password)


def key_files(place: Place) -> dict[str, str]:
    """Environment that names the product's own keys: SECRET_KEY_FILE, VAULT_KEYS_FILE, LOOKUP_KEY_FILE, VAPID_KEY_FILE."""
    folder = place.secrets
    kept(folder / "secret_key", lambda: secrets.token_urlsafe(64))
    kept(folder / "vault_keys", lambda: f"k1 {random_key()}")
    kept(folder / "lookup_key", random_key)
    kept(folder / "vapid_key", push_key)
    return {
        "SECRET_KEY_FILE": str(folder / "secret_key"),
        "VAULT_KEYS_FILE": str(folder / "vault_keys"),
        "LOOKUP_KEY_FILE": str(folder / "lookup_key"),
        "VAPID_KEY_FILE": str(folder / "vapid_key"),
    }
