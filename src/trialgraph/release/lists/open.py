"""Opening the lists of a release; where the file is missing or is not as it was written, they are made again.

What is made again is a temporary file without a name: nothing is changed in the release, which may be read-only.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from trialgraph.base.errors import ReleaseError, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.release.lists.examples import found_examples
from trialgraph.release.lists.gathered import gathered
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.lists_file import LISTS_FILE, write_lists
from trialgraph.release.lists.queries import Select
from trialgraph.release.manifest import ALL_COLUMNS
from trialgraph.release.open import Release, sha256_of

__all__ = ["lists_fault", "open_lists", "read_table"]

log = logging.getLogger(__name__)


def open_lists(release: Release, select: Select, settings: Settings) -> Lists:
    """The lists of a release.

    :param select: asks its graph, where they have to be made again
    :raises ReleaseError: they cannot be made again, either
    """
    fault = lists_fault(release)
    if not fault:
        try:
            return Lists(release.path / LISTS_FILE)
        except ReleaseError as error:
            fault = error.what
    log.warning("%s of release %s: %s; it is made again", LISTS_FILE, release.hash[:12], fault)
    return _made_again(release, select, settings)


def lists_fault(release: Release) -> str:
    """In which way the file is not that of the manifest; empty where it is."""
    expected = release.manifest["files"].get(LISTS_FILE)
    if not expected:
        return "the release was built without it"
    found = sha256_of(release.path / LISTS_FILE)
    if not found:
        return "it is missing"
    return "" if found == expected else "it is not as it was written"


def _made_again(release: Release, select: Select, settings: Settings) -> Lists:
    held = gathered(select, read_table(release), settings)
    try:
        held = replace(held, examples=found_examples(select))
    except TrialgraphError as error:  # pages can do without
        log.warning("the schema card of release %s has no examples: %s", release.hash[:12], error.what)
    try:
        with tempfile.TemporaryDirectory(prefix="trialgraph-") as folder:
            path = Path(folder) / LISTS_FILE
            write_lists(path, held)
            return Lists(path)  # it stays open, and goes with this process
    except OSError as error:
        raise ReleaseError(
            f"{LISTS_FILE} cannot be made again: {error}", hint="make room, or build again"
        ) from error


def read_table(release: Release) -> str:
    """The table of a release as text: with all columns, or of an older release those that it has.

    :raises ReleaseError: it cannot be read
    """
    name = ALL_COLUMNS if ALL_COLUMNS in release.manifest["files"] else "trials.csv"
    path = release.file(name)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error
