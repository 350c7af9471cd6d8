"""Taking uploads in: in memory, never in clear on a disk, and never more than fits."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError

FILE_BYTES = 12 * 1024 * 1024
REQUEST_BYTES = 40 * 1024 * 1024
TAIL_BYTES = 512


class BoundedUploadHandler(FileUploadHandler):
    """The product's upload handler (`settings.FILE_UPLOAD_HANDLERS`).

    What is too large is counted and dropped, not kept: the form still arrives whole, with everything that was typed, and
    the file in it has its true `size` but no content, so its field says `too_large`. A form that was cut off before its closing
    boundary is refused as a whole (400): half a text must not be stored as if it were all.
    """

    received = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:
        """Look at the last bytes while the parser reads."""
        self.closing, self.tail = b"--" + boundary + b"--", b""
        if not hasattr(input_data, "__dict__"):  # bytes that were read before
            self.tail = input_data.getvalue()[-TAIL_BYTES:]
            return
        read = input_data.read

        def remembering(*args, **kwargs):
            chunk = read(*args, **kwargs)
            self.tail = (self.tail + chunk[-TAIL_BYTES:])[-TAIL_BYTES:]
            return chunk

        input_data.read = remembering

    def upload_complete(self) -> None:
        if self.closing not in self.tail:
            raise MultiPartParserError("The form was cut off.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()
        self.dropped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.dropped or start + len(raw_data) > FILE_BYTES or self.received > REQUEST_BYTES:
            self.kept, self.dropped = io.BytesIO(), True
        else:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )
