"""The verb that fills an external store: load."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialgraph.base.errors import Findings, UsageError
from trialgraph.cli.terminal import print_message
from trialgraph.cli.verbs.common import Invocation, release_option, setting_options, show_lines

if TYPE_CHECKING:
    from trialgraph.release.open import Release
    from trialgraph.remote.endpoint import Endpoint

__all__ = ["load"]


@setting_options("load")
@click.command()
@click.argument("url", required=False)
@release_option
@click.option(
    "--graph-store",
    metavar="URL",
    help="Where the store takes graphs (Graph Store Protocol). [default: as its engine has it beside URL]",
)
@click.option("--replace", "replacing", is_flag=True, help="Put the release in the place of what is there.")
@click.option(
    "--verify",
    "verifying",
    is_flag=True,
    help="Compare the store with the release: counts by graph, property and datatype, sampled resources.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write FILE as N-Quads for the bulk loader of an engine, instead of sending.",
)
@click.pass_obj
def load(
    obj: Invocation,
    url: str | None,
    release: Path | None,
    graph_store: str | None,
    replacing: bool,
    verifying: bool,
    output: Path | None,
) -> None:
    """Fill an external SPARQL 1.1 store with a release, for serve --store.

    URL is its query endpoint. What was interrupted goes on where it stopped; a store that holds the release already is
    left as it is. Name and password come from TRIALGRAPH_STORE_USER and TRIALGRAPH_STORE_PASSWORD, or a netrc file.

    \b
    Example: trialgraph load http://127.0.0.1:7878/query --verify
    """
    from trialgraph.release.open import open_release

    opened = open_release(release, obj.settings)
    if output is not None:
        if url or verifying or replacing:
            raise UsageError(
                "a file is written without a store", hint="leave URL, --verify and --replace out"
            )
        _write(opened, output)
        return
    if url is None:
        raise UsageError("there is no store to load into", hint="give its URL, or -o FILE")
    endpoint = _endpoint(obj, url)
    try:
        _sent(obj, opened, endpoint, graph_store, replacing=replacing)
        if verifying:
            _verified(obj, opened, endpoint)
    finally:
        endpoint.client.close()


def _write(release: Release, output: Path) -> None:
    from trialgraph.base.replace_file import replacing
    from trialgraph.remote.load import as_quads

    try:
        with replacing(output) as aside, aside.open("wb") as file:
            file.writelines(as_quads(release))
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", where=str(output), hint="choose another file"
        ) from error


def _endpoint(obj: Invocation, url: str) -> Endpoint:
    from trialgraph.remote.address import store_address
    from trialgraph.remote.client import StoreClient
    from trialgraph.remote.endpoint import Endpoint

    settings = obj.settings
    return Endpoint(StoreClient(store_address(url, settings), settings.store_seconds), settings.store_kind)


def _sent(
    obj: Invocation, release: Release, endpoint: Endpoint, graph_store: str | None, *, replacing: bool
) -> None:
    from trialgraph.remote.address import StoreAddress, store_address
    from trialgraph.remote.engines import graph_store_address
    from trialgraph.remote.load import load as load_release

    settings = obj.settings
    address = endpoint.client.address
    told = store_address(graph_store, settings) if graph_store else None

    def graphs_at() -> StoreAddress:
        return told or graph_store_address(address, endpoint.kind)

    def progress(done: int, parts: int) -> None:
        print_message(f"part {done} of {parts}", quiet=obj.quiet)

    began = time.monotonic()
    loaded = load_release(release, endpoint, graphs_at, settings, replacing=replacing, progress=progress)
    if not loaded.sent:
        print_message("the store holds this release already", quiet=obj.quiet)
    print(
        f"parts={loaded.record.parts} sent={loaded.sent} hash={release.hash} seconds={time.monotonic() - began:.1f}"
    )


def _verified(obj: Invocation, release: Release, endpoint: Endpoint) -> None:
    """Compare, and tell what differs.

    :raises Findings: the store holds other statements than the release
    """
    from trialgraph.remote.verify import expected, verify

    began = time.monotonic()
    wanted = expected(release)
    found = verify(wanted, endpoint, obj.settings.store_seconds)
    for kind, number in sorted(found.spellings.items()):
        print_message(f"note: {number} of {kind} are written otherwise, with the same value", quiet=obj.quiet)
    print(
        f"graphs={len(wanted.properties)} compared={found.compared} differences={len(found.differences)}"
        f" seconds={time.monotonic() - began:.1f}"
    )
    if found.differences:
        show_lines([f"differs: {line}" for line in found.differences], obj.settings.listed_findings)
        raise Findings(f"{len(found.differences)} differences")
