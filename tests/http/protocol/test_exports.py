"""Files of the release over HTTP."""

from __future__ import annotations

import hashlib

import pytest

from tests.small_graph import Server
from trialgraph.release.open import Release


def test_a_file_comes_with_its_type_checksum_and_licence(server: Server, small_release: Release) -> None:
    reply = server.ask("/export/dataset.nq")
    assert (reply.status, reply.type) == (200, "application/n-quads")
    assert hashlib.sha256(reply.body).hexdigest() == small_release.hash
    assert reply.headers["ETag"] == f'"{small_release.hash}"'
    assert reply.headers["Link"] == '<https://creativecommons.org/licenses/by-nc/4.0/>; rel="license"'
    again = server.ask("/export/dataset.nq", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_part_of_a_file(server: Server) -> None:
    whole = server.ask("/export/dataset.nq").body
    reply = server.ask("/export/dataset.nq", headers={"Range": "bytes=10-19"})
    assert (reply.status, reply.body) == (206, whole[10:20])


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "store", "store/CURRENT", "..%2Fmanifest.json", "../conftest.py", "%2Fetc%2Fhostname"],
)
def test_nothing_else_is_a_file(server: Server, small_release: Release, name: str) -> None:
    reply = server.ask(f"/export/{name}")
    assert reply.status == 404
    assert str(small_release.path) not in reply.text
