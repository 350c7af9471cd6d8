"""What the product imports is what its image installs; every locked package has hashes; no address of an index is written."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config.launcher.places import PROJECT

LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))
# Needed only where the launcher finds servers: looked up by name, never imported.
OURS = {path.parent.name for path in PROJECT.glob("*/__init__.py")}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(path):
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==", path.read_text(encoding="utf-8"), re.M)}


def imported(folder):
    """Top-level names imported anywhere in the Python files of `folder`, functions included."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.split(".")[0])
    return names - OURS - set(sys.stdlib_module_names)


def test_everything_the_product_imports_is_in_its_image():
    providers = packages_distributions()
    apps = [path.parent for path in PROJECT.glob("*/apps.py")]
    wanted = set().union(*(imported(app) for app in apps))

    missing = {
        name for name in wanted if locked(PROJECT / "requirements" / "base.txt").isdisjoint(map(normal, providers.get(name, [])))
    }

    assert missing == set()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_hash_and_nothing_names_an_index(path):
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

    assert lines
    assert [line for line in lines if "--hash=sha256:" not in line or "==" not in line] == []
    assert re.findall(r"https?:|file:|--index|--find-links", text) == []


def test_the_lists_grow_from_product_to_developer():
    base, run, dev = (locked(PROJECT / "requirements" / f"{name}.txt") for name in ("base", "run", "dev"))

    assert base < run < dev
    assert {path.name for path in map(Path, LOCKS)} == {"base.txt", "run.txt", "dev.txt"}
