"""Files of the release over HTTP."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.small_graph import Server, write_release
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
    "range_", ["bytes=0-1,3-4", "bytes=9-1", "lines=1-2", "bytes=a-b", "bytes=", "bytes=\u00b2-5", "0-4"]
)
def test_what_is_not_one_range_is_ignored(server: Server, small_release: Release, range_: str) -> None:
    reply = server.ask("/export/dataset.nq", headers={"Range": range_})
    assert (reply.status, reply.body) == (200, small_release.file("dataset.nq").read_bytes())


def test_a_range_beyond_the_end_names_the_length(server: Server, small_release: Release) -> None:
    size = small_release.file("dataset.nq").stat().st_size
    for range_ in (f"bytes={size}-", "bytes=-0"):
        reply = server.ask("/export/dataset.nq", headers={"Range": range_})
        assert (reply.status, reply.type) == (416, "application/problem+json")
        assert reply.headers["Content-Range"] == f"bytes */{size}"


def test_a_range_of_thousands_of_digits_is_refused(server: Server) -> None:
    for range_ in ("bytes={}-", "bytes=0-{}", "bytes=-{}"):
        reply = server.ask("/export/dataset.nq", headers={"Range": range_.format("9" * 5_000)})
        assert reply.status == 400


def test_a_range_is_for_the_version_that_the_client_has(server: Server) -> None:
    etag = server.ask("/export/dataset.nq").headers["ETag"]
    for held, status in ((etag, 206), (f"W/{etag}", 200), ('"other"', 200)):
        headers = {"Range": "bytes=0-4", "If-Range": held}
        assert server.ask("/export/dataset.nq", headers=headers).status == status
    assert server.ask("/export/dataset.nq", method="HEAD", headers={"Range": "bytes=0-4"}).status == 200


def test_a_file_that_was_deleted_is_not_there(tmp_path: Path, small_queries: Path) -> None:
    release = write_release(tmp_path / "r")
    with Server(release.path, small_queries) as server:
        for name in ("dataset.nq", "trials.csv"):
            (release.path / name).unlink()
        for path in ("/export/dataset.nq", "/export/trials.csv", "/export/trials.csv?cells=safe", "/store"):
            reply = server.ask(path, headers={"Accept": "application/n-quads, application/problem+json"})
            assert (path, reply.status) == (path, 404)
            assert "missing" in reply.text


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "store", "store/CURRENT", "..%2Fmanifest.json", "../conftest.py", "%2Fetc%2Fhostname"],
)
def test_nothing_else_is_a_file(server: Server, small_release: Release, name: str) -> None:
    reply = server.ask(f"/export/{name}")
    assert reply.status == 404
    assert str(small_release.path) not in reply.text
