"""Uploads: cleaned, sealed, stored under random names, and served so that they never run. See docs/encryption.md.

In a form (the cleaned value is a CleanFile; a refusal is a translated error next to the field):

    scan = UploadField(limits={"kinds": ("image", "pdf")})
    photo = UploadField(required=False, limits={"kinds": ("image",), "max_side": 640})
    scans = UploadsField(max_files=5)

(`settings.FILE_UPLOAD_HANDLERS` names core.files.receiving.BoundedUploadHandler: uploads stay in memory.)

Or by hand: clean = clean_upload(request.FILES["scan"], kinds=("image", "pdf")); raises FileError (a ValidationError).

In a service, inside its transaction:

    reference = …                                              # random, made before the row; never changes
    stored = store_sealed(clean, context=Context("organizations.PermitScan", reference))
    PermitScan.objects.create(reference=reference, stored_name=stored.name, wrapped_key=stored.wrapped_key, …)
    promote_on_commit(stored.name)

In a view, after selector and policy:

    opened = open_stored(scan.stored_name, wrapped_key=scan.wrapped_key, context=Context("organizations.PermitScan", reference))
    return serve(opened)                                       # serve(opened, public=True) for a picture of a public page

A file the product makes itself: store_made(source, …) from an open file; copy_stored(name, target, …) and serve_made(target, …)
give it back piece by piece.

Erasing: row.wrapped_key = vault.shred(), then discard(row.stored_name) after the commit.
Every night: reconcile(names_in_rows(), now=now, delete=True); it finds every model with a field `stored_name`.
"""

from core.files.cleaning import KINDS, MAX_BYTES, MAX_FILES, MAX_PAGES, MAX_PIXELS, CleanFile, clean_upload, clean_uploads
from core.files.errors import FileError, FileMissing
from core.files.fields import UploadField, UploadsField
from core.files.names import display_name
from core.files.rows import names_in_rows
from core.files.serving import serve, serve_made
from core.files.storing import (
    OpenedFile,
    Reconciled,
    StoredFile,
    copy_stored,
    discard,
    open_stored,
    promote,
    promote_on_commit,
    reconcile,
    store_made,
    store_sealed,
)

__all__ = [
    "KINDS",
    "MAX_BYTES",
    "MAX_FILES",
    "MAX_PAGES",
    "MAX_PIXELS",
    "CleanFile",
    "FileError",
    "FileMissing",
    "OpenedFile",
    "Reconciled",
    "StoredFile",
    "UploadField",
    "UploadsField",
    "clean_upload",
    "clean_uploads",
    "copy_stored",
    "discard",
    "display_name",
    "names_in_rows",
    "open_stored",
    "promote",
    "promote_on_commit",
    "reconcile",
    "serve",
    "serve_made",
    "store_made",
    "store_sealed",
]
