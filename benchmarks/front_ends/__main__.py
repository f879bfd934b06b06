"""Front ends behind nginx, one killed and a release swapped under load: ``python -m benchmarks.front_ends ONE TWO``.

ONE and TWO are two releases (folders with a manifest). Three front ends have a folder of releases each, as on machines
of their own; nginx runs deploy/nginx.conf with deploy/nginx-front-ends.conf, without TLS and limits for each client.
While clients ask, ``current`` of one front end after the other is led to TWO, one front end is killed (SIGKILL), and
``current`` of the others is led back. Nothing may fail, and nothing may be of two releases:

- each response has status 200, and the bytes that its release gives for its address: a release that answers an address
  in two ways, or two releases in the same way, is counted as mixed;
- a page and the picture that it shows are of the release that the page names;
- a download that is cut is resumed (``Range`` with ``If-Range``); the client then has one file of one release.

A streamed response that was under way when its front end died can only be cut, visibly; it is counted, and asked again.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.front_ends.behind import Behind, behind_nginx, wait_for
from benchmarks.front_ends.clients import Load, Result

__all__ = ["run"]


def run(behind: Behind, requests: int, clients: int, *, back: bool = True) -> Result:
    """Load, swap and kill, each after a part of the responses.

    :param requests: so many responses, a few more
    :param back: swap back, too
    """
    result = Result()
    began = behind.cpu()
    threads = [Load(behind.port, requests, result) for _ in range(clients)]
    for thread in threads:
        thread.start()

    def after(part: float) -> None:
        wait_for(lambda: result.kinds.total() >= part * requests, 3_600)

    after(0.25)
    for front_end in behind.front_ends:
        front_end.lead("two")
        time.sleep(0.3)  # machines are never swapped at the same time
    after(0.5)
    until = result.kinds.total()
    result.cpu = {name: 1000 * (spent - began[name]) / until for name, spent in behind.cpu().items()}
    behind.front_ends[-1].process.send_signal(signal.SIGKILL)
    after(0.75)
    for front_end in behind.front_ends[:-1] if back else ():
        front_end.lead("one")
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    return result


def report(result: Result, behind: Behind, seconds: float) -> list[str]:
    """Lines of a table in Markdown."""
    tried = [line.split("|") for line in behind.log.read_text().splitlines()]
    again = sum("," in upstream for upstream, _, _ in tried)
    cached = sum(cache == "HIT" for _, _, cache in tried)
    mixed = result.mixed()
    facts = {
        "responses": f"{result.kinds.total():,} in {seconds:.0f} s",
        "of them": ", ".join(f"{number:,} {kind}" for kind, number in sorted(result.kinds.items())),
        "failed": str(len(result.wrong)),
        "mixed": str(len(mixed)),
        "of each release": " and ".join(f"{number:,}" for number in sorted(result.releases.values())),
        "pages compared with their picture": f"{result.pairs:,}",
        "asked of another front end": f"{again:,}",
        "from the cache of nginx": f"{cached:,}",
        "streams cut by the kill, and asked again": str(result.cut),
        "downloads cut by the kill, and resumed": str(result.resumed),
        "CPU ms a response": ", ".join(f"{name} {spent:.2f}" for name, spent in result.cpu.items()),
    }
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    return [*lines, *result.wrong[:10], *mixed[:10]]


def main() -> None:
    """Run, print, and end with 1 if anything failed or was mixed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.front_ends")
    parser.add_argument("one", type=Path)
    parser.add_argument("two", type=Path)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, behind_nginx(Path(folder), given.one, given.two) as behind:
        began = time.monotonic()
        result = run(behind, given.requests, given.clients)
        print(*report(result, behind, time.monotonic() - began), sep="\n")
    sys.exit(bool(result.wrong or result.mixed()))


if __name__ == "__main__":
    main()
