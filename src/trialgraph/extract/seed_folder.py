"""A file to a new seed folder: a copy, its kind, ``source.toml`` and ``LICENCE.md`` to complete by hand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.sources import read_source
from trialgraph.extract.tables import read_rows

__all__ = ["add_source"]

_TEMPLATE: Final = """\
# What this source is. The text beside this file is kept byte for byte as received; complete the empty lines.
kind = "{kind}"
title = ""
published_in = ""
# issued = 2025-01-31
doi = ""
table = 1
# retrieved = 2025-01-31
sha256 = "{sha256}"
# The SPDX id of the licence under which the text stands, its address, and what is known of the rights.
licence = ""
licence_iri = ""
rights = ""
# Columns as read ({rows} rows, {unread} not read):
{columns}
"""
_LICENCE: Final = """\
# Licence of this source

The wording in `{file}` (SHA-256 `{sha256}`) stands under the licence of its publication: (name it, with its address).
Facts read from it are free; the wording is not. In the graph it stands in the named graph `provenance` alone.
"""


def add_source(file: Path, seeds: Path, settings: Settings | None = None) -> Path:
    """Write ``seeds/<slug>/`` for a new source; the slug is the file's stem in small letters.

    :param settings: the limits of what is read; None: those of the environment
    :returns: the folder
    :raises InputError: the file cannot be read as a table, or the folder exists
    """
    settings = settings or Settings.load()
    source = read_source(file, settings)
    table = read_rows(source, settings)
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not slug:
        raise InputError(
            "the file's name makes no slug", where=str(file), hint="rename it to letters and digits"
        )
    folder = seeds / slug
    columns = "\n".join(f"#   {c.header} -> {c.field or 'unknown: kept as text'}" for c in table.columns)
    written = _TEMPLATE.format(
        kind=source.kind, sha256=source.sha256, rows=len(table.rows),
        unread=len(table.unread), columns=columns,
    )  # fmt: skip
    try:
        folder.mkdir(parents=True)
        shutil.copyfile(file, folder / f"source{file.suffix or '.txt'}")
        (folder / "source.toml").write_text(written, encoding="utf-8")
        licence = _LICENCE.format(file=f"source{file.suffix or '.txt'}", sha256=source.sha256)
        (folder / "LICENCE.md").write_text(licence, encoding="utf-8")
    except FileExistsError as error:
        raise InputError(
            "the folder is there already", where=str(folder), hint="rename the file or edit the folder"
        ) from error
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", where=str(folder), hint="check the disk"
        ) from error
    return folder
