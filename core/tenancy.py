"""Who is looking, and at whose rows.

PostgreSQL guards every tenant table with a forced policy that compares one column with one setting (one equality keeps the
index). `activate` opens a transaction, switches from the login role, which owns nothing, to the role `app`, and sets the two
settings for that transaction only. Forgetting it is "permission denied", not a leak.

Row-level security guards against our mistakes. It is no wall against injected SQL or a stolen database password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

APP = "app"
STATISTICIAN = "statistician"
POSTMAN = "postman"
NOBODY = "none"


class NoTenant(RuntimeError):
    """A tenant's rows were asked for while no organization was active."""


@dataclass(frozen=True)
class Tenancy:
    """The active user and organization (ids or None) and the database role."""

    user_id: int | None = None
    organization_id: int | None = None
    role: str = APP


_active: ContextVar[Tenancy | None] = ContextVar("tenancy", default=None)


def current() -> Tenancy | None:
    """The active tenancy, or None outside `activate`."""
    return _active.get()


def current_organization_id() -> int:
    """The id of the active organization. Raises NoTenant when there is none."""
    tenancy = _active.get()
    if tenancy is None or tenancy.organization_id is None:
        raise NoTenant("No organization is active: open core.tenancy.activate(organization_id=…) first.")
    return tenancy.organization_id


@contextmanager
def activate(
    user_id: int | None = None,
    organization_id: int | None = None,
    *,
    role: str = APP,
    using: str = DEFAULT_DB_ALIAS,
) -> Iterator[Tenancy]:
    """Open a transaction in which this user and organization are the ones PostgreSQL's policies see.

    Nests: the outer role and settings are put back on the way out. After an exception the rollback does it.
    """
    outer = _active.get()
    inner = Tenancy(user_id, organization_id, role)
    with transaction.atomic(using=using):
        _apply(inner, using)
        token = _active.set(inner)
        try:
            yield inner
        finally:
            _active.reset(token)
        if not connections[using].needs_rollback:
            _apply(outer or Tenancy(role=NOBODY), using)


@contextmanager
def enter(organization_id: int) -> Iterator[Tenancy]:
    """Deliver a decision into another organization's rows, inside the caller's transaction.

    For services only, after the policy said yes: a regulator decides in its own rows and the decision is applied in the
    rows of the organization it is about. The acting user stays the same.
    """
    outer = _active.get()
    with activate(outer.user_id if outer else None, organization_id) as tenancy:
        yield tenancy


@contextmanager
def publishing() -> Iterator[Tenancy]:
    """The publishing job's view: reads every organization's rows and is the only writer of published ones."""
    with activate(role=STATISTICIAN) as tenancy:
        yield tenancy


@contextmanager
def posting() -> Iterator[Tenancy]:
    """The delivery's view: notices and deliveries of everybody, and the addresses they go to. No other tenant's rows."""
    with activate(role=POSTMAN) as tenancy:
        yield tenancy


@contextmanager
def read_only(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A part of a transaction in which PostgreSQL refuses every write; PostgreSQL lifts it with the savepoint."""
    with transaction.atomic(using=using):
        connections[using].cursor().execute("set transaction read only")
        yield


def _apply(tenancy: Tenancy, using: str) -> None:
    """Role and settings in one statement, for this transaction only."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('app.user', %s, true), set_config('app.organization', %s, true)",
            [tenancy.role, str(tenancy.user_id or ""), str(tenancy.organization_id or "")],
        )


class TenantManager(models.Manager):
    """Rows of the active organization; loud when there is none."""

    def get_queryset(self):
        return super().get_queryset().filter(organization_id=current_organization_id())


class ReachableManager(models.Manager):
    """Rows that PostgreSQL lets the caller reach: the own ones and those a granted policy opens. Never for lists."""

    def get_queryset(self):
        if _active.get() is None:
            raise NoTenant("Nobody is active: open core.tenancy.activate(…) first.")
        return super().get_queryset()


def _setting(name: str) -> str:
    """Read once per statement; the setting is '' and not NULL after an earlier transaction."""
    return f"(select nullif(current_setting('{name}', true), '')::bigint)"


ACTIVE_ORGANIZATION = _setting("app.organization")
ACTIVE_USER = _setting("app.user")


class SqlConstraint(BaseConstraint):
    """A piece of schema that Django has no word for, created and dropped with its table by migrations."""

    def _sql(self, model) -> tuple[str, str]:
        raise NotImplementedError

    def _statement(self, sql, model):
        return Statement(sql.replace("%", "%%").replace("{table}", "%(table)s"), table=Table(model._meta.db_table, _quote))

    def create_sql(self, model, schema_editor):
        return self._statement(self._sql(model)[0], model)

    def remove_sql(self, model, schema_editor):
        return self._statement(self._sql(model)[1], model)

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """PostgreSQL decides; there is nothing to ask beforehand."""

    def __eq__(self, other):
        return type(other) is type(self) and other.deconstruct() == self.deconstruct()

    __hash__ = BaseConstraint.__hash__


def _quote(name: str) -> str:
    return f'"{name}"'


class TenantPolicy(SqlConstraint):
    """Rows belong to one organization: one equality, forced, for reading and writing; the statistician reads all."""

    column = "organization_id"
    active = ACTIVE_ORGANIZATION

    def __init__(self, *, name, column=None):
        super().__init__(name=name)
        self.column = column or self.column

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        if self.column != type(self).column:
            kwargs["column"] = self.column
        return path, args, kwargs

    def _sql(self, model):
        rule = f"{self.column} = {self.active}"
        create = (
            "alter table {table} enable row level security; alter table {table} force row level security; "
            f'create policy "{self.name}" on {{table}} to app using ({rule}) with check ({rule}); '
            f'create policy "{self.name}_stat" on {{table}} for select to statistician using (true)'
        )
        drop = (
            f'drop policy if exists "{self.name}" on {{table}}; drop policy if exists "{self.name}_stat" on {{table}}; '
            "alter table {table} no force row level security; alter table {table} disable row level security"
        )
        return create, drop


class OwnPolicy(TenantPolicy):
    """Rows belong to one person: the same guard, by the active user."""

    column = "user_id"
    active = ACTIVE_USER


class PostmanPolicy(SqlConstraint):
    """Rows that the delivery of messages reads and writes for everybody, beside their own policy."""

    def _sql(self, model):
        create = f'create policy "{self.name}" on {{table}} to {POSTMAN} using (true) with check (true)'
        return create, f'drop policy if exists "{self.name}" on {{table}}'


class GrantedPolicy(SqlConstraint):
    """Opens single rows for reading when `exists` holds: SQL of a sub-select that may name {table} and {organization}, {user}."""

    def __init__(self, *, name, exists):
        super().__init__(name=name)
        self.exists = exists

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "exists": self.exists}

    def _sql(self, model):
        rule = self.exists.replace("{organization}", ACTIVE_ORGANIZATION).replace("{user}", ACTIVE_USER)
        create = f'create policy "{self.name}" on {{table}} for select to app using (exists ({rule}))'
        return create, f'drop policy if exists "{self.name}" on {{table}}'


class TenantForeignKey(SqlConstraint):
    """A child and its parent belong to the same organization: foreign keys alone ignore policies."""

    def __init__(self, *, name, field):
        super().__init__(name=name)
        self.field = field

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def _sql(self, model):
        column = model._meta.get_field(self.field).column
        parent = model._meta.get_field(self.field).remote_field.model
        create = (
            f'alter table {{table}} add constraint "{self.name}" foreign key (organization_id, "{column}") '
            f'references "{parent._meta.db_table}" (organization_id, id) deferrable initially deferred'
        )
        return create, f'alter table {{table}} drop constraint if exists "{self.name}"'
