"""Encryption at rest of sensitive text and files. Knows no noun and no model; see docs/encryption.md.

Sealing the fields of a record (each result goes into a BinaryField; the context is stored in clear columns):

    context = Context("recruitment.Worker", worker.reference, version=1)
    sealed = seal_record({"name": "Nguyễn Thị Ánh", "passport": "C1234567"}, context=context)
    row.wrapped_key, row.sealed_name = sealed.wrapped_key, sealed.fields["name"]
    open_text(row.sealed_name, field="name", wrapped_key=row.wrapped_key, context=context)

Changing it: raise the version and seal all its fields again for the same readers:

    sealed = reseal_record(fields, context=Context(…, version=2), like=row.wrapped_key)

One value in one column:      row.note = seal("text", context=context);  open_sealed(row.note, context=context)
To an organization's own key: seal_record(fields, context=context, recipients=[Recipient.holder(public_key)])
                              open_record(fields, wrapped_key=…, context=context, identity=private_key)
Giving it to somebody else:   row.wrapped_key = rewrap(row.wrapped_key, recipients, identity=private_key)
Destroying it for good:       row.wrapped_key = shred()          then every open raises Shredded
New key-encryption key:       row.wrapped_key = rotate(row.wrapped_key)          (manage.py rotate_keys does all rows)
A file:                       sealed = seal_stream(source, target, context=context, note=b"name")
                              note = open_stream(source, target, wrapped_key=…, context=context)
Finding an exact value:       row.phone_hash = lookup_hash("+84912345678", purpose="phone")

Everything raises a VaultError (KeyUnavailable, WrongKey, Tampered, Shredded) and never hands out part of a plaintext.
"""

from core.vault.errors import KeyUnavailable, Shredded, Tampered, VaultError, WrongKey
from core.vault.keys import (
    FileKeyService,
    KeyService,
    Recipient,
    add_key,
    key_ids,
    key_service,
    recipients_of,
    remove_key,
    rewrap,
    shred,
    unwrap,
    wrap,
)
from core.vault.lookup import LOOKUP_BYTES, lookup_hash
from core.vault.records import (
    NARRATIVE,
    STEP,
    Context,
    SealedRecord,
    is_wrapped,
    open_field,
    open_record,
    open_sealed,
    open_text,
    reseal_record,
    rotate,
    seal,
    seal_record,
    wrapped_key_in,
)
from core.vault.streams import SealedStream, open_stream, padme, seal_stream

__all__ = [
    "LOOKUP_BYTES",
    "NARRATIVE",
    "STEP",
    "Context",
    "FileKeyService",
    "KeyService",
    "KeyUnavailable",
    "Recipient",
    "SealedRecord",
    "SealedStream",
    "Shredded",
    "Tampered",
    "VaultError",
    "WrongKey",
    "add_key",
    "is_wrapped",
    "key_ids",
    "key_service",
    "lookup_hash",
    "open_field",
    "open_record",
    "open_sealed",
    "open_stream",
    "open_text",
    "padme",
    "recipients_of",
    "remove_key",
    "reseal_record",
    "rewrap",
    "rotate",
    "seal",
    "seal_record",
    "seal_stream",
    "shred",
    "unwrap",
    "wrap",
    "wrapped_key_in",
]
