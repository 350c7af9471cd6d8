"""Grants by the kind of each table, and the triggers of the workflows. Run by the owner after every migrate; repeatable."""

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connections, transaction

from core.workflow import WORKFLOWS

# kind of table -> {database role: privileges}
GRANTS = {
    "organization": {"app": "select, insert, update, delete", "statistician": "select"},
    "person": {"app": "select, insert, update, delete", "statistician": "select"},
    "reference": {"app": "select", "terang_web": "select", "statistician": "select"},
    "published": {"app": "select", "terang_web": "select", "statistician": "select, insert, update, delete, truncate"},
    "machine": {
        "app": "select, insert, update, delete",
        "terang_web": "select, insert, update, delete",
        "statistician": "select, insert, update",
    },
    "account": {"app": "select, update", "terang_web": "select, insert, update, delete", "statistician": ""},
    "framework": {"app": "", "terang_web": "select, insert, update, delete", "statistician": ""},
}
APPEND_ONLY = "select, insert"
READABLE_BY_APP = {"django_content_type", "account_emailaddress"}


class Command(BaseCommand):
    help = "Apply grants and workflow triggers (owner's connection)."

    def handle(self, **options):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for statement in self.statements():
                cursor.execute(statement)
        self.stdout.write("Grants and triggers are in place.")

    def statements(self):
        yield "grant usage on schema public to app, terang_web, statistician"
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                yield from self._table(model)
        yield "grant select on django_migrations to terang_web"
        yield "grant usage on all sequences in schema public to app, terang_web, statistician"
        for workflow in WORKFLOWS.values():
            yield workflow.trigger_sql()

    def _table(self, model):
        table, kind = model._meta.db_table, getattr(model, "row_kind", "framework")
        yield f'revoke all on "{table}" from app, terang_web, statistician'
        for role, privileges in GRANTS[kind].items():
            if role == "app" and getattr(model, "append_only", False):
                privileges = APPEND_ONLY
            if role == "app" and table in READABLE_BY_APP:
                privileges = "select"
            if privileges:
                yield f'grant {privileges} on "{table}" to {role}'
