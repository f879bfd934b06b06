"""Addresses of stores: which are none, and that no message and no text of them holds a password."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trialgraph.base.errors import UsageError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.remote.address import store_address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://h:7878/query", "http://h:7878/query"),
        ("https://h/sparql?access-token=key", "https://h/sparql"),
        ("http://[::1]:80/q", "http://[::1]/q"),
        ("http://h", "http://h/"),
    ],
)
def test_addresses(url: str, words: str) -> None:
    address = store_address(url, DEFAULTS)
    assert address.words == words
    assert "key" not in repr(address)
    assert "access-token" not in words
    assert address.path == ("/" if url == "http://h" else url.split("/", 3)[3].join(("/", "")))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "query",
            "ftp://h/q",
            "http:///q",
            "http://h:0/q",
            "http://h:99999/q",
            "http://h/a b",
            "http://[::1/q",
        ),
        *("http://u:secret@h/q", "http://secret@h/q", "http://h/q#part", "file:///etc/passwd", "http://h/é"),
    ],
)
def test_no_addresses(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        store_address(url, DEFAULTS)
    assert "secret" not in caught.value.line()


def test_credentials_of_the_environment() -> None:
    settings = Settings.load({"TRIALGRAPH_STORE_USER": "me", "TRIALGRAPH_STORE_PASSWORD": "secret"})
    address = store_address("http://h/q", settings)
    assert (address.user, address.password) == ("me", "secret")
    assert "secret" not in repr(settings)
    assert "secret" not in repr(address)


def test_credentials_of_a_netrc_file(tmp_path: Path) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine h\nlogin me\npassword secret\nmachine other login you password no\n")
    settings = replace(DEFAULTS, store_netrc=str(path))
    assert store_address("http://h/q", settings).password == "secret"  # noqa: S105
    assert store_address("http://h/q", replace(settings, store_user="x", store_password="y")).user == "x"  # noqa: S106
    with pytest.raises(UsageError, match="it has no entry for unknown"):
        store_address("http://unknown/q", settings)
    with pytest.raises(UsageError, match="cannot be read"):
        store_address("http://h/q", replace(DEFAULTS, store_netrc=str(tmp_path / "missing")))
    path.write_text("machine h login me secret broken\n")
    with pytest.raises(UsageError, match="line 1 is none of a netrc file") as caught:
        store_address("http://h/q", settings)
    assert "secret" not in caught.value.line()
