"""Which addresses a running server may ask, and which never."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base.errors import UsageError
from trialgraph.query.service_client import HOLD_IPV4, check_address, is_public

PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "::ffff:93.184.216.34",
    "64:ff9b::5db8:d822",
    "2002:5db8:d822::1",
]
INWARD = [
    "0.0.0.0",  # noqa: S104 - judged, not bound
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::93.184.216.34",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::5db8:d822",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_all_can_reach_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INWARD)
def test_what_lies_inside_is_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


IPV4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address) | st.sampled_from(
    [ipaddress.IPv4Address(a) for a in (*PUBLIC, *INWARD) if ":" not in a]
)
#: Each way in which an IPv6 address holds an IPv4 address that decides for it.
HOLDERS = {
    "IPv4-mapped": lambda inside: (0xFFFF << 32) | inside,
    "IPv4-translated": lambda inside: (0xFFFF << 48) | inside,
    "NAT64": lambda inside: (0x64FF9B << 96) | inside,
    "6to4": lambda inside: (0x2002 << 112) | (inside << 80) | 1,
}


@pytest.mark.parametrize("way", HOLDERS)
@given(inside=IPV4)
def test_an_address_inside_another_decides_for_it(way: str, inside: ipaddress.IPv4Address) -> None:
    assert is_public(ipaddress.IPv6Address(HOLDERS[way](int(inside)))) == is_public(inside)


@given(IPV4)
def test_what_python_knows_as_reserved_is_never_public(address: ipaddress.IPv4Address) -> None:
    assert address.is_global or not is_public(address)


@given(st.integers(0, 2**128 - 1) | st.integers(2**125, 2**126 - 1))
def test_nor_what_it_knows_of_ipv6(number: int) -> None:
    address = ipaddress.IPv6Address(number)
    if not any(address in network for network, _ in HOLD_IPV4):
        assert address.is_global or not is_public(address)


def test_the_verdict_does_not_depend_on_the_version_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``ipaddress`` calls global, private or reserved has changed between releases, some of them patches."""
    changing = ("is_global", "is_private", "is_reserved", "is_loopback", "is_link_local", "is_multicast")
    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        for name in (*changing, "is_unspecified"):
            monkeypatch.setattr(kind, name, property(lambda _: pytest.fail("asked of ipaddress")))
    assert all(is_public(ipaddress.ip_address(address)) for address in PUBLIC)
    assert not any(is_public(ipaddress.ip_address(address)) for address in INWARD)


@pytest.mark.parametrize("address", [a for a in INWARD if "%" not in a])
def test_nor_may_it_be_allowed_by_its_number(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(UsageError, match="private, local or reserved"):
        check_address(f"https://{host}/sparql")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/sparql",
        "https://",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exämple.org/",
        "https://example.org/a\nb",
        "https://[::1/",
    ],
)
def test_an_address_is_plain_or_refused(url: str) -> None:
    with pytest.raises(UsageError):
        check_address(url)


def test_an_allowed_address_is_taken_apart() -> None:
    parts = check_address("https://example.org:8443/sparql?tenant=a")
    assert (parts.hostname, parts.port, parts.path, parts.query) == (
        "example.org",
        8443,
        "/sparql",
        "tenant=a",
    )
