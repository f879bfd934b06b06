"""``python -m benchmarks.bench``: measure, and write tables (benchmarks/README.md)."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click

from benchmarks.bench.data import cache_folder
from benchmarks.bench.docs import keep, write_docs
from benchmarks.bench.peers import PEERS
from benchmarks.bench.progress import Progress
from benchmarks.bench.run import PARTS, Asked, run
from benchmarks.bench.servers import Unavailable
from benchmarks.bench.tables import page

_QUICK: Final = (1, 0.3)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--size",
    "sizes",
    type=click.IntRange(1),
    multiple=True,
    default=(21,),
    help="Reports; may be repeated.",
    show_default=True,
)
@click.option(
    "--release",
    type=click.Path(exists=True, path_type=Path),
    help="A release that is there, instead of one with so many reports.",
)
@click.option(
    "--only",
    "parts",
    type=click.Choice(list(PARTS)),
    multiple=True,
    help="A part of the run; may be repeated.  [default: all]",
)
@click.option(
    "--peer",
    "peers",
    type=click.Choice(list(PEERS)),
    multiple=True,
    help="A peer; may be repeated.  [default: all]",
)
@click.option("--no-peers", is_flag=True, help="Measure trialgraph alone.")
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=3,
    help="Rounds; the figures are their medians.",
    show_default=True,
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.05),
    default=0.6,
    help="Length of one measurement.",
    show_default=True,
)
@click.option("--quick", is_flag=True, help="One round of 0.3 s: to see that it works, not for figures.")
@click.option(
    "--start-seconds",
    type=click.FloatRange(1),
    default=180.0,
    help="Longest start of a server.",
    show_default=True,
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of what is kept: releases, programs of the peers.  [default: one in the system's temporary folder]",
)
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@click.option(
    "--docs",
    is_flag=True,
    help="Write the figures to benchmarks/results/ and the tables to docs/performance.md.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.pass_context
def main(
    context: click.Context,
    sizes: tuple[int, ...],
    release: Path | None,
    parts: tuple[str, ...],
    peers: tuple[str, ...],
    no_peers: bool,
    rounds: int,
    seconds: float,
    quick: bool,
    start_seconds: float,
    cache: Path | None,
    form: str,
    docs: bool,
    quiet: bool,
) -> None:
    """Measure this server beside those that a user would choose instead.

    Exit code 0: all that was asked for was measured, but for peers that are not installed. 1: a server did not start or
    ended, or a part could not be measured; it is named. 2: nothing could be measured. 130: Ctrl-C.
    """
    if quick:
        rounds, seconds = _QUICK
    code = 0
    made: list[dict[str, Any]] = []
    try:
        with Progress(quiet=quiet) as progress:
            folder = cache_folder(cache)
            for size in (0,) if release else dict.fromkeys(sizes):
                asked = Asked(
                    size=size,
                    rounds=rounds,
                    seconds=seconds,
                    parts=parts or tuple(PARTS),
                    peers=() if no_peers else peers or tuple(PEERS),
                    cache=folder,
                    start_seconds=start_seconds,
                    release=(release / "current" if (release / "current").exists() else release).resolve()
                    if release
                    else None,
                )
                made.append(run(asked, progress))
    except Unavailable as error:
        click.echo(f"bench: {error}", err=True)
        code = 2
    for figures in made:
        code = code or int(bool(figures["faults"]))
    if docs and made:
        for figures in made:
            keep(figures)
        write_docs()
    if made:
        click.echo(json.dumps(made, indent=1, ensure_ascii=False) if form == "json" else page(made))
    context.exit(code)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupted)  # as Ctrl-C: the servers are ended
    try:
        sys.exit(main(standalone_mode=False))
    except (KeyboardInterrupt, click.Abort):
        click.echo("bench: interrupted; all servers are ended", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
