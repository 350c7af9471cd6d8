"""Writes docs/states.md from the workflow tables; `--check` fails when the file says something else."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.workflow import WORKFLOWS, Workflow

HEAD = """# States

Written by `manage.py draw_states` from the tables in `<app>/states/`. Do not edit; a test compares it with the tables.
PostgreSQL refuses every other change of state by a trigger (`manage.py secure_database`).
"""


def drawing(workflow: Workflow) -> str:
    """One workflow as a heading, a drawing and a table."""
    lines = [f"## {workflow.model._meta.label}", "", "```mermaid", workflow.mermaid(), "```", ""]
    lines += ["| Transition | From | To | Who (policy) | Recorded as |", "|---|---|---|---|---|"]
    for t in workflow.transitions.values():
        sources = ", ".join(sorted(t.sources))
        lines.append(f"| {t.name} | {sources} | {t.target} | `{t.policy.__module__}.{t.policy.__name__}` | `{t.verb.code}` |")
    return "\n".join(lines)


def document() -> str:
    """The whole file."""
    return "\n".join([HEAD, "\n\n".join(drawing(WORKFLOWS[label]) for label in sorted(WORKFLOWS)), ""])


class Command(BaseCommand):
    help = "Draw the states of every workflow into docs/states.md."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the file is stale")

    def handle(self, *, check, **options):
        path = Path(settings.BASE_DIR) / "docs" / "states.md"
        wanted = document()
        if check:
            if not path.exists() or path.read_text() != wanted:
                raise CommandError("docs/states.md is stale: run manage.py draw_states.")
            return
        path.write_text(wanted)
        self.stdout.write(f"{path.name}: {len(WORKFLOWS)} workflows.")
