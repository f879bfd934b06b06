"""What forwarding headers state of a request's client: believed of trusted proxies, ignored of all others."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.wrappers import Request

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.http.server.proxies import TrustedProxies, behind_proxies

PROXY = "10.0.0.1"


def seen(
    headers: dict[str, str], peer: str = PROXY, path: str = "/trials", **settings: Any
) -> tuple[str, str]:
    """The client and the address of a request as the application sees them."""
    heard: list[tuple[str, str]] = []

    def app(environ: Any, _start: Any) -> list[bytes]:
        request = Request(environ)
        heard.append((str(request.remote_addr), request.url))
        assert not any(name in environ for name in ("HTTP_FORWARDED", "HTTP_X_REAL_IP"))
        return []

    environ = {
        "REMOTE_ADDR": peer,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "inner:8000",
        "SERVER_NAME": "inner",
        "SERVER_PORT": "8000",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REQUEST_METHOD": "GET",
    } | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    list(
        behind_proxies(app, Settings(**{"trusted_proxy": PROXY} | settings))(
            environ, lambda *_: lambda _: None
        )
    )
    return heard[0]


@pytest.mark.parametrize(
    ("headers", "client", "url"),
    [
        ({"X-Forwarded-For": "203.0.113.9"}, "203.0.113.9", "http://inner:8000/trials"),
        ({"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}, "203.0.113.9", "http://inner:8000/trials"),
        ({"X-Forwarded-For": "203.0.113.9:4711"}, "203.0.113.9", "http://inner:8000/trials"),
        ({"X-Forwarded-For": "2001:db8::9"}, "2001:db8::9", "http://inner:8000/trials"),
        ({"X-Forwarded-For": '"[2001:db8::9]:4711"'}, "2001:db8::9", "http://inner:8000/trials"),
        ({"X-Forwarded-For": "<script>"}, PROXY, "http://inner:8000/trials"),
        ({"X-Forwarded-For": ""}, PROXY, "http://inner:8000/trials"),
        ({"X-Forwarded-Proto": "https"}, PROXY, "https://inner:8000/trials"),
        ({"X-Forwarded-Proto": "https, http"}, PROXY, "http://inner:8000/trials"),
        ({"X-Forwarded-Proto": "http,HTTPS"}, PROXY, "https://inner:8000/trials"),
        ({"X-Forwarded-Proto": "javascript"}, PROXY, "http://inner:8000/trials"),
        ({"X-Forwarded-Host": "a.example, b.example"}, PROXY, "http://b.example/trials"),
        ({"X-Forwarded-Host": "[2001:db8::1]:81"}, PROXY, "http://[2001:db8::1]:81/trials"),
        ({"X-Forwarded-Host": 'a.example"><script>'}, PROXY, "http://inner:8000/trials"),
        ({"X-Forwarded-Host": "a.example", "X-Forwarded-Port": "1, 81"}, PROXY, "http://a.example:81/trials"),
        ({"X-Forwarded-Host": "a.example:82", "X-Forwarded-Port": "81"}, PROXY, "http://a.example:82/trials"),
        ({"X-Forwarded-Host": "a.example", "X-Forwarded-Port": "x"}, PROXY, "http://a.example/trials"),
        (
            {"X-Forwarded-Host": "a.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
            PROXY,
            "https://a.example/trials",
        ),
        ({"X-Forwarded-Prefix": "/graph"}, PROXY, "http://inner:8000/trials"),
        ({"Forwarded": "for=203.0.113.9;proto=https;host=a.example"}, PROXY, "http://inner:8000/trials"),
    ],
)
def test_the_value_that_the_trusted_proxy_stated_counts_and_no_value_is_an_error(
    headers: dict[str, str], client: str, url: str
) -> None:
    assert seen(headers) == (client, url)


@pytest.mark.parametrize(
    ("header", "client", "url"),
    [
        ("for=203.0.113.9;proto=https;host=a.example", "203.0.113.9", "https://a.example/trials"),
        ('For="[2001:db8::9]:4711" ; Proto=https', "2001:db8::9", "https://inner:8000/trials"),
        (
            'for=6.6.6.6;host=evil.example, for="203.0.113.9:80";host="a.example:81"',
            "203.0.113.9",
            "http://a.example:81/trials",
        ),
        ("for=_hidden-1;by=_proxy", "_hidden-1", "http://inner:8000/trials"),
        ("for=unknown", "unknown", "http://inner:8000/trials"),
        ('for="a, b;host=evil.example", for=203.0.113.9', "203.0.113.9", "http://inner:8000/trials"),
        ('for="\\"", host=evil.example;for="', PROXY, "http://evil.example/trials"),
        (", ,;=;", PROXY, "http://inner:8000/trials"),
    ],
)
def test_forwarded_of_rfc_7239(header: str, client: str, url: str) -> None:
    said = {"Forwarded": header, "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}
    assert seen(said, proxy_headers="forwarded") == (client, url)


def test_nothing_that_an_untrusted_peer_forwards_is_believed_or_passed_on() -> None:
    spoofed = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "666",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=127.0.0.1;host=evil.example",
        "X-Real-IP": "127.0.0.1",
    }
    for kind in ("x-forwarded", "x-forwarded-prefix", "forwarded"):
        assert seen(spoofed, "10.0.0.2", proxy_headers=kind) == ("10.0.0.2", "http://inner:8000/trials")
        assert seen(spoofed, proxy_headers=kind, trusted_proxy="")[0] == PROXY


@pytest.mark.parametrize(
    ("settings", "forwarded", "client", "scheme"),
    [
        (
            {"trusted_proxy": "10.0.0.1 192.0.2.0/24"},
            "6.6.6.6, 203.0.113.9, 192.0.2.7",
            "203.0.113.9",
            "https",
        ),
        ({"proxy_hops": 2}, "6.6.6.6, 203.0.113.9, 192.0.2.7", "203.0.113.9", "https"),
        ({"trusted_proxy": "*", "proxy_hops": 2}, "6.6.6.6, 203.0.113.9, 192.0.2.7", "203.0.113.9", "https"),
        ({"trusted_proxy": "*"}, "6.6.6.6, 203.0.113.9", "203.0.113.9", "http"),
        ({"proxy_hops": 3}, "203.0.113.9", "203.0.113.9", "https"),
        ({"trusted_proxy": "10.0.0.0/8,192.0.2.7"}, "10.0.0.3, 10.0.0.2", "10.0.0.3", "https"),
    ],
)
def test_two_proxies_by_their_addresses_or_by_their_number(
    settings: dict[str, Any], forwarded: str, client: str, scheme: str
) -> None:
    said = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https, http"}
    got, url = seen(said, **settings)
    assert (got, url.partition(":")[0]) == (client, scheme)


@pytest.mark.parametrize(
    ("prefix", "path", "url"),
    [
        ("/graph", "/trials", "http://inner:8000/graph/trials"),
        ("/graph/", "/graph/trials", "http://inner:8000/graph/trials"),
        ("/graph", "/graph", "http://inner:8000/graph/"),
        ("/a/b", "/graphs", "http://inner:8000/a/b/graphs"),
        ("//evil.example", "/trials", "http://inner:8000/trials"),
        ("/../x", "/trials", "http://inner:8000/trials"),
        ('/x" onload=', "/trials", "http://inner:8000/trials"),
        ("/", "/trials", "http://inner:8000/trials"),
    ],
)
def test_a_prefix_is_believed_where_it_is_asked_for(prefix: str, path: str, url: str) -> None:
    assert seen({"X-Forwarded-Prefix": prefix}, path=path, proxy_headers="x-forwarded-prefix")[1] == url


@pytest.mark.parametrize(
    ("named", "address", "trusted"),
    [
        ("127.0.0.1 ::1", "::1", True),
        ("[::1]", "::1", True),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("fe80::/10", "fe80::1%eth0", True),
        ("unix", "unix", True),
        ("127.0.0.1", "unix", False),
        ("*", "unix", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("", "10.0.0.1", False),
    ],
)
def test_who_is_trusted(named: str, address: str, trusted: bool) -> None:
    assert (address in TrustedProxies(named)) is trusted


def test_what_names_no_proxy_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"trusted_proxy: no address or network of a proxy .*'localhost'"):
        TrustedProxies("127.0.0.1 localhost")
