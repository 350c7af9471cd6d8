"""The two ends of the way: form fields that take files in, and responses that hand them out."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from core import files
from core.files import FileError, clean_upload
from core.files.receiving import BoundedUploadHandler
from tests.core import corpus
from tests.core.corpus import Upload

# -- serving --------------------------------------------------------------------------------------------------------


def opened(**changes):
    values = {"content": b"%PDF", "media_type": "application/pdf", "display_name": "Giấy phép.pdf", "sha256": "", "pages": 1}
    return files.OpenedFile(**{**values, **changes})


def test_a_file_is_served_as_an_attachment_that_cannot_run():
    """TM15."""
    response = files.serve(opened())

    assert response.content == b"%PDF"
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Gi%E1%BA%A5y%20ph%C3%A9p.pdf",
        "Content-Length": "4",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }


def test_only_types_that_cleaning_makes_are_named():
    response = files.serve(opened(media_type="text/html"))

    assert response["Content-Type"] == "application/octet-stream"


def test_a_public_picture_may_be_cached_and_is_still_an_attachment():
    response = files.serve(opened(media_type="image/jpeg", display_name="a.jpg"), public=True)

    assert response["Cache-Control"] == "public, max-age=3600"
    assert response["Content-Disposition"] == 'attachment; filename="a.jpg"'


def test_a_name_cannot_break_the_header():
    """B95."""
    response = files.serve(opened(display_name='a"; filename=b.exe'))

    assert response["Content-Disposition"] == 'attachment; filename="a\\"; filename=b.exe"'


# -- form fields ----------------------------------------------------------------------------------------------------


class EvidenceForm(forms.Form):
    scan = files.UploadField()
    photo = files.UploadField(required=False, limits={"kinds": ("image",), "max_side": 32})
    more = files.UploadsField(required=False, max_files=2)


def sent(**uploads):
    return EvidenceForm(QueryDict(), MultiValueDict({name: list(value) for name, value in uploads.items()}))


def test_a_form_gives_clean_files():
    form = sent(
        scan=[Upload(corpus.written_pdf(), "a.pdf")],
        photo=[Upload(corpus.image(), "b.jpg")],
        more=[Upload(corpus.image("PNG"), "c.png"), Upload(corpus.image("WEBP"), "d.webp")],
    )

    assert form.is_valid()
    assert form.cleaned_data["scan"].media_type == "application/pdf"
    assert form.cleaned_data["photo"].width == 32
    assert [clean.display_name for clean in form.cleaned_data["more"]] == ["c.png", "d.webp"]


def test_a_form_says_what_is_wrong_next_to_the_field():
    form = sent(photo=[Upload(corpus.pdf(), "a.pdf")], more=[Upload(corpus.image(), f"{number}.jpg") for number in range(3)])

    codes = {name: [error.code for error in errors.as_data()] for name, errors in form.errors.items()}
    assert codes == {"scan": ["required"], "photo": ["type_not_allowed"], "more": ["max_files"]}
    assert form.errors["more"] == ["Too many files. You can send at most 2."]


def test_an_empty_upload_has_the_same_words_everywhere():
    assert [error.code for error in sent(scan=[Upload(b"", "a.pdf")]).errors["scan"].as_data()] == ["empty_file"]


def test_fields_that_are_not_required_may_stay_empty():
    form = sent(scan=[Upload(corpus.pdf(), "a.pdf")])

    assert form.is_valid()
    assert (form.cleaned_data["photo"], form.cleaned_data["more"]) == (None, [])


def test_a_file_beyond_every_limit_is_dropped_and_the_form_is_kept(monkeypatch):
    """B86: 3 MB against a limit of 1 MB, and two files that are only together too large."""
    monkeypatch.setattr("core.files.receiving.FILE_BYTES", 1024**2)
    monkeypatch.setattr("core.files.receiving.REQUEST_BYTES", 4 * 1024**2)
    request = RequestFactory().post(
        "/",
        {
            "name": "kept",
            "scan": SimpleUploadedFile("a.jpg", bytes(3 * 1024**2)),
            "photo": SimpleUploadedFile("b.jpg", corpus.image(), "image/jpeg"),
            "more": [SimpleUploadedFile("c.jpg", bytes(900_000)), SimpleUploadedFile("d.jpg", bytes(900_000))],
        },
    )
    request.upload_handlers = [BoundedUploadHandler(request)]

    form = EvidenceForm(request.POST, request.FILES)

    assert request.POST["name"] == "kept"
    assert [upload.read() for upload in request.FILES.getlist("scan")] == [b""]
    request.FILES["scan"].seek(0)
    codes = {name: [error.code for error in errors.as_data()] for name, errors in form.errors.items()}
    assert codes == {"scan": ["too_large"], "more": ["content_mismatch"]}
    assert form.cleaned_data["photo"].media_type == "image/jpeg"
    dropped = request.FILES.getlist("more")[1]
    with pytest.raises(FileError) as caught:
        clean_upload(dropped)
    assert caught.value.code == "too_large"


def test_uploads_stay_in_memory(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["core.files.receiving.BoundedUploadHandler"]


def test_the_browser_is_told_what_to_offer():
    assert 'accept="image/*,.heic,.heif"' in str(sent()["photo"])
    assert "multiple" in str(sent()["more"])
