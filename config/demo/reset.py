"""Taking the demo world away: only rows of demo organizations and demo accounts, by the owner, in one transaction.

The owner is bound by the policies like everybody else (they are forced), and sees no tenant row. So the force is lifted for the
length of this transaction; the tables are locked meanwhile, and nobody else can read past the policies.
"""

from django.apps import apps
from django.db import connections, transaction

from core.files import FileMissing, discard
from core.models import OrganizationRow

_PUBLISHED = (
    (
        "recruitment_publishedversion",
        "code in (select code from recruitment_publishedposting where organization_id = any(%(ids)s))",
    ),
    ("recruitment_publishedopening", "organization_id = any(%(ids)s)"),
    ("recruitment_publishedposting", "organization_id = any(%(ids)s)"),
    ("organizations_publishedcontact", "organization_id = any(%(ids)s)"),
    ("organizations_publishedpermit", "organization_id = any(%(ids)s)"),
    ("organizations_publishedorganization", "organization_id = any(%(ids)s)"),
    ("organizations_jurisdiction", "regulator_id = any(%(ids)s)"),
    ("reports_figurerelease", "is_demo"),
    ("reports_reportseal", "is_demo"),
)
# What anybody was told about demo organizations; a person's own rows go with the account.
_TOLD = (
    ("notifications_delivery", "notice_id in (select id from notifications_notice where organization_id = any(%(ids)s))"),
    ("notifications_notice", "organization_id = any(%(ids)s)"),
    ("notifications_fanout", "organization_id = any(%(ids)s) or person_id = any(%(users)s)"),
)
# Demo organizations; those that a demo account works for; those that a demo regulator checked. They live in one world.
_WORLD = """
    select id from organizations_organization where is_demo union
    select m.organization_id from organizations_membership m join accounts_user u on u.id = m.user_id where u.is_demo union
    select r.subject_organization_id from organizations_review r join organizations_organization o on o.id = r.organization_id
    where o.is_demo
"""
_FREE_WORDS = "not exists (select 1 from recruitment_publishedopening)"


def is_empty() -> bool:
    """Whether there is no demo organization (asked of the owner's connection: demo accounts say it)."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select exists (select 1 from accounts_user where is_demo)")
        return not cursor.fetchone()[0]


def remove_demo() -> int:
    """Delete the demo world. Returns how many organizations there were."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        tables = ["organizations_organization", "core_event", *_tenant_tables(), *_person_tables()]
        for table in tables:
            cursor.execute(f'alter table "{table}" no force row level security')
        cursor.execute("set local statement_timeout = 0")
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
        cursor.execute(_WORLD)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("select id from accounts_user where is_demo")
        users = [row[0] for row in cursor.fetchall()]
        names = _delete(cursor, ids, users)
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f'alter table "{table}" force row level security')
    for name in names:
        _discard(name)
    return len(ids)


def _delete(cursor, ids: list[int], users: list[int]) -> list[str]:
    """Returns the names of stored files whose rows are gone."""
    values = {"ids": ids, "users": users}
    cursor.execute("select stored_name from organizations_evidence where organization_id = any(%(ids)s)", values)
    names = [row[0] for row in cursor.fetchall()]
    for table, condition in _PUBLISHED:
        cursor.execute(f"delete from {table} where {condition}", values)  # noqa: S608 (names of this file)
    cursor.execute(f"delete from recruitment_publishedword where {_FREE_WORDS}")  # noqa: S608
    cursor.execute("delete from recruitment_publishedfacet")
    cursor.execute(
        "delete from core_effect where event_id in (select id from core_event where organization_id = any(%(ids)s))", values
    )
    cursor.execute("delete from core_outbox where organization_id = any(%(ids)s) or user_id = any(%(users)s)", values)
    cursor.execute("delete from core_event where organization_id = any(%(ids)s) or person_id = any(%(users)s)", values)
    for table, condition in _TOLD:
        cursor.execute(f"delete from {table} where {condition}", values)  # noqa: S608 (names of this file)
    for table in _tenant_tables():
        cursor.execute(f'delete from "{table}" where organization_id = any(%(ids)s)', values)  # noqa: S608
    cursor.execute("delete from organizations_organization where id = any(%(ids)s)", values)
    for table, column in _account_tables():
        cursor.execute(f'delete from "{table}" where "{column}" = any(%(users)s)', values)  # noqa: S608
    cursor.execute("delete from accounts_user where id = any(%(users)s)", values)
    return names


def _tenant_tables() -> list[str]:
    """Tables of organization rows, children before their parents (the constraints are deferred, but not all of them)."""
    models = [model for model in apps.get_models() if issubclass(model, OrganizationRow)]
    ordered: list = []
    while models:
        used = {
            field.related_model for model in models for field in model._meta.concrete_fields if field.related_model is not model
        }
        free = [model for model in models if model not in used] or models[:1]
        ordered += free
        models = [model for model in models if model not in free]
    return [model._meta.db_table for model in ordered]


def _person_tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "row_kind", "") == "person"]


def _account_tables() -> list[tuple[str, str]]:
    """Tables of sign-in that hold rows of one person."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("account", "mfa", "usersessions", "accounts") or getattr(model, "row_kind", "") == "person":
            found += [
                (model._meta.db_table, field.column)
                for field in model._meta.concrete_fields
                if field.is_relation and field.related_model and field.related_model._meta.label == "accounts.User"
            ]
    return found


def _discard(name: str) -> None:
    try:
        discard(name)
    except (FileMissing, FileNotFoundError):
        return
