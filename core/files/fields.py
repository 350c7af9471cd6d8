"""Form fields whose cleaned value is a CleanFile, or a list of them."""

from typing import Any

from django import forms

from core.files.cleaning import KINDS, MAX_FILES, clean_upload, clean_uploads

_ACCEPT = {"image": "image/*,.heic,.heif", "pdf": "application/pdf,.pdf"}


class UploadField(forms.FileField):
    """One upload, cleaned. `limits` are those of `clean_upload`: kinds, max_bytes, max_pixels, max_pages, max_side."""

    widget = forms.FileInput

    def __init__(self, *, limits: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.limits = limits or {}
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        kinds = self.limits.get("kinds", KINDS)
        return {**super().widget_attrs(widget), "accept": ",".join(_ACCEPT[kind] for kind in kinds)}

    def to_python(self, data: Any) -> Any:
        return None if data in self.empty_values else clean_upload(data, **self.limits)


class _ManyInput(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several uploads in one field; the cleaned value is a list, empty when nothing was sent and nothing is required."""

    widget = _ManyInput

    def __init__(self, *, max_files: int = MAX_FILES, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        uploads = [upload for upload in data or [] if upload not in self.empty_values]
        return clean_uploads(uploads, max_files=self.max_files, **self.limits)
