"""The verb that uses the network: fetch."""

from __future__ import annotations

from pathlib import Path

import click

from trialgraph.cli.terminal import progress
from trialgraph.cli.verbs.common import Invocation, setting_options

__all__ = ["fetch"]


@setting_options("fetch")
@click.command()
@click.argument("names", nargs=-1, metavar="[ONTOLOGY]...")
@click.option(
    "--mirror", metavar="URL", help="Take the files from this address instead of their permanent URLs."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the module to FILE instead of the one that builds read.",
)
@click.pass_obj
def fetch(obj: Invocation, names: tuple[str, ...], mirror: str | None, output: Path | None) -> None:
    """Fetch the current releases of other ontologies and rebuild the module.

    The only verb that uses the network. ONTOLOGY is MONDO, CL, UBERON, …; by default all that have a permanent URL.
    Afterwards trialgraph check lists the terms that have become obsolete or were renamed.

    \b
    Example: trialgraph fetch MONDO CL
    """
    from trialgraph.terminology.fetch import fetch as fetched

    with progress(obj.quiet) as step:
        releases = fetched(names, mirror=mirror, target=output, progress=step, settings=obj.settings)
    for name, release in releases.items():
        print(f"{name}\t{release}")
