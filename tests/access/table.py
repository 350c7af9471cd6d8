"""The access table: every URL × every member of the cast → the status it must get.

Rows live in `tests/access/rows/<part>.py`, each with `ROWS: dict[url name, Row]` and, where addresses need things to exist,
`prepare(cast) -> SimpleNamespace`, which the row's `path` gets as its second argument. A URL without a row fails the build.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from tests.access import rows

CAST = (
    "anonymous",
    "worker",
    "agency_owner",
    "agency_recruiter",
    "agency_viewer",
    "rival_owner",
    "officer_one",
    "caseworker",
    "operator",
)
SIGN_IN = 302  # sent to the sign-in page


@dataclass(frozen=True)
class Row:
    """`path(cast, prepared)` gives the address; `expected` the status for each member of the cast."""

    path: Callable[[SimpleNamespace, SimpleNamespace], str]
    expected: dict[str, int]
    method: str = "get"

    def __post_init__(self):
        missing = set(CAST) - set(self.expected)
        if missing:
            raise ValueError(f"No expectation for {sorted(missing)}")


def everybody(status: int = 200) -> dict[str, int]:
    """The same answer for all, with or without an account."""
    return dict.fromkeys(CAST, status)


def signed_in(status: int = 200) -> dict[str, int]:
    """Anybody with an account; others are sent to sign in."""
    return {**everybody(status), "anonymous": SIGN_IN}


def only(*members: str, status: int = 200, others: int = 404, **exceptions: int) -> dict[str, int]:
    """These members; the others get 404 (they may not know it exists), strangers are sent to sign in."""
    return {**everybody(others), "anonymous": SIGN_IN, **dict.fromkeys(members, status), **exceptions}


AGENCY = ("agency_owner", "agency_recruiter", "agency_viewer")


def parts():
    """Every rows module."""
    return [importlib.import_module(f"tests.access.rows.{module.name}") for module in pkgutil.iter_modules(rows.__path__)]
