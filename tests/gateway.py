"""A provider on this machine: a small server that writes down what it is sent and answers as it is told.

    with gateway() as far:
        far.answer(201, {"sid": "SM1"})
        …
        assert far.calls[0].form["To"] == "+84…"

Answers are used up in order; the last one stays. Beside an answer it can hang, drip or close the line.
"""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Received:
    """One request. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class _Told:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    closes: bool = False
    drips: bool = False


class Gateway:
    """`url` is where it listens; `calls` what it was sent."""

    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}"
        self.calls: list[Received] = []
        self.over = threading.Event()
        self._told: list[_Told] = [_Told()]
        self._fresh = True

    def answer(self, status: int = 200, body: Any = None, **headers: str) -> "Gateway":
        """The next answer. `body`: an object sent as JSON, or bytes. Header names are written with _ for -."""
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self._tell(_Told(status, raw, {name.replace("_", "-"): value for name, value in headers.items()}))

    def hang(self, seconds: float = 30) -> "Gateway":
        """Take the request and say nothing for so long."""
        return self._tell(_Told(seconds=seconds))

    def drip(self) -> "Gateway":
        """Answer one letter every tenth of a second, without end."""
        return self._tell(_Told(drips=True))

    def close(self) -> "Gateway":
        """Take the request and close the line."""
        return self._tell(_Told(closes=True))

    def _tell(self, told: _Told) -> "Gateway":
        if self._fresh:
            self._told, self._fresh = [], False
        self._told.append(told)
        return self

    def next(self) -> _Told:
        return self._told.pop(0) if len(self._told) > 1 else self._told[0]


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.gateway.calls.append(Received(self.command, self.path, headers, body))
        told = self.gateway.next()
        self.gateway.over.wait(told.seconds)
        if told.closes or told.seconds:
            self.close_connection = True
            return
        with contextlib.suppress(OSError):
            self._say(told)

    def _say(self, told: _Told) -> None:
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        if told.drips:
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not self.gateway.over.is_set():
                self.wfile.write(b" ")
                time.sleep(0.1)
            return
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        self.wfile.write(told.body)

    do_GET = do_PUT = do_POST

    def log_message(self, *arguments) -> None:
        """Quiet."""


@contextlib.contextmanager
def gateway() -> Iterator[Gateway]:
    """A running provider; it ends with the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.block_on_close = False
    here = Gateway(server.server_address[1])
    server.RequestHandlerClass = type("Handler", (_Handler,), {"gateway": here})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
