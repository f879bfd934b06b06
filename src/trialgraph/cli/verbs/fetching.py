"""The verb that uses the network: fetch."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from trialgraph.base.errors import Findings, UsageError
from trialgraph.cli.terminal import print_message, progress
from trialgraph.cli.verbs.common import Invocation, setting_options

if TYPE_CHECKING:
    from trialgraph.base.settings import Settings

__all__ = ["fetch"]

_FOLDER: Final = Path("records")


@setting_options("fetch")
@click.command()
@click.argument("names", nargs=-1, metavar="[ONTOLOGY|NUMBER]...")
@click.option(
    "--ids", type=click.File("rb"), metavar="FILE", help="Fetch the records whose numbers stand in FILE."
)
@click.option(
    "--search", default="", metavar="WORDS", help="Fetch the records that the registry finds for WORDS."
)
@click.option("--condition", default="", metavar="WORDS", help="Likewise, with WORDS in the condition.")
@click.option("--intervention", default="", metavar="WORDS", help="Likewise, with WORDS in the intervention.")
@click.option("--anew", is_flag=True, help="Throw away what an interrupted fetch of these records left.")
@click.option(
    "--mirror", metavar="URL", help="Take ontologies from this address instead of their permanent URLs."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the module to this file instead of the one that builds read; records to this folder "
    "[default: records].",
)
@click.pass_obj
def fetch(
    obj: Invocation,
    names: tuple[str, ...],
    ids: IO[bytes] | None,
    search: str,
    condition: str,
    intervention: str,
    anew: bool,
    mirror: str | None,
    output: Path | None,
) -> None:
    """Fetch records of ClinicalTrials.gov, or current releases of other ontologies.

    The only verb that reads from other servers. NUMBER is that of a record, NCT01663116. Records go to a dated file,
    with a file of checksums beside it; the same command goes on where it was interrupted, and fetches what has changed.
    ONTOLOGY is MONDO, CL, UBERON, …; by default all that have a permanent URL: the module is rebuilt from them.
    Afterwards trialgraph check lists the terms that have become obsolete or were renamed.

    \b
    Example: trialgraph fetch NCT01663116 NCT02403947
    Example: trialgraph fetch --condition 'multiple sclerosis' --intervention 'mesenchymal stem cells'
    Example: trialgraph fetch MONDO CL
    """
    of_records = [name for name in names if name[:3].upper() == "NCT" or _is_number(name)]
    words = any((search, condition, intervention))
    if not (ids or words or of_records):
        _ontologies(obj, names, mirror, output)
        return
    if len(of_records) < len(names):
        other = next(name for name in names if name not in of_records)
        raise UsageError(f"{other!r} is no record", hint="fetch ontologies and records with two commands")
    if words and (ids or of_records):
        raise UsageError("numbers and words to search for", hint="fetch them with two commands")
    listed = [_listed(ids, obj.settings)] if ids else []
    texts = [*of_records, *listed]
    _records(obj, texts, (search, condition, intervention), output or _FOLDER, anew=anew)


def _ontologies(obj: Invocation, names: tuple[str, ...], mirror: str | None, output: Path | None) -> None:
    from trialgraph.terminology.fetch import fetch as fetched

    with progress(obj.quiet) as step:
        releases = fetched(names, mirror=mirror, target=output, progress=step, settings=obj.settings)
    for name, release in releases.items():
        print(f"{name}\t{release}")


def _records(
    obj: Invocation, texts: list[str], words: tuple[str, str, str], folder: Path, *, anew: bool
) -> None:
    from trialgraph.extract.registries.fetching.records import fetch_records
    from trialgraph.extract.registries.fetching.request import RecordRequest, numbers_in

    request = RecordRequest(numbers_in(texts) if texts else (), *words)
    with progress(obj.quiet) as step:
        made = fetch_records(request, folder, obj.settings, say=step, anew=anew)
    print(f"{made.path}\t{made.studies}\t{made.data_version}\t{'new' if made.is_new else 'not changed'}")
    for finding in made.findings:
        print_message(finding)
    if made.findings:
        raise Findings(f"{len(made.findings)} findings")


def _listed(ids: IO[bytes], settings: Settings) -> str:
    from trialgraph.extract.registries.numbers.listed_numbers import read_list_of

    return read_list_of(ids, "--ids", settings)


def _is_number(text: str) -> bool:
    from trialgraph.extract.text.registries import find_numbers

    return any(True for _ in find_numbers(text))
