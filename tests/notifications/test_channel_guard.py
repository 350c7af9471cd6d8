"""Where a stranger's address may lead: to public hosts by name, and never inside, however it is written."""

import ipaddress
import socket
import time

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from notifications.channels import guard, http
from notifications.channels.guard import NotAllowed, Target, check, is_public, operators, read

PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def outside(settings):
    """The rules as in production: this machine is not reached."""
    settings.LOOPBACK_ALLOWED = False


@pytest.fixture
def names(monkeypatch):
    """`names["host"] = [["1.2.3.4"], ["127.0.0.1"]]`: what each look-up of a name answers; the last one stays. `.asked` counts."""

    class Names(dict):
        asked = 0

    book = Names()

    def getaddrinfo(host, port, *args, **kwargs):
        book.asked += 1
        answers = book.get(host)
        if not answers:
            raise socket.gaierror("unknown")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    return book


def refusal(url, **options):
    with pytest.raises(NotAllowed) as caught:
        check(url, **options)
    return caught.value.code


def test_a_public_host_is_checked_once_and_kept_with_its_addresses(names):
    names["hooks.partner.example"] = [[PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"]]

    target = check("https://hooks.partner.example/in?x=1")

    assert target == Target("hooks.partner.example", 443, "/in?x=1", True, (PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"))
    assert names.asked == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "127.0.0x1",
        "10.0.0.1", "169.254.169.254", "8.8.8.8", "0", "0x", "1.1", "a.b.c.0x7f", "[::1]", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00:ec2::254]", "[2606:2800:220:1:248:1893:25c8:1946]",
    ],
)  # fmt: skip
def test_a_number_is_no_host_in_any_notation(names, host):
    names.update({host.strip("[]"): [[PUBLIC]], host: [[PUBLIC]]})

    assert refusal(f"https://{host}/") in {"numbers", "host", "address"}
    assert names.asked == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://partner.example/", "https"),
        ("ftp://partner.example/", "https"),
        ("file:///etc/passwd", "https"),
        ("gopher://partner.example/", "https"),
        ("//partner.example/", "https"),
        ("https://partner.example:8443/", "port"),
        ("https://partner.example:22/", "port"),
        ("https://partner.example:0/", "port"),
        ("https://partner.example:99999/", "address"),
        ("https://user@partner.example/", "address"),
        ("https://user:pass@partner.example/", "address"),
        ("https://partner.example@127.0.0.1/", "address"),
        ("https://partner.example#@127.0.0.1/", "address"),
        ("https://partner.example\\@127.0.0.1/", "address"),
        ("https://partner.example/\r\nHost: inside", "address"),
        ("https://partner.example/ x", "address"),
        ("https://pärtner.example/", "address"),
        ("https://%31%32%37.0.0.1/", "address"),
        ("https://partner.example./", "host"),
        ("https://partner..example/", "host"),
        ("https://-partner.example/", "host"),
        ("https://partner/", "host"),
        ("https:///path", "address"),
        ("https://", "address"),
        ("", "address"),
        ("https://localhost/", "host"),
        ("https://app.localhost/", "inside"),
        ("https://db.internal/", "inside"),
        ("https://printer.local/", "inside"),
        ("https://1.0.0.127.in-addr.arpa/", "inside"),
        ("https://" + "a" * 600 + ".example/", "address"),
        ("https://" + "a" * 64 + ".example/", "host"),
        ("https://１２７.０.０.１/", "address"),
        ("https://partner。example/", "address"),
    ],
)
def test_an_address_that_could_mean_something_else_is_refused(names, url, code):
    assert refusal(url) == code
    assert names.asked == 0


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::5db8:d822",
        "64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001::1",
        "2002:7f00:1::", "2001:10::1", "100::1", "3fff::1", "5f00::1", "4000::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(names, inside):
    names["partner.example"] = [[inside]]

    assert refusal("https://partner.example/") == "inside"
    assert not is_public(inside)


def test_one_address_inside_among_public_ones_is_enough(names):
    names["partner.example"] = [[PUBLIC, "10.0.0.1"]]

    assert refusal("https://partner.example/") == "inside"


def test_a_name_nobody_knows_is_said_so(names):
    assert refusal("https://nobody.example/") == "unknown"


@limits(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4))
def test_no_private_v4_address_is_public_in_any_dress(address):
    dressed = [
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"::{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | int(address) << 80)),
    ]

    assert not any(is_public(text) for text in dressed)
    assert not (is_public(str(address)) and (address.is_private or address.is_loopback or address.is_multicast))


@limits(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["https://", "http://", "https://a.example@", "https://127.0.0.1", ""]))
def test_no_text_breaks_the_check_or_leads_to_a_number(text, before):
    try:
        target = read(before + text)
    except NotAllowed:
        return

    assert (target.tls, target.port) == (True, 443)
    assert target.host.isascii()
    assert not target.host.split(".")[-1].isdigit()
    assert not set(target.path) & set(" \r\n\\")


def test_the_connection_goes_to_the_checked_address_although_the_name_changes(names, monkeypatch):
    names["partner.example"] = [[PUBLIC], ["127.0.0.1"]]
    reached = []

    def create_connection(address, timeout):
        reached.append(address)
        raise OSError("far away")

    target = check("https://partner.example/")
    monkeypatch.setattr(http.socket, "create_connection", create_connection)
    with pytest.raises(OSError, match="far away"):
        http.post(target, b"{}", {})

    assert reached == [(PUBLIC, 443)]
    assert names.asked == 1


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("fcm.googleapis.com", True),
        ("web.push.apple.com", True),
        ("db5p.notify.windows.com", True),
        ("evilfcm.googleapis.com", False),
        ("fcm.googleapis.com.evil.example", False),
        ("push.apple.com.evil.example", False),
        ("googleapis.com", False),
    ],
)
def test_only_named_services_are_reached_where_they_are_named(names, settings, host, allowed):
    names[host] = [[PUBLIC]]

    if allowed:
        assert check(f"https://{host}/x", services=settings.PUSH_SERVICES).host == host
    else:
        assert refusal(f"https://{host}/x", services=settings.PUSH_SERVICES) == "service"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost:1/x", "http://[::1]:9/"])
def test_this_machine_is_reached_only_where_the_settings_say_so(settings, url):
    with pytest.raises(NotAllowed):
        check(url)

    settings.LOOPBACK_ALLOWED = True
    assert set(check(url).addresses) <= {"127.0.0.1", "::1"}


def test_an_operators_own_address_may_be_anywhere_but_is_encrypted(settings):
    assert operators("https://sms.internal:8443/send").port == 8443
    with pytest.raises(NotAllowed):
        operators("http://sms.internal/send")
    settings.PRODUCTION = True
    with pytest.raises(NotAllowed):
        operators("http://127.0.0.1/send")


# -- the request itself -------------------------------------------------------------------------------------------------------


@pytest.fixture
def target(settings, far):
    settings.LOOPBACK_ALLOWED = True
    return check(f"{far.url}/in")


def test_a_redirect_is_an_answer_and_not_followed(far, target):
    far.answer(302, location="http://127.0.0.1:1/")

    assert http.post(target, b"{}", {}).status == 302
    assert len(far.calls) == 1


def test_no_more_than_64_kb_of_an_answer_are_read(far, target):
    far.answer(200, b"x" * 200_000)

    assert len(http.post(target, b"{}", {}).body) == 64 * 1024


@pytest.mark.parametrize("trick", ["hang", "drip"])
def test_a_request_ends_in_time_whatever_the_other_side_does(far, target, trick):
    getattr(far, trick)()
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        http.post(target, b"{}", {}, total=0.6)

    assert time.monotonic() - began < 2


def test_a_broken_answer_is_an_oserror(far, target):
    far.close()

    with pytest.raises(OSError):
        http.post(target, b"{}", {})


def test_a_proxy_is_asked_for_the_checked_address(far, target):
    far.answer(403)

    with pytest.raises(OSError, match="proxy"):
        http.post(target, b"{}", {}, proxy=far.url)


@pytest.mark.parametrize(
    ("asked", "seconds"), [("17", 17), ("0", 1), ("999999", 3600), ("Wed, 21 Oct 2026", 60), ("-1", 60), ("", 60)]
)
def test_a_wait_that_is_asked_for_has_bounds(asked, seconds):
    assert http.Answer(429, {"retry-after": asked}, b"", 0).retry_after() == seconds
