"""One request to an endpoint that the operator has allowed: the only way out of a running server.

Names are resolved once, every address that comes of it must be public, and the connection goes to the very address
that was looked at, so that no second answer of the name server can lead it inward. Nothing is followed, nothing is
unpacked, and a clock of its own cuts a server that dawdles.
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

__all__ = ["check_address", "is_public", "post_query"]

RESULTS: Final = "application/sparql-results+json"
PART: Final = 65_536

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What some version of ipaddress takes for global and no stranger's query may reach (RFC 6890 and its registries),
# and the address under which one cloud tells its machines their secrets.
NOT_PUBLIC: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            *("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b:1::/48", "100::/64"),
            *("2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10"),
        ),
    )
)
# IPv6 networks that hold an IPv4 address in their last 32 bits (RFC 4291, RFC 6052, RFC 8215, RFC 2765).
EMBEDS_IPV4: Final = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "::ffff:0:0/96", "::ffff:0:0:0/96"))
)


def is_public(address: Address) -> bool:
    """Whether anybody in the internet could reach this address: no loopback, no private network.

    An IPv4 address in the clothes of IPv6 (mapped, translated, 6to4) is what it is inside.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if any(address in network for network in EMBEDS_IPV4):
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            return int(address) >> 32 != 0 and is_public(inside)  # ::127.0.0.1 is no address at all
        if address.sixtofour is not None and not is_public(address.sixtofour):
            return False
    return address.is_global and not (
        any(address in network for network in NOT_PUBLIC)
        or address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def check_address(url: str) -> SplitResult:
    """The parts of an endpoint's address, if it is one that may be allowed.

    :raises UsageError: it is none
    """
    wrong = ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("this is no address", where=url[:100], hint="give an https address") from None
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
            raise _failed(url, f"cannot be asked ({_why(error)})") from None


def _why(error: Exception) -> str:
    """A word on what went wrong that names no address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid for this name"
    return getattr(error, "strerror", None) or type(error).__name__


def _resolve(parts: SplitResult, url: str, until: float) -> list[tuple[Any, ...]]:
    """The addresses of the host, if all are public. The resolver knows no deadline, so it has a thread."""
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
                "this endpoint lies at an address that is not public, and such are never asked",
                where=f"SERVICE <{url}>",
                hint="tell the operator",
                status=403,
            )
    return answer


def _connect(addresses: list[tuple[Any, ...]], until: float) -> socket.socket:
    """A connection to the first address that takes one."""
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

    The timeout of a socket does not do: it starts anew with each byte that a dawdling server sends.
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
    """One request and its answer over a connection that stands."""
    client = http.client.HTTPConnection("unused")
    client.sock = connection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    client.request(
        "POST",
        path,
        body=urlencode({"query": query}),
        headers={
            "Host": parts.netloc,
            "Accept": RESULTS,
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
            "User-Agent": "trialgraph",
        },
    )
    response = client.getresponse()
    if 300 <= response.status < 400:
        raise _failed(url, "sends elsewhere, and that is not followed")
    if response.status != http.client.OK:
        raise _failed(url, f"answers with status {response.status}")
    kind = response.headers.get_content_type()
    if (
        kind not in (RESULTS, "application/json")
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
