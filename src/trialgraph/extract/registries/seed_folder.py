"""A registry's file to a new seed folder: a copy, ``source.toml`` with what it is, ``LICENCE.md`` to complete."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import tomlkit

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.registries.formats.registry_file import raw_records
from trialgraph.extract.registries.source import KIND, registry_input
from trialgraph.extract.seed_folder import slug_of

__all__ = ["AddedRegistryFile", "add_registry_file"]

#: What is known of the licence of a registry's records: SPDX id, and the rights in words.
_PUBLIC_DOMAIN: Final = (
    "CC-PDM-1.0",
    "Records of ClinicalTrials.gov are works of the US government and of its data providers, free to use; name the "
    "registry and the date of the data.",
)
_TITLES: Final = {
    "clinicaltrials_gov": "Records of ClinicalTrials.gov",
    "clinicaltrials_gov_versions": "Dated versions of records of ClinicalTrials.gov",
    "ictrp": "Records of the WHO's International Clinical Trials Registry Platform",
}
_LICENCE: Final = """\
# Licence of this source

The records in `{file}` (SHA-256 `{sha256}`) stand under the terms of their registry: {terms}
"""


class AddedRegistryFile:
    """What was added.

    :param folder: the seed folder
    :param records: how many records can be read
    :param missing: what ``source.toml`` lacks
    """

    def __init__(self, folder: Path, records: int, missing: list[str]) -> None:
        self.folder, self.records, self.missing = folder, records, missing


def add_registry_file(
    file: Path, seeds: Path, settings: Settings, *, title: str = "", licence: str = ""
) -> AddedRegistryFile:
    """Write ``seeds/<slug>/`` for a registry's file, whole or not at all; the file is copied byte for byte.

    :param title: of the source; empty: whose records it holds
    :param licence: its SPDX id; empty: what is known of the registry
    :raises InputError: no record in it can be read, the folder exists, or it cannot be written
    """
    found = registry_input(file, file, settings)
    kinds = Counter(raw.mapping for raw in raw_records(file, settings) if raw.problem is None)
    mapping = kinds.most_common(1)[0][0]
    rights = ""
    if not licence and all(kind.startswith("clinicaltrials_gov") for kind in kinds):
        licence, rights = _PUBLIC_DOMAIN
    folder = seeds / slug_of(Path(found.file.slug))
    name = f"source{''.join(file.suffixes[-2:] if file.suffix in ('.gz', '.zip') else file.suffixes[-1:]).lower()}"
    if folder.exists():
        raise InputError(
            "the folder is there already", where=str(folder), hint="rename the file or edit the folder"
        )
    about = tomlkit.document()
    about.add(tomlkit.comment("What this source is. The file beside this one is kept as received."))
    about["kind"] = KIND
    about["title"] = title or _TITLES[mapping]
    about.add(tomlkit.comment("retrieved = 2025-01-31"))
    about["sha256"] = found.source.sha256
    about["licence"] = licence
    about["rights"] = rights
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".adding-", dir=seeds) as aside:
            made = Path(aside) / folder.name
            made.mkdir()
            shutil.copyfile(file, made / name)
            (made / "source.toml").write_text(tomlkit.dumps(about), encoding="utf-8")
            terms = rights or "(name them, with their address)."
            text = _LICENCE.format(file=name, sha256=found.source.sha256, terms=terms)
            (made / "LICENCE.md").write_text(text, encoding="utf-8")
            made.rename(folder)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", where=str(folder), hint="check the disk"
        ) from error
    return AddedRegistryFile(folder, found.file.readable, [] if licence else ["licence"])
