"""Behind a reverse proxy: what its forwarding headers state of the client, and only where that proxy is trusted.

Each proxy adds a value at the end of a header's list, so the last value is what the nearest proxy states, and what
stands before the values of trusted proxies is a client's word. Of each header the one value that a trusted proxy
vouches for is picked and checked here; werkzeug's ``ProxyFix`` then applies it to the request. A value that is none is
ignored, never an error: a client may have sent it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from werkzeug.http import parse_list_header, parse_options_header
from werkzeug.middleware.proxy_fix import ProxyFix

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.http.server.listener import UNIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["TrustedProxies", "behind_proxies"]

FORWARDED: Final = "HTTP_FORWARDED"
FOR, PROTO, HOST, PORT, PREFIX = (
    f"HTTP_X_FORWARDED_{name}" for name in ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
)
#: All that say something of a client; those that are not trusted are removed, so that nothing reads them.
HEADERS: Final = (FORWARDED, FOR, PROTO, HOST, PORT, PREFIX, "HTTP_X_FORWARDED_BY", "HTTP_X_REAL_IP")
#: Parameters of ``Forwarded`` (RFC 7239), and the headers that mean the same.
PARAMETERS: Final = {"for": FOR, "proto": PROTO, "host": HOST}
#: What a node may be called that does not tell its address (RFC 7239, 6.3).
OBFUSCATED: Final = re.compile(r"unknown|_[A-Za-z0-9._-]{1,60}")
#: A host name or address with or without a port; an IPv6 address in brackets.
HOST_SHAPE: Final = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?"
)
PREFIX_SHAPE: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+;=:@-]+)+")
MOST_PORT: Final = 65_535


class TrustedProxies:
    """The addresses and networks of the setting ``trusted_proxy``.

    :raises InputError: one is neither an address, a network, ``unix`` nor ``*``
    """

    def __init__(self, named: str) -> None:
        words = named.replace(",", " ").split()
        self.everyone, self.unix = "*" in words, UNIX in words
        try:
            self._networks = [
                ipaddress.ip_network(word.strip("[]")) for word in words if word not in ("*", UNIX)
            ]
        except ValueError as error:
            raise InputError(
                f"no address or network of a proxy ({error})",
                where="trusted_proxy",
                hint="give addresses like 127.0.0.1, networks like 10.0.0.0/24, unix for a Unix socket, or * for any",
            ) from error

    def __contains__(self, address: str) -> bool:
        if self.everyone or (self.unix and address == UNIX):
            return True
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address):
            found = found.ipv4_mapped or found
        return any(found in network for network in self._networks)


def behind_proxies(app: WSGIApplication, settings: Settings) -> WSGIApplication:
    """The application, with what trusted proxies state of each request's client, and without what others do.

    :raises InputError: the setting ``trusted_proxy`` names no proxy
    """
    trusted = TrustedProxies(settings.trusted_proxy)
    rfc = settings.proxy_headers == "forwarded"
    prefix = settings.proxy_headers == "x-forwarded-prefix"
    fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = {name: environ.pop(name) for name in HEADERS if name in environ}
        if not given or str(environ.get("REMOTE_ADDR", "")) not in trusted:
            return app(environ, start_response)
        lists = _forwarded(given.get(FORWARDED, "")) if rfc else _x_forwarded(given, prefix=prefix)
        environ.update(_vouched_for(lists, trusted, settings.proxy_hops, str(environ.get("HTTP_HOST", ""))))
        _strip(environ)
        return fixed(environ, start_response)

    return call


def _x_forwarded(given: dict[str, str], *, prefix: bool) -> dict[str, list[str]]:
    names = (FOR, PROTO, HOST, PORT, PREFIX) if prefix else (FOR, PROTO, HOST, PORT)
    return {name: parse_list_header(given[name]) for name in names if name in given}


def _forwarded(header: str) -> dict[str, list[str]]:
    """The lists that ``X-Forwarded-…`` would hold; a proxy that left a parameter out left an empty value."""
    lists: dict[str, list[str]] = {name: [] for name in PARAMETERS.values()}
    # a quoted string may hold commas and semicolons; parse_list_header would unquote an element that is one
    for element in re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', header):
        found = parse_options_header(f"element; {element.strip()}")[1]
        for parameter, name in PARAMETERS.items():
            lists[name].append(found.get(parameter, ""))
    return lists


def _vouched_for(
    lists: dict[str, list[str]], trusted: TrustedProxies, hops: int, host: str
) -> dict[str, str]:
    """The value of each header that a trusted proxy stated, as far as it is one."""
    clients = [_node(value) for value in lists.get(FOR, [])]
    # Further proxies are recognised by their addresses, but all of them where everyone is trusted.
    while not trusted.everyone and hops < len(clients) and clients[-hops] in trusted:
        hops += 1
    picked = {name: values[-hops:][0].strip() for name, values in lists.items() if values}
    picked[FOR] = clients[-hops:][0] if clients else ""
    picked[PROTO] = picked.get(PROTO, "").lower()
    picked[PREFIX] = picked.get(PREFIX, "").rstrip("/")
    host = picked.get(HOST, "") or host
    has_port = bool(re.search(r"[^:\[]:\d+$|\]:\d+$", host))
    checks = {
        FOR: bool(picked[FOR]),
        PROTO: picked[PROTO] in ("http", "https"),
        HOST: bool(HOST_SHAPE.fullmatch(picked.get(HOST, ""))),
        PORT: not has_port and _is_port(picked.get(PORT, "")),
        PREFIX: bool(PREFIX_SHAPE.fullmatch(picked[PREFIX])),
    }
    return {name: picked[name] for name, sound in checks.items() if sound}


def _node(value: str) -> str:
    """The address in a value like ``192.0.2.1:80`` or ``[2001:db8::1]:80``, or an obfuscated name; empty: neither."""
    value = value.strip()
    if OBFUSCATED.fullmatch(value.partition(":")[0]):
        return value.partition(":")[0]
    if value.startswith("["):
        value = value[1:].partition("]")[0]
    elif value.count(":") == 1:
        value = value.partition(":")[0]
    try:
        return str(ipaddress.ip_address(value.partition("%")[0]))
    except ValueError:
        return ""


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_PORT


def _strip(environ: WSGIEnvironment) -> None:
    """Take the prefix off the path where the proxy left it there; the application's paths begin behind it."""
    prefix, path = environ.get(PREFIX), str(environ.get("PATH_INFO", ""))
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
