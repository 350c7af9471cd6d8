"""The vault: what is stored says nothing, opens only where it belongs, and can be destroyed."""

import base64
import io
import json
import quopri
import random
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from core import vault
from core.vault import Context, Tampered
from core.vault.records import subkey

WORKER = Context("recruitment.Worker", "WK-7KQ3XF", version=3)
pytestmark = pytest.mark.usefixtures("keys")

CANARY = "Nguyễn Thị Ánh khai báo nộp 182.000.000 đồng"


# -- fields ---------------------------------------------------------------------------------------------------------


def test_seal_record_opens_with_the_same_context():
    sealed = vault.seal_record({"name": CANARY, "photo": b"\x00\xff"}, context=WORKER)

    opened = vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=WORKER)

    assert opened == {"name": CANARY, "photo": b"\x00\xff"}


def test_open_text_gives_text_and_refuses_bytes():
    sealed = vault.seal_record({"name": "Ánh", "photo": b"x"}, context=WORKER)

    assert vault.open_text(sealed.fields["name"], field="name", wrapped_key=sealed.wrapped_key, context=WORKER) == "Ánh"
    with pytest.raises(TypeError):
        vault.open_text(sealed.fields["photo"], field="photo", wrapped_key=sealed.wrapped_key, context=WORKER)


def test_stored_values_may_come_back_as_memoryviews():
    sealed = vault.seal_record({"name": "Ánh"}, context=WORKER)

    name = vault.open_field(
        memoryview(sealed.fields["name"]), field="name", wrapped_key=memoryview(sealed.wrapped_key), context=WORKER
    )

    assert name == "Ánh"


def test_two_seals_of_the_same_text_differ():
    first, second = (vault.seal_record({"name": "same"}, context=WORKER) for _ in range(2))

    assert first.fields["name"][4:] != second.fields["name"][4:]
    assert first.wrapped_key != second.wrapped_key


@pytest.mark.parametrize("value", [None, 5, 1.5, ["a"]])
def test_only_text_and_bytes_can_be_sealed(value):
    with pytest.raises(TypeError):
        vault.seal_record({"name": value}, context=WORKER)


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=5000),
    data=st.binary(max_size=5000),
    record=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    version=st.integers(0, 10**6),
)
def test_round_trip_of_anything(text, data, record, version):
    context = Context(record, "x", version)

    sealed = vault.seal_record({"text": text, "data": data}, context=context)

    opened = vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=context)
    assert opened == {"text": text, "data": data}
    assert vault.open_sealed(vault.seal(text, context=context), context=context) == text


@pytest.mark.parametrize(
    "context",
    [
        Context("recruitment.Worker", "WK-OTHER", 3),
        Context("recruitment.Offer", "WK-7KQ3XF", 3),
        Context("recruitment.Worker", "WK-7KQ3XF", 2),
        Context("recruitment.Worker", "WK-7KQ3XF", 4),
        Context("recruitment.WorkerW", "K-7KQ3XF", 3),
    ],
    ids=["another row", "another kind", "older version", "newer version", "shifted border"],
)
def test_another_context_does_not_open(context):
    sealed = vault.seal_record({"name": CANARY}, context=WORKER)

    with pytest.raises(Tampered):
        vault.open_record(sealed.fields, wrapped_key=sealed.wrapped_key, context=context)


def test_swapping_two_rows_is_detected():
    """TM07: the ciphertexts of two rows exchanged by hand, with and without their wrapped keys."""
    one, two = Context("recruitment.Worker", "A"), Context("recruitment.Worker", "B")
    first, second = vault.seal_record({"name": "one"}, context=one), vault.seal_record({"name": "two"}, context=two)

    for wrapped_key in (first.wrapped_key, second.wrapped_key):
        with pytest.raises(Tampered):
            vault.open_field(second.fields["name"], field="name", wrapped_key=wrapped_key, context=one)


def test_swapping_two_fields_of_one_row_is_detected():
    sealed = vault.seal_record({"name": "Ánh", "village": "Ánh"}, context=WORKER)

    with pytest.raises(Tampered):
        vault.open_field(sealed.fields["village"], field="name", wrapped_key=sealed.wrapped_key, context=WORKER)


def test_an_old_version_of_one_field_is_detected():
    """TM07: a field put back from an old backup, with the old wrapped key or the new one."""
    old = vault.seal_record({"debt": "180000000"}, context=Context("w", "A", 1))
    new = vault.reseal_record({"debt": "0"}, context=Context("w", "A", 2), like=old.wrapped_key)

    for wrapped_key in (old.wrapped_key, new.wrapped_key):
        with pytest.raises(Tampered):
            vault.open_field(old.fields["debt"], field="debt", wrapped_key=wrapped_key, context=Context("w", "A", 2))


def test_every_flipped_bit_is_detected():
    sealed = vault.seal_record({"pin": "1"}, context=WORKER)

    for name, value in (("field", sealed.fields["pin"]), ("key", sealed.wrapped_key)):
        for position in range(len(value)):
            broken = bytearray(value)
            broken[position] ^= 0x01
            field, key = (broken, sealed.wrapped_key) if name == "field" else (sealed.fields["pin"], broken)
            with pytest.raises(vault.VaultError):
                vault.open_field(bytes(field), field="pin", wrapped_key=bytes(key), context=WORKER)


def test_every_cut_is_detected():
    sealed = vault.seal("secret", context=WORKER)

    for length in range(len(sealed)):
        with pytest.raises(vault.VaultError):
            vault.open_sealed(sealed[:length], context=WORKER)


def test_one_bad_field_fails_the_whole_record():
    sealed = vault.seal_record({"name": CANARY, "note": "x"}, context=WORKER)
    fields = {**sealed.fields, "note": sealed.fields["note"][:-1] + b"\x00"}

    with pytest.raises(Tampered) as caught:
        vault.open_record(fields, wrapped_key=sealed.wrapped_key, context=WORKER)

    assert "Nguyễn" not in str(caught.value)


# -- lengths --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "stored"),
    [(0, 256), (255, 256), (256, 1024), (1023, 1024), (1024, 4096), (4095, 4096), (4096, 8192), (12287, 12288)],
)
def test_lengths_grow_in_buckets(size, stored):
    sealed = vault.seal_record({"text": "a" * size}, context=WORKER)

    head_nonce_and_tag = 4 + 24 + 16
    assert len(sealed.fields["text"]) == stored + head_nonce_and_tag


def test_a_hundred_narratives_have_one_stored_length():
    """TM08: 50 to 3,900 characters, in the 4 KiB bucket."""
    source = random.Random(8)
    texts = ["x" * source.randint(50, 3900) for _ in range(100)]

    sealed = [vault.seal_record({"story": text}, context=WORKER, pad=vault.STEP) for text in texts]

    assert len({len(record.fields["story"]) for record in sealed}) == 1


def test_a_hundred_narratives_in_any_script_have_one_stored_length():
    source = random.Random(9)
    texts = ["".join(source.choices("ắộđ建設🙂a ", k=source.randint(50, 3900))) for _ in range(100)]

    sealed = [vault.seal_record({"story": text}, context=WORKER, pad={"story": vault.NARRATIVE}) for text in texts]

    assert len({len(record.fields["story"]) for record in sealed}) == 1
    key = sealed[0].wrapped_key
    assert vault.open_text(sealed[0].fields["story"], field="story", wrapped_key=key, context=WORKER) == texts[0]


def test_padme_adds_at_most_twelve_percent():
    for size in [1, 2, 9, 1000, 65_537, 10_000_000, 123_456_789]:
        padded = vault.padme(size)
        assert size <= padded <= size * 1.12


# -- what a stolen dump shows ---------------------------------------------------------------------------------------


def eight_encodings(text):
    """The same text as it might lie in a dump."""
    raw = text.encode()
    return {
        "utf-8": raw,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "base64": base64.b64encode(raw),
        "percent": quote(text).encode(),
        "json": json.dumps(text)[1:-1].encode(),
        "quoted-printable": quopri.encodestring(raw),
    }


def found(text, stored):
    return {name for name, needle in eight_encodings(text).items() if needle[:24] in stored}


def test_stored_bytes_hold_no_canary_in_eight_encodings():
    """TM06, with a positive control: the search does find a canary that is there."""
    sealed = vault.seal_record({"story": CANARY * 20}, context=WORKER)
    target = io.BytesIO()
    stream = vault.seal_stream(io.BytesIO(CANARY.encode() * 500), target, context=WORKER, note=CANARY.encode())
    alone = vault.seal(CANARY, context=WORKER)
    dump = sealed.fields["story"] + sealed.wrapped_key + target.getvalue() + stream.wrapped_key + alone

    assert found(CANARY, dump) == set()
    for name, needle in eight_encodings(CANARY).items():
        assert name in found(CANARY, dump + needle)


# -- blind indexes --------------------------------------------------------------------------------------------------


def test_lookup_hash_is_equal_only_for_the_same_value_and_purpose():
    phone = vault.lookup_hash("+84912345678", purpose="phone")

    assert phone == vault.lookup_hash("+84912345678", purpose="phone")
    assert len(phone) == vault.LOOKUP_BYTES
    assert phone != vault.lookup_hash("+84912345679", purpose="phone")
    assert phone != vault.lookup_hash("+84912345678", purpose="account")


def test_lookup_hash_depends_on_the_key(tmp_path, settings):
    before = vault.lookup_hash("+84912345678", purpose="phone")
    other = tmp_path / "other_key"
    other.write_text(base64.b64encode(bytes(32)).decode())
    settings.LOOKUP_KEY_FILE = str(other)

    assert vault.lookup_hash("+84912345678", purpose="phone") != before


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(bytes(31)).decode()])
def test_a_bad_lookup_key_is_said(tmp_path, settings, text):
    path = tmp_path / f"lookup-{len(text)}"
    path.write_text(text)
    settings.LOOKUP_KEY_FILE = str(path)

    with pytest.raises(vault.KeyUnavailable):
        vault.lookup_hash("x", purpose="phone")


def test_lookup_hash_needs_a_key_a_value_and_a_purpose(settings):
    for value, purpose in (("", "phone"), ("x", "")):
        with pytest.raises(ValueError):
            vault.lookup_hash(value, purpose=purpose)
    settings.LOOKUP_KEY_FILE = ""
    with pytest.raises(vault.KeyUnavailable):
        vault.lookup_hash("x", purpose="phone")


# -- known answers --------------------------------------------------------------------------------------------------


def test_known_answer_of_xchacha20_poly1305():
    """draft-irtf-cfrg-xchacha-03, appendix A.3.1."""
    plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."

    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        plain, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), bytes(range(0x40, 0x58)), bytes(range(0x80, 0xA0))
    )

    assert sealed.hex() == (
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
        "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
    )


def test_known_answers_of_derived_keys_and_lookups():
    """Made once by this code; a change here would make stored rows unreadable or unfindable."""
    assert subkey(bytes(range(32)), b"terang.field").hex() == "ee5a84c4a7aa9d391310cf9bfa404158ab8d8cd932b2b2e4dd3d4681a4daf8fd"
    assert (
        vault.lookup_hash("+84912345678", purpose="phone").hex()
        == "4bd37b600c7d96a5b05e3b46bdd09b7031dfe6c3f6750f37ea4f6635bb2da50d"
    )


def test_known_answer_of_a_stored_value(keys):
    """Sealed once with the fixed key: whatever changes in the code, this must open for ever."""
    keys.write_text(KNOWN_KEY)

    opened = vault.open_sealed(base64.b64decode(STORED_VALUE), context=Context("kat", "1", 7))

    assert opened == "Xin chào 建設"


KNOWN_KEY = f"kat-1 {base64.b64encode(bytes(range(32))).decode()}\n"
STORED_VALUE = (
    "VFMBAAAAVVRLAQEBBWthdC0xAEjvf/MXjd2VV0tnZwbWSeCmtPeJ8e/yyqm0gh9JBKUTZDPK73fOwsswvhLAIRaXpEc/azrvKPXWuhsw24oe"
    "Silo7r3bp7QiP+lURgF0aaMwBPkmjZczaNii2JuLfuFTntIj6Zsi/tYHoML5jKxCvpzPFuPuEhIwpSgqjFf3DYKaRFdUJZk5V/PEtf4Iisak"
    "cnZtbRZiRiaSh2+QCl1y23gdx1PprYVPBDZ4zxfvW+2kaGKdKfEM4GntBR9YmQ9ur+mjEIP5cc35k/HlEmQsEGkYS59LdhxCLn0w4gUcL5uE"
    "LcN3aJT/QAAz5+235smPoYc7m6v0BUuWsziAclxYYUc+eEi0hck6UbNUW+e8vQLVWY7wBREht9N0EA5ml4CLvQc6QcHzEshpCqYpYcB25vXr"
    "My8598tZ5bsvdxwBOO2phFTr25CbdgCf7SaXYzCxQyuuJutvkzKJRZ3wTc6XMZGJr+AX0Ce1/D7X+zv8PxkuQx+9h4M="
)
