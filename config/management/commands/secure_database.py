"""Grants by the kind of each table, and the triggers of the workflows. Run by the owner after every migrate; repeatable."""

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connections, transaction

from core.workflow import WORKFLOWS

# kind of table -> {database role: privileges}; a model with `posted = True` also opens to the postman.
GRANTS = {
    "organization": {"app": "select, insert, update, delete", "statistician": "select"},
    "person": {"app": "select, insert, update, delete", "statistician": "select"},
    "reference": {"app": "select", "terang_web": "select", "statistician": "select", "postman": "select"},
    "published": {"app": "select", "terang_web": "select", "statistician": "select, insert, update, delete, truncate"},
    "machine": {
        "app": "select, insert, update, delete",
        "terang_web": "select, insert, update, delete",
        "statistician": "select, insert, update",
        "postman": "select, insert, update, delete",
    },
    "account": {"app": "select, update", "terang_web": "select, insert, update, delete", "postman": "select"},
    "framework": {"terang_web": "select, insert, update, delete"},
}
APPEND_ONLY = "select, insert"
POSTED = "select, insert, update, delete"
ROLES = "app, terang_web, statistician, postman"
READABLE = {"django_content_type": ("app",), "account_emailaddress": ("app", "postman")}


class Command(BaseCommand):
    help = "Apply grants and workflow triggers (owner's connection)."

    def handle(self, **options):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for statement in self.statements():
                cursor.execute(statement)
        self.stdout.write("Grants and triggers are in place.")

    def statements(self):
        yield f"grant usage on schema public to {ROLES}"
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                yield from self._table(model)
        yield "grant select on django_migrations to terang_web"
        yield f"grant usage on all sequences in schema public to {ROLES}"
        for workflow in WORKFLOWS.values():
            yield workflow.trigger_sql()

    def _table(self, model):
        table, kind = model._meta.db_table, getattr(model, "row_kind", "framework")
        yield f'revoke all on "{table}" from {ROLES}'
        for role, privileges in GRANTS[kind].items():
            if getattr(model, "append_only", False) and "update" in privileges and role in ("app", "statistician"):
                privileges = APPEND_ONLY
            yield f'grant {privileges} on "{table}" to {role}'
        if getattr(model, "posted", False):
            yield f'grant {POSTED} on "{table}" to postman'
        for role in READABLE.get(table, ()):
            yield f'grant select on "{table}" to {role}'
