"""Which addresses a running server may ask, and which never."""

from __future__ import annotations

import ipaddress

import pytest

from trialgraph.base.errors import UsageError
from trialgraph.query.service_client import check_address, is_public

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
