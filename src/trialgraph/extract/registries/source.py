"""A registry's file as a source of a build: a bare file, or a seed folder with its ``source.toml``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.base.small_files import inside, read_settings, small_text
from trialgraph.extract.curation import read_curation
from trialgraph.extract.registries.formats.containers import standard_input
from trialgraph.extract.registries.formats.registry_file import is_registry_file
from trialgraph.extract.registries.numbers.link_decisions import LinkDecisions, link_decisions
from trialgraph.extract.registries.reading import RegistrySource, See, registry_source
from trialgraph.extract.sources import Source

__all__ = ["KIND", "RegistryInput", "registry_file_of", "registry_input"]

#: What kind of file a source with records of a registry is, whatever its format.
KIND: Final = "registry"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RegistryInput:
    """A registry's file.

    :param source: as every source is described, without its bytes: it may be large
    :param file: with what the first pass over it found
    """

    source: Source
    file: RegistrySource


def registry_file_of(path: str | Path, settings: Settings = DEFAULTS) -> Path | None:
    """The registry's file that a path or the seed folder there is, or ``-`` for standard input; None where it is none.

    :param settings: the limits of ``source.toml`` and of standard input
    :raises InputError: the file of the folder is none, or a link leads out of it
    """
    if str(path) == "-":
        return Path("-") if is_registry_file("-", settings) else None
    found = Path(path)
    if found.is_dir():
        files = sorted(p for p in found.glob("source.*") if p.suffix != ".toml")
        if len(files) != 1 or _kind(found / "source.toml", settings) not in ("", KIND):
            return None
        found = inside(files[0], found)
    return found if found.is_file() and is_registry_file(found) else None


def _kind(sidecar: Path, settings: Settings) -> str:
    """The kind that a ``source.toml`` names: a registry's CSV that somebody calls a table is one."""
    try:
        return str(read_settings(sidecar, settings.sidecar_bytes, settings.sidecar_chars).get("kind") or "")
    except InputError:
        return "unknown"  # the reader of tables says what is wrong with it


def registry_input(
    path: str | Path, file: Path, settings: Settings, *, among: bool = False, see: See | None = None
) -> RegistryInput:
    """Look through a registry's file once, and read what ``source.toml`` says of it.

    :param path: of the seed folder, or the file itself
    :param file: from :func:`registry_file_of`
    :param among: whether it is one of several sources, of which some may have nothing that can be read
    :param see: is shown each record that can be read
    :raises InputError: it cannot be read, or none of its records, or its checksum is another one; a line of
        ``curation.tsv`` is on no link of its records
    """
    sha256 = _sha256(file, settings)
    source = Source("", file, "", sha256, KIND, detected=True)
    slug, decisions = "", LinkDecisions()
    if str(path) != "-" and Path(path).is_dir():
        folder = Path(path)
        sidecar = folder / "source.toml"
        meta = read_settings(sidecar, settings.sidecar_bytes, settings.sidecar_chars)
        wanted = str(meta.get("sha256", "")).lower()
        if sha256 != wanted:
            raise InputError(
                f"SHA-256 is {sha256}, source.toml says {wanted or 'nothing'}",
                where=str(file),
                hint="restore the file as received, or record a new source under a new slug",
            )
        slug = folder.resolve().name
        text = small_text(sidecar, folder, settings.sidecar_bytes)
        source = replace(source, meta=meta, sidecar=text, detected=False)
        decided = read_curation(source, settings, of_records=True)
        decisions = link_decisions(decided, str(file.parent / "curation.tsv"))
    found = registry_source(file, settings, decisions, among=among, see=see)
    found.slug = slug or found.slug
    return RegistryInput(replace(source, slug=found.slug), found)


def _sha256(file: Path, settings: Settings) -> str:
    whole = hashlib.sha256()
    if str(file) == "-":
        return hashlib.sha256(standard_input(settings)).hexdigest()
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                whole.update(chunk)
    except OSError as error:
        raise InputError(
            f"cannot be read ({(error.strerror or 'error').lower()})", where=str(file), hint="check the path"
        ) from error
    return whole.hexdigest()
