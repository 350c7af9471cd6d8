"""The laws of the house that import-linter cannot see (architecture, section 17)."""

import ast
import subprocess
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "organizations", "recruitment", "grievances", "returnees", "training", "notifications", "reports")
TOP_LEVEL = {*APPS, "core", "config", "tests", "bench"}
QUERY_ROOMS = ("models", "selectors", "services", "channels", "management", "migrations")
WRITE_ROOMS = ("services", "models", "channels", "management", "migrations")
WRITERS = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.relative_to(ROOT)


def room(relative: Path) -> str:
    return relative.parts[1].removesuffix(".py") if len(relative.parts) > 1 else ""


def test_no_further_top_level_package():
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")}

    assert packages - TOP_LEVEL == set()


def test_no_module_is_longer_than_600_lines():
    long = {
        str(rel): n
        for path, rel in sources(*TOP_LEVEL)
        if (n := len(path.read_text().splitlines())) > 600 and "migrations" not in rel.parts
    }

    assert long == {}


def test_queries_begin_only_behind_the_doorways():
    found = []
    for path, relative in sources(*APPS):
        if room(relative) in QUERY_ROOMS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "reachable", "_base_manager", "_default_manager"):
                found.append(f"{relative}:{node.lineno}")

    assert found == []


def test_only_services_write():
    found = []
    for path, relative in sources(*APPS):
        if room(relative) in WRITE_ROOMS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITERS
                and _is_row(node.func.value)
            ):
                found.append(f"{relative}:{node.lineno} .{node.func.attr}()")

    assert found == []


def _is_row(value: ast.AST) -> bool:
    """`form.save`-like and dict.update calls are told apart from rows: a chain through a manager, or .save()/.delete() of a name."""
    if isinstance(value, ast.Attribute) and value.attr in ("objects", "reachable"):
        return True
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and _is_row(value.func.value)


def test_no_state_is_assigned_outside_the_workflow():
    found = []
    for path, relative in sources(*APPS):
        if room(relative) in ("models", "migrations"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [f"{relative}:{t.lineno}" for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]

    assert found == []


def url_patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from url_patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


@pytest.mark.parametrize(
    "pattern",
    [p for p in url_patterns() if not p.callback.__module__.startswith(("allauth", "drf_spectacular", "django."))],
    ids=str,
)
def test_every_view_says_who_may(pattern):
    view = pattern.callback
    policy = getattr(view, "policy", None) or getattr(
        getattr(view, "view_class", None) or getattr(view, "cls", None), "policy", None
    )

    assert policy is not None


def test_no_template_carries_inline_script_or_style():
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        found += [
            str(path.relative_to(ROOT))
            for bad in (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:")
            if bad in text
        ]

    assert found == []


def test_no_path_of_a_machine_or_registry_stands_in_the_tree():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    bad = []
    for name in listed:
        path = ROOT / name
        if path.suffix in {".png", ".ttf", ".pdf", ".svg"} or not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text(errors="ignore")
        bad += [name for word in (f"{ROOT}/", "files.pythonhosted.org", "pypi.org/simple") if word in text]

    assert bad == []
