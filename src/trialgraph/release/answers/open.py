"""The prepared answers of a release: found by the text of a query, compared with their checksum before use."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from trialgraph.rdf.formats import FORMATS
from trialgraph.release.answers.write import ANSWERS, INDEX
from trialgraph.release.files.stored_file import StoredFile
from trialgraph.release.open import Release, sha256_of

__all__ = ["PreparedAnswers", "answers_fault"]

log = logging.getLogger(__name__)

_SUFFIXES: Final = {name: form.suffix for name, form in FORMATS.items()}


@dataclass(slots=True)
class PreparedAnswers:
    """The answers that the build of a release has prepared.

    :param texts: slug -> the query with its default values, as it was evaluated
    :param left_out: slug -> why there is no answer
    """

    folder: Path
    digests: Mapping[str, str]
    texts: Mapping[str, str]
    left_out: Mapping[str, str]
    _files: Mapping[str, frozenset[str]]
    _compared: dict[str, StoredFile | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, release: Release) -> PreparedAnswers:
        """Those of a release; none where it has none, or where its index is not as it was built."""
        folder, digests = release.path / ANSWERS, release.manifest.get(ANSWERS, {})
        index: dict[str, Any] = {}
        if digests:
            if sha256_of(folder / INDEX) == digests.get(INDEX):
                index = json.loads((folder / INDEX).read_bytes())
            else:
                _warn(release.path.name, INDEX)
        return cls(
            folder,
            digests,
            {slug: held["text"] for slug, held in index.items() if held["files"]},
            {slug: held["left_out"] for slug, held in index.items() if "left_out" in held},
            {slug: frozenset(held["files"]) for slug, held in index.items()},
        )

    @property
    def slugs(self) -> dict[str, str]:
        """The slugs by the text of their queries."""
        return {text: slug for slug, text in self.texts.items()}

    def find(self, slug: str, format_name: str) -> StoredFile | None:
        """The answer of a query in a format; None where there is no file, or where it is not as it was built."""
        name = f"{slug}.{_SUFFIXES[format_name]}"
        if name not in self._files.get(slug, ()):
            return None
        with self._lock:
            if name not in self._compared:
                self._compared[name] = self._as_built(name)
            return self._compared[name]

    def _as_built(self, name: str) -> StoredFile | None:
        path = self.folder / name
        if sha256_of(path) != self.digests.get(name):
            _warn(self.folder.parent.name, name)
            return None
        return StoredFile.whole(path, self.digests[name])


def _warn(release: str, name: str) -> None:
    log.warning(
        "release %s: %s/%s is missing or not as it was built: %s evaluated instead; make the release again with: "
        "trialgraph build",
        release[:12],
        ANSWERS,
        name,
        "all saved queries are" if name == INDEX else "its query is",
    )


def answers_fault(release: Release) -> str:
    """In which way the prepared answers of a release are not those of its manifest; empty where they are."""
    folder, digests = release.path / ANSWERS, release.manifest.get(ANSWERS, {})
    for name, digest in sorted(digests.items()):
        if not (folder / name).is_file():
            return f"its file {name} is missing"
        if sha256_of(folder / name) != digest:
            return f"its file {name} is not as it was written"
    return ""
