"""`manage.py rotate_keys`: every tenant's rows, every column, and the key file."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core import tenancy, vault
from core.vault import Context
from organizations.models import Evidence
from recruitment.models import Worker
from tests.factories.organizations import a_member, an_organization

ONE = Context("test", "1")


@pytest.fixture
def rows(db, keys):
    """A sealed file of two organizations, a worker's identity and a person's phone number, all under the key k1."""
    for slug in ("hoa-sen", "bien-xanh"):
        organization = an_organization(slug)
        owner = a_member(organization, "owner")
        with owner.active():
            Evidence.objects.create(
                organization=organization,
                purpose="permit",
                stored_name="0" * 32,
                size=1,
                wrapped_key=vault.seal_record({"a": slug}, context=ONE).wrapped_key,
                uploaded_by=owner.user,
            )
    worker = a_member(None)
    with worker.active():
        Worker.objects.create(user=worker.user, wrapped_key=vault.seal_record({"a": "x"}, context=ONE).wrapped_key)
    sealed = vault.seal_record({"phone": "+84912345678"}, context=ONE)
    User.objects.filter(pk=worker.user.pk).update(
        phone_hash=b"x", phone_sealed=sealed.fields["phone"], phone_key=sealed.wrapped_key
    )
    return worker.user


def run(**options):
    out = StringIO()
    call_command("rotate_keys", stdout=out, stderr=out, **options)
    return out.getvalue().splitlines()


def test_every_tenants_rows_move_to_the_new_key(rows, keys):
    lines = run(new="k2", batch=1)

    assert lines == ["k2 is the current key.", "4 values re-wrapped with k2.", "k2: 4"]
    with tenancy.publishing():
        assert {frozenset(vault.key_ids(key)) for key in Evidence._base_manager.values_list("wrapped_key", flat=True)} == {
            frozenset({"k2"})
        }
    rows.refresh_from_db()
    opened = vault.open_text(rows.phone_sealed, field="phone", wrapped_key=rows.phone_key, context=ONE)
    assert opened == "+84912345678"


def test_running_again_changes_nothing(rows, keys):
    run(new="k2")

    assert run() == ["0 values re-wrapped with k2.", "k2: 4"]


def test_status_only_counts(rows, keys):
    vault.add_key(keys, "k2")

    assert run(status=True) == ["k1: 4"]


def test_a_retired_key_is_gone_from_the_file(rows, keys):
    run(new="k2", retire="k1")

    assert "k1" not in keys.read_text()
    assert run() == ["0 values re-wrapped with k2.", "k2: 4"]


def test_a_key_in_use_is_not_retired(rows, keys):
    vault.add_key(keys, "k2")

    with pytest.raises(CommandError, match="k1 still wraps 4 values"):
        run(status=True, retire="k1")

    assert "k1" in keys.read_text()


def test_a_damaged_value_is_reported_and_left(rows, keys):
    User.objects.filter(pk=rows.pk).update(phone_key=b"TK\x01\x01 damaged")
    vault.add_key(keys, "k2")

    with pytest.raises(CommandError, match="1 values cannot be opened"):
        run()

    assert run(status=True) == ["damaged: 1", "k2: 3"]
    rows.refresh_from_db()
    assert bytes(rows.phone_key) == b"TK\x01\x01 damaged"


def test_a_key_id_that_exists_is_refused(rows, keys):
    with pytest.raises(CommandError, match="k1"):
        run(new="k1")


def test_keys_of_another_service_are_not_made_here(rows, settings):
    settings.VAULT_KEY_SERVICE = "tests.core.test_vault_keys.RemoteKeyService"

    with pytest.raises(CommandError, match="key service"):
        run(new="k2")
