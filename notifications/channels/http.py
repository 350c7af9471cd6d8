"""One request to another machine, with an end in sight.

Connects within CONNECT seconds and is over after TOTAL, however slowly the other side drips; follows no redirect; reads at most
64 KB of the answer. A target with addresses (channels/guard.py) is reached at exactly those, and TLS still proves the name.
"""

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from notifications.channels import Busy, ChannelBroken
from notifications.channels.guard import NotAllowed, Target, operators

CONNECT = 5.0
TOTAL = 10.0
MOST = 64 * 1024
LONGEST_WAIT = 3600


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names; `body` is cut at 64 KB."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: int

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def data(self) -> dict[str, Any]:
        """The JSON object of the answer, or {} when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def retry_after(self, default: int = 60) -> int:
        """Seconds the other side asks to wait, between 1 and an hour; a date or nonsense counts as `default`."""
        asked = self.headers.get("retry-after", "")
        seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else default
        return max(1, min(seconds, LONGEST_WAIT))


def post(target: Target, body: bytes, headers: Mapping[str, str], *, proxy: str = "", total: float = TOTAL) -> Answer:
    """POST `body`. `proxy`: an http:// address that is asked to open the way (CONNECT) to the checked address.

    Raises OSError for everything that kept an answer from coming: no connection, a wrong certificate, the time being over.
    """
    began = time.monotonic()
    connection = _Connection(target, proxy)
    clock = threading.Timer(total, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", target.path, body, {**headers, "Host": target.authority, "Connection": "close"})
        reply = connection.getresponse()
        text = reply.read(MOST)
        if connection.was_cut:
            raise TimeoutError(f"No whole answer within {total:g} s.")
        found = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, found, text, int((time.monotonic() - began) * 1000))
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.was_cut:
            raise TimeoutError(f"No answer within {total:g} s.") from error
        if isinstance(error, OSError) and not isinstance(error, http.client.HTTPException):
            raise
        raise OSError(f"The answer cannot be read: {type(error).__name__}") from error
    finally:
        clock.cancel()
        connection.close()


def ask(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST to a provider of the operator's, named in the settings.

    Raises Busy for 429, ChannelBroken when it cannot be reached, answers 5xx or does not know us (401, 403); other answers are returned.
    """
    try:
        answer = post(operators(url), body, headers)
    except NotAllowed as error:
        raise ChannelBroken("The address of the provider must begin with https://") from error
    except OSError as error:
        raise ChannelBroken(f"{type(error).__name__}: {error}"[:300]) from error
    if answer.status == 429:
        raise Busy(answer.retry_after(), "The provider asks for patience.")
    if answer.status >= 500 or answer.status in (401, 403, 404, 405):
        raise ChannelBroken(f"The provider answered {answer.status}.")
    return answer


class _Connection(http.client.HTTPConnection):
    """Connects to the addresses of the target, in their order, and nowhere else."""

    def __init__(self, target: Target, proxy: str):
        super().__init__(target.host, target.port, timeout=CONNECT)
        self.target, self.proxy, self.was_cut = target, proxy, False
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self.wire = self._open()
        if self.target.tls:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            secured = context.wrap_socket(self.sock, server_hostname=self.target.host, do_handshake_on_connect=False)
            self.sock = self.wire = secured
            secured.do_handshake()
        self.sock.settimeout(TOTAL)

    def cut(self) -> None:
        """The time is over: whoever reads or writes is woken up. (The socket's own `shutdown`: TLS would wait for an answer.)"""
        self.was_cut = True
        if self.wire is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)

    def _open(self) -> socket.socket:
        error: OSError = OSError("The name has no address.")
        for address in self.target.addresses or (self.target.host,):
            try:
                return self._through(address) if self.proxy else socket.create_connection((address, self.target.port), CONNECT)
            except OSError as failed:
                error = failed
        raise error

    def _through(self, address: str) -> socket.socket:
        """A way through the proxy. It gets the checked address, so that nobody looks the name up a second time."""
        parts = urlsplit(self.proxy)
        way = self.wire = socket.create_connection((parts.hostname or "", parts.port or 3128), CONNECT)
        place = f"[{address}]:{self.target.port}" if ":" in address else f"{address}:{self.target.port}"
        way.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head and len(head) < 8192 and (piece := way.recv(1)):
            head += piece
        if head.split(b" ")[1:2] != [b"200"]:
            way.close()
            raise OSError("The proxy refused the address.")
        return way
