"""HTTP client for SERVICE with SSRF protection: the only outgoing connections of a running server.

Only endpoints that the operator allows are called. The host name is resolved once, every address must be public, and
the connection goes to the address that was checked, so that DNS rebinding cannot redirect it to an internal one.
Redirects are not followed, compressed answers are not accepted, and an overall deadline cuts off a slow server.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

from trialgraph.base.errors import QueryRejected, ServiceFailed, UsageError
from trialgraph.rdf.formats import FORM, RESULTS_JSON

__all__ = ["HOLD_IPV4", "check_address", "is_public", "post_query"]

PART: Final = 65_536

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What is reserved is listed here and not asked of ipaddress, whose properties (is_global, is_private) change with the
# version of Python. From the registries of special-purpose addresses (RFC 6890); and the address under which one
# cloud tells its machines their secrets.
RESERVED_IPV4: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            *(
                "0.0.0.0/8",
                "10.0.0.0/8",
                "100.64.0.0/10",
                "127.0.0.0/8",
                "168.63.129.16/32",
                "169.254.0.0/16",
            ),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        ),
    )
)
#: The only part of IPv6 that is given out to hosts in the internet (RFC 4291), and what is reserved in it: 2001::/23
#: with Teredo, whose addresses hold a relay and a client behind a NAT, is refused as a whole.
UNICAST_IPV6: Final = ipaddress.IPv6Network("2000::/3")
RESERVED_IPV6: Final = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
#: IPv6 networks that hold an IPv4 address (RFC 4291, RFC 6052, RFC 2765, RFC 3056), and how many bits stand after it.
HOLD_IPV4: Final = tuple(
    (ipaddress.IPv6Network(network), bits)
    for network, bits in (
        ("::ffff:0:0/96", 0),
        ("64:ff9b::/96", 0),
        ("::ffff:0:0:0/96", 0),
        ("2002::/16", 80),
    )
)


def is_public(address: Address) -> bool:
    """Whether this address is reachable from the public internet: no loopback, no private network.

    An IPv4 address inside an IPv6 address (IPv4-mapped, NAT64, IPv4-translated, 6to4) decides for it. The verdict is
    the same on every version of Python.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in RESERVED_IPV4)
    if address.scope_id is not None:
        return False
    for network, bits in HOLD_IPV4:
        if address in network:
            return is_public(ipaddress.IPv4Address(int(address) >> bits & 0xFFFFFFFF))
    return address in UNICAST_IPV6 and not any(address in network for network in RESERVED_IPV6)


def check_address(url: str) -> SplitResult:
    """The parts of an endpoint's address, if it is one that may be allowed.

    :raises UsageError: it is none
    """
    wrong = ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("this is not an address", where=url[:100], hint="give an https address") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        wrong = "only http and https with the name of a host"
    elif parts.username is not None or parts.password is not None or parts.fragment or "#" in url:
        wrong = "no names, passwords and fragments"
    elif not re.fullmatch(r"[!-~]+", url):
        wrong = "only ASCII characters, and no blanks"
    elif _literal(host) is False:
        wrong = "no private, local or reserved addresses"
    if wrong:
        raise UsageError(f"SERVICE takes {wrong}", where=url[:100], hint="give an https address")
    return parts


def _literal(host: str) -> bool | None:
    """Whether a numeric host is public; None where it is a name."""
    try:
        return is_public(ipaddress.ip_address(host))
    except ValueError:
        return None


def post_query(url: str, query: str, *, seconds: float, most_bytes: int) -> bytes:
    """What the endpoint answers to a SELECT, in the JSON format of results.

    :raises QueryRejected: an address of the host is not public (403)
    :raises ServiceFailed: no answer, no good one, too much of it, or not in time
    """
    parts = check_address(url)
    until = time.monotonic() + seconds
    addresses = _resolve(parts, url, until)
    with _deadline(url, until) as holder:
        try:
            holder["socket"] = _connect(addresses, until)
            if parts.scheme == "https":
                holder["socket"] = secure = ssl.create_default_context().wrap_socket(
                    holder["socket"], server_hostname=parts.hostname, do_handshake_on_connect=False
                )
                secure.do_handshake()
            return _exchange(holder["socket"], parts, query, url, most_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= until:
                raise _late(url) from None
            raise _failed(url, f"cannot be reached ({_why(error)})") from None


def _why(error: Exception) -> str:
    """A short reason that names no address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid for this name"
    return getattr(error, "strerror", None) or type(error).__name__


def _resolve(parts: SplitResult, url: str, until: float) -> list[tuple[Any, ...]]:
    """The addresses of the host, if all are public. The resolver has no timeout, so it runs in a thread."""
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()
    port = parts.port or (443 if parts.scheme == "https" else 80)

    def look() -> None:
        try:
            found.put(socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(OSError(str(error)))

    threading.Thread(target=look, daemon=True).start()
    try:
        answer = found.get(timeout=max(until - time.monotonic(), 0.01))
    except queue.Empty:
        raise _late(url) from None
    if isinstance(answer, OSError) or not answer:
        raise _failed(url, "has no address")
    for *_, address in answer:
        if not is_public(ipaddress.ip_address(address[0])):
            raise QueryRejected(
                "this endpoint has an address that is not public, which is never called",
                where=f"SERVICE <{url}>",
                hint="tell the operator",
                status=403,
            )
    return answer


def _connect(addresses: list[tuple[Any, ...]], until: float) -> socket.socket:
    """A connection to the first address that accepts one."""
    last: OSError = OSError("no address")
    for left, (family, kind, protocol, _, address) in zip(
        range(len(addresses), 0, -1), addresses, strict=True
    ):
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(max((until - time.monotonic()) / left, 0.01))
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            last = error
        else:
            connection.settimeout(max(until - time.monotonic(), 0.01))
            return connection
    raise last


@contextmanager
def _deadline(url: str, until: float) -> Iterator[dict[str, socket.socket]]:
    """Closes the connection in the holder when the time is up, whatever is being read from it then.

    A socket's timeout is not enough: it restarts with each byte that a slow server sends.
    """
    holder: dict[str, socket.socket] = {}

    def cut() -> None:
        with contextlib.suppress(OSError, KeyError):
            # the base class's: that of a TLS connection is not for other threads
            socket.socket.shutdown(holder["socket"], socket.SHUT_RDWR)

    timer = threading.Timer(max(until - time.monotonic(), 0.01), cut)
    timer.daemon = True
    timer.start()
    try:
        yield holder
        if time.monotonic() >= until:
            raise _late(url)
    finally:
        timer.cancel()
        if "socket" in holder:
            holder["socket"].close()


def _exchange(connection: socket.socket, parts: SplitResult, query: str, url: str, most_bytes: int) -> bytes:
    """One request and its answer over an open connection."""
    client = http.client.HTTPConnection("unused")
    client.sock = connection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    client.request(
        "POST",
        path,
        body=urlencode({"query": query}),
        headers={
            "Host": parts.netloc,
            "Accept": RESULTS_JSON.media_type,
            "Accept-Encoding": "identity",
            "Content-Type": FORM,
            "Connection": "close",
            "User-Agent": "trialgraph",
        },
    )
    response = client.getresponse()
    if 300 <= response.status < 400:
        raise _failed(url, "redirects, which is not followed")
    if response.status != http.client.OK:
        raise _failed(url, f"answers with status {response.status}")
    kind = response.headers.get_content_type()
    if (
        kind not in (RESULTS_JSON.media_type, *RESULTS_JSON.also)
        or response.getheader("Content-Encoding", "identity") != "identity"
    ):
        raise _failed(url, "does not answer in the JSON format of results")
    data = bytearray()
    while part := response.read1(PART):
        data += part
        if len(data) > most_bytes:
            raise _failed(url, f"answers with more than {most_bytes} bytes", "add a LIMIT to its group")
    if response.length:
        raise _failed(url, "broke off in the middle of its answer")
    return bytes(data)


def _failed(url: str, what: str, hint: str = "") -> ServiceFailed:
    return ServiceFailed(
        f"the endpoint {what}", where=f"SERVICE <{url}>", hint=hint or "try later, or write SERVICE SILENT"
    )


def _late(url: str) -> ServiceFailed:
    return ServiceFailed(
        "the endpoint did not answer in time", where=f"SERVICE <{url}>", hint="ask it for less", status=504
    )
