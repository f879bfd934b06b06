"""Several front ends behind a real nginx with both files of deploy/: one is killed, a release swapped under load."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from benchmarks.front_ends.__main__ import run
from benchmarks.front_ends.behind import Behind, behind_nginx
from benchmarks.front_ends.clients import PAGE, RELEASE
from tests.paths import ROOT
from trialgraph.release.open import Release

HTML = "text/html"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or ""
# Under CI=true what is missing is an error, not a skip.
pytestmark = pytest.mark.skipif(not NGINX and not os.environ.get("CI"), reason="nginx is not installed here")


@pytest.fixture(scope="module")
def behind(
    tmp_path_factory: pytest.TempPathFactory, release: Release, two_sources: Release
) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("front-ends")
    with behind_nginx(folder, release.path, two_sources.path, draw_ahead=False) as made:
        yield made


def asked(port: int, path: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    """Status, release and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        return response.status, response.headers.get(RELEASE, ""), response.read()
    finally:
        connection.close()


def picture(page: bytes) -> str:
    found = re.search(rb'<img src="(/figures/[^"]+)"', page)
    assert found
    return found[1].decode().replace("&amp;", "&")


def leads(port: int, release: Release) -> None:
    """Wait until a front end serves a release."""
    for _ in range(600):
        if asked(port, "/health/live")[1] == release.hash:
            return
        time.sleep(0.05)
    raise AssertionError("it was not swapped")


def test_a_picture_comes_from_the_release_of_its_page(
    behind: Behind, release: Release, two_sources: Release
) -> None:
    """From another front end where one was swapped; from the same one after its swap; and else from none."""
    first, others = behind.front_ends[0], behind.front_ends[1:]
    old = picture(asked(first.port, PAGE, HTML)[2])
    drawn = asked(first.port, old)
    assert drawn[:2] == (200, release.hash)
    first.lead("two")
    leads(first.port, two_sources)
    assert asked(first.port, old) == drawn
    new = picture(asked(first.port, PAGE, HTML)[2])
    assert new.rpartition("=")[2] == two_sources.hash[:12]
    of_new = asked(first.port, new)
    assert of_new[:2] == (200, two_sources.hash)
    assert of_new[2] != drawn[2]
    for other in others:
        status, served, body = asked(other.port, new)
        assert (status, served) == (404, release.hash)
        assert b"this server does not have that release" in body
    # nginx finds the one that has it, whichever it asks first.
    assert {asked(behind.port, f"{new}&n={n}") for n in range(4)} == {of_new}
    never = new.replace(two_sources.hash[:12], "0" * 12)
    assert asked(behind.port, never)[0] == 404
    first.lead("one")
    leads(first.port, release)
    assert asked(first.port, new) == of_new, "the one that was replaced last"
    wide = new.replace("doses.svg", "outcomes.svg")
    assert wide != new
    status, served, body = asked(first.port, wide)
    assert (status, served) == (404, two_sources.hash)
    assert b"the figure was not drawn before" in body


def test_a_front_end_that_dies_and_a_release_that_is_swapped_fail_no_request_and_mix_none(
    behind: Behind,
) -> None:
    for front_end in behind.front_ends:  # what a page that nginx keeps shows
        assert asked(front_end.port, picture(asked(front_end.port, PAGE, HTML)[2]))[0] == 200
    result = run(behind, 200, 3, back=False)
    assert result.wrong == []
    assert result.mixed() == []
    assert len(result.releases) == 2, "both releases answered"
    assert {*result.kinds} == {
        *("download", "page", "picture", "prepared answer"),
        *("query", "query by POST", "stream"),
    }
    assert result.cut <= 3, "streams that were under way, one for each client"
    tried = [line.split("|") for line in behind.log.read_text().splitlines()]
    again = [status for upstream, status, _ in tried if "," in upstream]
    assert "200" in again, "a request that the dead front end did not answer went to another"
    assert {status for _, status, _ in tried} <= {"200", "404"}


def test_the_file_goes_into_the_place_of_the_block_that_the_page_takes_out() -> None:
    """The other file as the documented command leaves it."""
    page = (ROOT / "docs" / "scale-out.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^sed .* deploy/nginx\.conf(?= )", page, re.MULTILINE)
    left = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    whole = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    before, block, after = re.split(
        r"^(upstream trialgraph \{.*?^\}\n)", whole, flags=re.MULTILINE | re.DOTALL
    )
    assert left == before + after
    assert "keepalive" in block
    assert "proxy_pass http://trialgraph;" in left
