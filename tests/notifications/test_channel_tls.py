"""The connection goes to the checked address, and the certificate still has to be the name's; also through a proxy."""

import contextlib
import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifications.channels.guard import Target
from notifications.channels.http import post

NAME = "hooks.partner.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for NAME that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "partner.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM))
    return path


def in_background(serve):
    """Listen on this machine and hand each connection to `serve`; gives the port and a way to end."""
    door = socket.create_server(("127.0.0.1", 0))

    def run():
        while True:
            try:
                wire, _address = door.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(wire,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return door


@pytest.fixture
def partner(certificate):
    """A server with that certificate: says 200 to everything. Gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(wire):
        with contextlib.suppress(OSError), context.wrap_socket(wire, server_side=True) as secured:
            heard = b""
            while not heard.endswith(b"{}"):
                heard += secured.recv(65536) or b"{}"
            secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with in_background(serve) as door:
        yield door.getsockname()[1]


@pytest.fixture
def proxy():
    """A proxy that opens ways (CONNECT) and writes down where to."""
    asked = []

    def pump(source, target):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def serve(wire):
        head = wire.recv(65536).split(b" ")
        asked.append(head[1].decode())
        host, _colon, port = head[1].decode().rpartition(":")
        with socket.create_connection((host, int(port))) as far:
            wire.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=pump, args=(wire, far), daemon=True).start()
            pump(far, wire)

    with in_background(serve) as door:
        yield f"http://127.0.0.1:{door.getsockname()[1]}", asked


def at(port, host=NAME):
    return Target(host, port, "/", True, ("127.0.0.1",))


def test_the_right_name_is_answered(partner, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert post(at(partner), b"{}", {}).body == b"ok"


def test_another_name_at_the_same_address_is_not(partner, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with pytest.raises(ssl.SSLCertVerificationError):
        post(at(partner, "other.example"), b"{}", {})


def test_a_certificate_that_nobody_vouches_for_is_not(partner):
    with pytest.raises(ssl.SSLCertVerificationError):
        post(at(partner), b"{}", {})


def test_a_proxy_gets_the_checked_address_and_reads_nothing(partner, certificate, monkeypatch, proxy):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    address, asked = proxy

    assert post(at(partner), b"{}", {}, proxy=address).body == b"ok"
    assert asked == [f"127.0.0.1:{partner}"]


def test_a_server_that_stays_silent_in_the_handshake_is_left_in_time():
    with in_background(lambda wire: threading.Event().wait(5)) as door, pytest.raises(TimeoutError):
        post(at(door.getsockname()[1]), b"{}", {}, total=0.5)
