"""Who may open: recipients, the key file, rotation, and destruction for good."""

import base64

import pytest
from nacl.public import PrivateKey

from core import vault
from core.vault import Context, Recipient, Shredded, WrongKey

pytestmark = pytest.mark.usefixtures("keys")

WORKER = Context("recruitment.Worker", "WK-7KQ3XF", version=3)
CANARY = "Nguyễn Thị Ánh khai báo nộp 182.000.000 đồng"


# -- recipients -----------------------------------------------------------------------------------------------------


def test_a_holder_opens_and_the_platform_cannot(settings):
    """The web process may write what it can never read: no key service is asked at all."""
    settings.VAULT_KEYS_FILE = "/nonexistent"
    holder = PrivateKey.generate()
    sealed = vault.seal_record({"story": CANARY}, context=WORKER, recipients=[Recipient.holder(bytes(holder.public_key))])

    opened = vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=WORKER, identity=bytes(holder))

    assert opened == {"story": CANARY}
    with pytest.raises(WrongKey):
        vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=WORKER)


def test_several_recipients_open_and_a_stranger_does_not():
    first, second, stranger = (PrivateKey.generate() for _ in range(3))
    recipients = [Recipient.platform(), *(Recipient.holder(bytes(key.public_key)) for key in (first, second))]

    sealed = vault.seal_record({"story": "x"}, context=WORKER, recipients=recipients)

    for identity in (None, bytes(first), bytes(second)):
        assert vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=WORKER, identity=identity) == {
            "story": "x"
        }
    for identity in (bytes(stranger), b"short"):
        with pytest.raises(WrongKey):
            vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=WORKER, identity=identity)
    assert vault.recipients_of(sealed.wrapped_key) == recipients


def test_reassignment_seals_to_another_holder_by_one_who_can_open():
    old, new = PrivateKey.generate(), PrivateKey.generate()
    sealed = vault.seal_record({"a": "x"}, context=WORKER, recipients=[Recipient.holder(bytes(old.public_key))])

    moved = vault.rewrap(sealed.wrapped_key, [Recipient.holder(bytes(new.public_key))], identity=bytes(old))

    assert vault.open_record(sealed.fields, wrapped_key=moved, context=WORKER, identity=bytes(new)) == {"a": "x"}
    with pytest.raises(WrongKey):
        vault.open_record(sealed.fields, wrapped_key=moved, context=WORKER, identity=bytes(old))


def test_reseal_keeps_the_readers_and_changes_the_key():
    holder = PrivateKey.generate()
    old = vault.seal_record({"a": "1"}, context=WORKER, recipients=[Recipient.holder(bytes(holder.public_key))])

    new = vault.reseal_record({"a": "2"}, context=WORKER, like=old.wrapped_key)

    assert vault.recipients_of(new.wrapped_key) == vault.recipients_of(old.wrapped_key)
    assert vault.unwrap(new.wrapped_key, bytes(holder)) != vault.unwrap(old.wrapped_key, bytes(holder))


def test_a_public_key_has_thirty_two_bytes():
    with pytest.raises(ValueError):
        Recipient.holder(b"short")


# -- rotation and destruction ---------------------------------------------------------------------------------------


def test_rotation_moves_to_the_new_key_without_touching_data(keys):
    sealed = vault.seal_record({"name": CANARY}, context=WORKER)
    alone = vault.seal("x", context=WORKER)
    vault.add_key(keys, "k2")

    fresh, fresh_alone = vault.rotate(sealed.wrapped_key), vault.rotate(alone)
    vault.remove_key(keys, "k1")

    assert vault.key_ids(fresh) == vault.key_ids(vault.wrapped_key_in(fresh_alone)) == {"k2"}
    assert vault.open_record(sealed.fields, wrapped_key=fresh, context=WORKER) == {"name": CANARY}
    assert vault.open_sealed(fresh_alone, context=WORKER) == "x"
    assert fresh_alone.endswith(alone[-200:])


def test_rotation_leaves_current_values_and_holders_alone(keys):
    holder = PrivateKey.generate()
    recipients = [Recipient.platform(), Recipient.holder(bytes(holder.public_key))]
    mixed = vault.wrap(bytes(32), recipients)
    outside = vault.wrap(bytes(32), recipients[1:])

    assert vault.rotate(mixed) == mixed
    vault.add_key(keys, "k2")
    assert vault.rotate(outside) == outside
    assert vault.rotate(vault.shred()) == vault.shred()
    assert vault.unwrap(vault.rotate(mixed), bytes(holder)) == bytes(32)


def test_old_values_still_open_before_they_are_rotated(keys):
    sealed = vault.seal("x", context=WORKER)

    vault.add_key(keys, "k2")

    assert vault.open_sealed(sealed, context=WORKER) == "x"


def test_a_shredded_record_never_opens():
    sealed = vault.seal_record({"name": CANARY}, context=WORKER)

    with pytest.raises(Shredded):
        vault.open_record(sealed.fields, wrapped_key=vault.shred(), context=WORKER)


def test_retiring_the_key_makes_old_backups_unreadable(keys):
    """TM33: after erasure, rotation and retirement, a backup of the erased row opens no more; live rows do."""
    erased, live = (vault.seal_record({"name": CANARY}, context=WORKER) for _ in range(2))
    backup_of_erased = erased.wrapped_key
    vault.add_key(keys, "k2")
    live_key = vault.rotate(live.wrapped_key)

    vault.remove_key(keys, "k1")

    assert vault.open_record(live.fields, wrapped_key=live_key, context=WORKER) == {"name": CANARY}
    with pytest.raises(WrongKey):
        vault.open_record(erased.fields, wrapped_key=backup_of_erased, context=WORKER)


def test_is_wrapped_knows_what_rotation_concerns():
    sealed = vault.seal_record({"name": "x"}, context=WORKER)

    assert vault.is_wrapped(sealed.wrapped_key)
    assert vault.is_wrapped(memoryview(vault.seal("x", context=WORKER)))
    assert not vault.is_wrapped(sealed.fields["name"])
    assert not vault.is_wrapped(b"")
    assert not vault.is_wrapped(None)


# -- the key file ---------------------------------------------------------------------------------------------------


def test_a_new_key_file_is_private_and_the_newest_key_is_current(keys):
    vault.add_key(keys, "k2")

    assert keys.stat().st_mode & 0o777 == 0o600
    assert vault.key_service().current() == "k2"


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "k1\n", "k1 short\n", "k1 ####\n", "K1 " + base64.b64encode(bytes(32)).decode(), "é é\n"],
)
def test_a_damaged_key_file_is_said(keys, text):
    keys.write_text(text)

    with pytest.raises(vault.KeyUnavailable):
        vault.seal("x", context=WORKER)


def test_a_missing_key_file_is_said(settings):
    for path in ("", "/nonexistent/keys"):
        settings.VAULT_KEYS_FILE = path
        with pytest.raises(vault.KeyUnavailable):
            vault.seal("x", context=WORKER)


def test_key_ids_are_new_and_the_current_key_stays(keys):
    for kid in ("k1", "K2", "a b", ""):
        with pytest.raises(ValueError):
            vault.add_key(keys, kid)
    with pytest.raises(ValueError):
        vault.remove_key(keys, "k1")


class RemoteKeyService:
    """Stands for a key service elsewhere: three methods, no file."""

    def current(self):
        return "remote-1"

    def wrap(self, data_key):
        return "remote-1", bytes(byte ^ 0x5A for byte in data_key)

    def unwrap(self, kid, sealed):
        return bytes(byte ^ 0x5A for byte in sealed)


def test_another_key_service_is_named_by_dotted_path(settings):
    settings.VAULT_KEY_SERVICE = f"{__name__}.RemoteKeyService"

    sealed = vault.seal("x", context=WORKER)

    assert vault.key_ids(vault.wrapped_key_in(sealed)) == {"remote-1"}
    assert vault.open_sealed(sealed, context=WORKER) == "x"
