"""A file to a new seed folder: a copy, ``source.toml`` with what it seems to be, ``LICENCE.md`` to complete by hand."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import tomlkit

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.proposal import ColumnProposal, Proposal, propose
from trialgraph.extract.sources import read_source

__all__ = ["add_source", "slug_of", "write_folder"]

_LICENCE: Final = """\
# Licence of this source

The wording in `{file}` (SHA-256 `{sha256}`) stands under the licence of its publication: (name it, with its address).
Facts read from it are free; the wording is not. In the graph it stands in the named graph `provenance` alone.
"""
_UNKNOWN: Final = "unknown: kept as text, not read"


def add_source(file: Path, seeds: Path, settings: Settings | None = None) -> Path:
    """Write ``seeds/<slug>/`` for a new source as it is proposed; the slug is the file's stem in small letters.

    :param settings: the limits of what is read; None: those of the environment
    :returns: the folder
    :raises InputError: the file cannot be read as a table, or the folder exists
    """
    settings = settings or Settings.load()
    slug_of(file)
    return write_folder(propose(read_source(file, settings), settings), file, seeds)


def slug_of(file: Path) -> str:
    """The name of the folder for a file: its stem in small letters, accents taken off: ``table-1-senal``.

    :raises InputError: it has no letter and no digit
    """
    plain = unicodedata.normalize("NFKD", file.stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not slug:
        raise InputError(
            "the file's name makes no slug", where=str(file), hint="rename it to letters and digits"
        )
    return slug


def write_folder(proposal: Proposal, file: Path, seeds: Path) -> Path:
    """Write the folder of a proposal, whole or not at all; a column that is not sure gets a line that a build refuses.

    :raises InputError: the folder exists, or cannot be written
    """
    folder = seeds / slug_of(file)
    name = f"source{file.suffix.lower() or '.txt'}"
    if folder.exists():
        raise InputError(
            "the folder is there already", where=str(folder), hint="rename the file or edit the folder"
        )
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        # A name that begins with a dot is no source: what is killed here leaves none behind.
        with TemporaryDirectory(prefix=".adding-", dir=seeds) as aside:
            made = Path(aside) / folder.name
            made.mkdir()
            (made / name).write_bytes(proposal.source.data)
            (made / "source.toml").write_text(_settings(proposal), encoding="utf-8")
            licence = _LICENCE.format(file=name, sha256=proposal.source.sha256)
            (made / "LICENCE.md").write_text(licence, encoding="utf-8")
            made.rename(folder)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", where=str(folder), hint="check the disk"
        ) from error
    return folder


def _settings(proposal: Proposal) -> str:
    made = tomlkit.document()
    made.add(
        tomlkit.comment(
            "What this source is. The file beside this one is kept as received; complete the empty lines."
        )
    )
    made["kind"] = proposal.source.kind
    if proposal.number is not None:
        made["file_table"] = proposal.number
        made["file_table"].comment("which of the tables in the file")
    made["title"] = proposal.title
    made["published_in"] = ""
    made.add(tomlkit.comment("issued = 2025-01-31"))
    made["doi"] = proposal.doi
    if proposal.caption:
        made.add(tomlkit.comment(f"caption: {proposal.caption}"))
    made.add(tomlkit.comment("The table's number in the publication: table = 1"))
    made.add(tomlkit.comment("retrieved = 2025-01-31"))
    made["sha256"] = proposal.source.sha256
    made.add(
        tomlkit.comment(
            "The SPDX id of the licence under which it stands, its address, and what is known of the rights."
        )
    )
    if proposal.licence:
        made.add(tomlkit.comment(f"The file names {proposal.licence}"))
    made["licence"] = proposal.spdx
    for key in ("licence_iri", "rights"):
        made[key] = ""
    made.add(tomlkit.nl())
    rows, unread = len(proposal.table.rows), len(proposal.table.unread)
    made.add(tomlkit.comment(f"Columns as read ({rows} rows, {unread} not read):"))
    made["columns"] = _columns(proposal)
    return tomlkit.dumps(made)


def _columns(proposal: Proposal) -> tomlkit.items.Table:
    """The table ``[columns]``: what is known stands in comments, what somebody must decide or has decided in lines."""
    made = tomlkit.table()
    made.add(
        tomlkit.comment(
            'To assign a column: "Heading" = "field", a list of fields, or "ignore"; "#3" is the third.'
        )
    )
    for column in proposal.columns:
        for line in _about(column):
            made.add(tomlkit.comment(line))
        if not column.sure:
            made.add(column.key, "? " + ", ".join(column.fields))
        elif column.why == "decided":
            made.add(
                column.key, column.fields[0] if len(column.fields) == 1 else list(column.fields) or "ignore"
            )
    return made


def _about(column: ColumnProposal) -> list[str]:
    fields = ", ".join(column.fields) or _UNKNOWN
    lines = [
        f"{column.header or column.key} -> {fields}"
        + (f", for example: {column.example}" if column.example else "")
    ]
    if column.why and column.why != "decided":
        lines.append(f"  confidence {column.confidence:.2f}: {column.why}")
    return lines
