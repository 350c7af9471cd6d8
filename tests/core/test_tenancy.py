"""PostgreSQL refuses what we forget. Each trap of the architecture (T1 to T10) has its test here."""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from core import events, tenancy
from core.models import Event
from organizations.models import Membership, Organization, Permit, PermitChange, Representative
from tests.factories.organizations import a_member, a_permit, an_organization

TENANT_KINDS = ("organization", "person")


def tenant_models():
    return [m for m in apps.get_models() if getattr(m, "row_kind", "") in TENANT_KINDS]


@pytest.fixture
def two(db):
    """Two organizations, each with a member and a permit."""
    a, b = an_organization("a-one"), an_organization("b-two")
    return {
        "a": a,
        "b": b,
        "a_member": a_member(a, "owner"),
        "b_member": a_member(b, "owner"),
        "a_permit": a_permit(a, permit_kind="VN-SERVICE"),
        "b_permit": a_permit(b, permit_kind="VN-SERVICE"),
    }


def test_tests_run_as_a_login_that_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls, rolinherit, "
            "(select count(*) from pg_class where relowner = pg_roles.oid) from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("terang_web", False, False, False, 0)


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_tenant_table_has_a_forced_policy():
    with connections["owner"].cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind = 'r' and relrowsecurity and relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'organization_id'"
        )
        with_tenant = {name for (name,) in cursor.fetchall()}
    open_kinds = {m._meta.db_table for m in apps.get_models() if getattr(m, "row_kind", "") in ("published", "machine")}

    assert {m._meta.db_table for m in tenant_models()} - forced == set()
    assert with_tenant - forced - open_kinds == set()


def test_a_plain_session_of_the_login_role_sees_no_tenant_table(two):
    for model in tenant_models():
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'select count(*) from "{model._meta.db_table}"')


def test_the_app_role_without_a_tenant_sees_nothing_in_any_tenant_table(two):
    with tenancy.activate(), connection.cursor() as cursor:
        for model in tenant_models():
            cursor.execute(f'select count(*) from "{model._meta.db_table}"')

            assert (model._meta.db_table, cursor.fetchone()[0]) == (model._meta.db_table, 0)


def test_a_fresh_connection_outside_django_sees_nothing(two):
    target = connections["default"].settings_dict
    url = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(
        host=url.hostname, port=url.port, user=url.username, password=url.password, dbname=target["NAME"], autocommit=True
    ) as session:
        session.execute("set role app")

        assert session.execute("select count(*) from organizations_membership").fetchone() == (0,)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_is_guarded_too(two):
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from organizations_permit")

        assert cursor.fetchone()[0] == 0


def test_only_own_rows_are_seen_even_by_raw_sql(two):
    with two["a_member"].active(), connection.cursor() as cursor:
        cursor.execute("select organization_id from organizations_permit")

        assert cursor.fetchall() == [(two["a"].pk,)]
        assert list(Permit.objects.all()) == [two["a_permit"]]


def test_asking_without_an_organization_is_loud(two):
    with pytest.raises(tenancy.NoTenant):
        Permit.objects.count()
    with tenancy.activate(two["a_member"].user.pk), pytest.raises(tenancy.NoTenant):
        Permit.objects.count()


def test_a_row_for_another_organization_is_refused(two):
    with two["a_member"].active(), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Representative.objects.create(organization=two["b"], name="X")


def test_another_organizations_row_cannot_be_changed_or_deleted(two):
    with two["a_member"].active():
        assert Permit.reachable.filter(pk=two["b_permit"].pk).update(number="X") == 0
        assert Permit.reachable.filter(pk=two["b_permit"].pk).delete()[0] == 0


def point_at_a_foreign_permit(two):
    with two["a_member"].active(), connection.cursor() as cursor:
        PermitChange.objects.create(
            organization=two["a"],
            permit_id=two["b_permit"].pk,
            status_id="valid",
            since="2026-01-01",
            source="review",
            decided_by_name="X",
            at=timezone.now(),
        )
        cursor.execute("set constraints all immediate")


def test_a_child_cannot_point_at_another_organizations_parent(two):
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        point_at_a_foreign_permit(two)


def test_the_outer_tenant_is_back_after_a_nested_one(two):
    with two["a_member"].active():
        with tenancy.activate(two["b_member"].user.pk, two["b"].pk):
            assert [p.organization_id for p in Permit.objects.all()] == [two["b"].pk]

        assert [p.organization_id for p in Permit.objects.all()] == [two["a"].pk]


def test_the_outer_tenant_is_back_after_an_error_in_a_nested_one(two):
    with two["a_member"].active():
        with pytest.raises(RuntimeError), tenancy.enter(two["b"].pk):
            raise RuntimeError

        assert [p.organization_id for p in Permit.objects.all()] == [two["a"].pk]


def test_nothing_is_left_on_the_connection_afterwards(two):
    with two["a_member"].active():
        pass

    with connection.cursor() as cursor:
        cursor.execute("select current_user, nullif(current_setting('app.organization', true), '')")
        assert cursor.fetchone() == ("terang_web", None)
    assert tenancy.current() is None


def test_a_person_sees_own_memberships_before_choosing_an_organization(two):
    with tenancy.activate(two["a_member"].user.pk):
        assert [m.organization_id for m in Membership.reachable.all()] == [two["a"].pk]
        assert list(Organization.objects.all()) == [two["a"]]


def test_the_statistician_reads_all_and_writes_no_tenant_row(two):
    with tenancy.publishing():
        assert Permit.reachable.count() == 2
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Permit.reachable.update(number="X")


def test_the_postman_reaches_marked_tables_and_no_other_tenant_row(two):
    marked = {model for model in tenant_models() if getattr(model, "posted", False)}
    manager = {model: getattr(model, "reachable", model.objects) for model in tenant_models()}

    with tenancy.posting():
        for model in tenant_models():
            if model in marked:
                assert manager[model].count() == 0
            else:
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    manager[model].count()

    assert marked


def test_the_app_role_cannot_become_the_statistician_by_inheritance(db):
    with connection.cursor() as cursor:
        cursor.execute("select pg_has_role('app', 'statistician', 'member'), pg_has_role('terang_web', 'app', 'usage')")
        assert cursor.fetchone() == (False, False)


def test_reading_pages_cannot_write(two):
    with two["a_member"].active():
        with pytest.raises(DatabaseError, match="read-only"), tenancy.read_only():
            Permit.objects.update(number="X")

        assert Permit.objects.update(number="Y") == 1


def test_the_event_log_cannot_be_changed(two):
    with two["a_member"].active():
        event = Event.objects.create(
            at=timezone.now(), organization=two["a"], verb="x", subject_type="x", subject_id=1, actor=two["a_member"].user
        )
        for statement in ("update core_event set verb = 'y'", "delete from core_event", "truncate core_event"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

        assert list(Event.objects.all()) == [event]


def test_an_event_is_invisible_to_the_rival(two):
    verb = next(iter(events.VERBS.values()))
    with two["a_member"].active():
        events.record(verb, subject=two["a_permit"], actor=two["a_member"].actor(), now=timezone.now())

    with two["b_member"].active():
        assert Event.objects.count() == 0
    with two["a_member"].active():
        assert Event.objects.count() == 1


def test_runtime_roles_cannot_switch_the_guard_off(two):
    with two["a_member"].active():
        for statement in (
            "alter table organizations_permit disable row level security",
            "drop policy organizations_permit_tenant on organizations_permit",
            "create table x (id int)",
        ):
            with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
                connection.cursor().execute(statement)


def test_list_queries_keep_their_index_under_the_policy(two):
    with two["a_member"].active(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain select * from organizations_permit where organization_id = %s", [two["a"].pk])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index" in plan
    assert "InitPlan" in plan
