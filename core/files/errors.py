"""Why a file is refused, in words for the person who sent it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "empty_file": _("The file is empty. Choose the file again."),
    "too_large": _("The file is too large. It may have at most %(limit)s MB."),
    "image_too_large": _("The picture is too large. It may have at most %(limit)s million pixels."),
    "type_not_allowed": _("This kind of file is not accepted. Send a photo or a PDF."),
    "content_mismatch": _("The file name does not fit what is in the file. Send a photo or a PDF."),
    "cannot_read": _("The file cannot be read. It may be damaged or locked with a password. Send a photo instead."),
    "max_files": _("Too many files. You can send at most %(limit)s."),
    "busy": _("Many files are being checked right now. Wait a minute and send the file again."),
    "quota": _(
        "Your organization has no room left for files: together they may have %(limit)s MB. Remove files that you do not need."
    ),
    "no_space": _("There is no room for files right now. What you typed is kept. Send the file later."),
}
TOO_MANY_PAGES = _("The document has too many pages. It may have at most %(limit)s.")


class FileError(ValidationError):
    """A refused file: `code` is stable, `message` is translated when shown. Forms show it next to their field."""

    def __init__(self, code: str, message: Any = None, **params: Any) -> None:
        super().__init__(message or MESSAGES[code], code=code, params=params)


class FileMissing(Exception):
    """No stored file has this name: it was never promoted, or was discarded."""
