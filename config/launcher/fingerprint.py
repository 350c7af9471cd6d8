"""Short names for the state of files, to know whether work done from them is still good."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from config.launcher.places import PROJECT

# What shapes the database, below each app's folder.
_SHAPING = (
    "migrations",
    "models",
    "models.py",
    "states",
    "states.py",
    "reference",
    "services/reference",
    "services/reference.py",
    "translation.py",
    "management",
)


def fingerprint(paths: Iterable[Path]) -> str:
    """16 hexadecimal digits that change when a file's name or content changes."""
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file() and path.suffix not in {".pyc", ".mo"}:
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def database_fingerprint(project: Path = PROJECT) -> str:
    """Of everything that migrations, grants, triggers and reference data are made from."""
    paths = [project / "requirements" / "base.txt", *sorted((project / "config" / "postgres").glob("*.sql"))]
    paths += sorted((project / "core").rglob("*.py"))
    for app in sorted(path.parent for path in project.glob("*/apps.py")):
        for part in _SHAPING:
            path = app / part
            paths += [path] if path.is_file() else sorted(path.rglob("*.*"))
    return fingerprint(paths)


def static_fingerprint(project: Path = PROJECT) -> str:
    """Of everything collectstatic collects."""
    return fingerprint([project / "requirements" / "base.txt", *sorted((project / "static").rglob("*"))])
