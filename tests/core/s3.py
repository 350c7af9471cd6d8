"""A small server that speaks as much S3 as storing needs, so that django-storages is really used in tests."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "evidence"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.server.objects[self._key()] = self._body()
        self._answer(200, b"", {"ETag": '"x"'})

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        if not self._key():
            self._answer(200, self._listing(query.get("prefix", [""])[0]))
        elif self._key() in self.server.objects:
            self._answer(200, self.server.objects[self._key()], _DATES)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self):
        found = self._key() in self.server.objects
        self._answer(200 if found else 404, self.server.objects.get(self._key(), b""), _DATES, send=False)

    def do_DELETE(self):
        self.server.objects.pop(self._key(), None)
        self._answer(204, b"")

    def log_message(self, *args):
        """Quiet."""

    def _key(self):
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").strip("/")

    def _body(self):
        if "chunked" not in self.headers.get("Content-Encoding", "") + self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            """Trailing checksums."""
        return body

    def _listing(self, prefix):
        keys = [key for key in self.server.objects if key.startswith(prefix)]
        folders = {prefix + key[len(prefix) :].split("/")[0] + "/" for key in keys if "/" in key[len(prefix) :]}
        files = [key for key in keys if "/" not in key[len(prefix) :]]
        inside = "".join(f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in sorted(folders))
        inside += "".join(f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>" for key in files)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{inside}</ListBucketResult>".encode()

    def _answer(self, status, body, headers=None, send=True):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if send:
            self.wfile.write(body)


_DATES = {"Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT", "ETag": '"x"'}


@contextmanager
def s3_server():
    """Run the server; the value are the options for S3Storage."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.objects = {}
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield {
            "bucket_name": BUCKET,
            "endpoint_url": f"http://127.0.0.1:{server.server_port}",
            "access_key": "test",
            "secret_key": "test",
            "region_name": "us-east-1",
            "addressing_style": "path",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
