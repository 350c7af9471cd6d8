"""Where a request may go. The only place that decides whether an address typed by somebody is reached from here.

A stranger's address (webhooks, push endpoints) must be https on port 443 with a real host name; the name is looked up once, every
answer must be a public address, and the connection goes to the very address that was checked (channels/http.py). An operator's own
address from the settings must be https. Where `settings.LOOPBACK_ALLOWED` says so (tests), this machine may be reached without it.

Source: OWASP, "Server-Side Request Forgery Prevention Cheat Sheet"; IANA special-purpose address registries.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}
LONGEST = 500
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)

# Public in the registries, and yet doors to the inside: transition networks that carry another address, and a cloud's own service.
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
_OPEN_V6 = ipaddress.ip_network("2000::/3")


class NotAllowed(Exception):
    """This address may not be reached from here. `code` says why: address, https, port, host, numbers, unknown, inside, service."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """The reason in the reader's language."""
        return words(self.code)


def words(code: str) -> str:
    """Why an address is not reached, in the reader's language, for the code of a NotAllowed."""
    known = {
        "https": _("The address must begin with https://"),
        "port": _("The address may not name a port: only 443, the usual one of https, is reached."),
        "numbers": _("Write the name of the computer, not its number."),
        "host": _("This is not a full internet name, such as hooks.example.com."),
        "inside": _("This name leads into a closed network. Only addresses on the open internet are reached."),
        "unknown": _("Nobody on the internet knows this name."),
    }
    return known.get(code, _("This address cannot be used. Write it like this: https://hooks.example.com/terang"))


@dataclass(frozen=True)
class Target:
    """A checked address. `addresses` are the IP addresses that may be connected to; empty = the system may look the name up."""

    host: str
    port: int
    path: str
    tls: bool
    addresses: tuple[str, ...] = ()

    @property
    def authority(self) -> str:
        """What stands in the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.tls else 80) else f"{name}:{self.port}"


def check(url: str, *, services: Iterable[str] = ()) -> Target:
    """A stranger's address, looked up and checked. `services`: endings of the only host names that are allowed, when given.

    Raises NotAllowed. The result is good for one request, now: names change.
    """
    target = read(url, services=services)
    if _is_loopback(target):
        return Target(target.host, target.port, target.path, target.tls, (_loopback_address(target.host),))
    return Target(target.host, target.port, target.path, target.tls, _public_addresses(target.host, target.port))


def read(url: str, *, services: Iterable[str] = ()) -> Target:
    """The same check without looking the name up: for forms."""
    target = _parse(url)
    if _is_loopback(target):
        return target
    if not target.tls:
        raise NotAllowed("https")
    if target.port != 443:
        raise NotAllowed("port")
    _check_name(target.host)
    endings = tuple(services)
    if endings and not any(target.host == ending or target.host.endswith(f".{ending}") for ending in endings):
        raise NotAllowed("service")
    return target


def operators(url: str) -> Target:
    """An address from the settings: https anywhere, or this machine outside production. Raises NotAllowed."""
    target = _parse(url)
    if target.tls or (not settings.PRODUCTION and target.host in LOOPBACK_NAMES):
        return target
    raise NotAllowed("https")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if address.version == 6 and address not in _OPEN_V6:
        return False
    closed = any(address in network for network in _CLOSED if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not closed


def _parse(url: str) -> Target:
    if not url or len(url) > LONGEST or not url.isascii() or not url.isprintable() or set(url) & set(' \\<>"{}|^`'):
        raise NotAllowed("address")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NotAllowed("address") from None
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or "%" in parts.netloc or parts.fragment:
        raise NotAllowed("https" if parts.scheme not in ("https", "http") else "address")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, (443 if tls else 80) if port is None else port, path, tls)


def _is_loopback(target: Target) -> bool:
    return settings.LOOPBACK_ALLOWED and target.host in LOOPBACK_NAMES


def _loopback_address(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host


def _check_name(host: str) -> None:
    """A full name of the public tree: no number in any notation, no name of one label, nothing that ends in a dot."""
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        raise NotAllowed("numbers")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAllowed("host")
    if labels[-1] in {
        "localhost",
        "local",
        "internal",
        "lan",
        "home",
        "corp",
        "intranet",
        "localdomain",
        "arpa",
        "onion",
        "test",
    }:
        raise NotAllowed("inside")


def _public_addresses(host: str, port: int) -> tuple[str, ...]:
    """Every address of the name, when all of them are public: one inside among them and none is used."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed("unknown") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise NotAllowed("unknown")
    if not all(is_public(address) for address in addresses):
        raise NotAllowed("inside")
    return addresses
