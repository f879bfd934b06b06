"""Hot reload: a new release is detected, opened and put into service without a restart, with the queries of now."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.server.live import Live
from trialgraph.http.site import Site
from trialgraph.query.pool import Pool
from trialgraph.query.sound_queries import sound_queries
from trialgraph.questions.saved_queries import SavedQueries, SavedQuery
from trialgraph.release.manifest import MANIFEST
from trialgraph.release.open import open_release

__all__ = ["Renewal", "report_broken"]

log = logging.getLogger(__name__)

#: What tells two releases apart without reading them: folder, and inode and time of the manifest.
Mark = tuple[str, int, int]
NOTHING: Final[Mark] = ("", 0, 0)


class Renewal:
    """Watches the folder of releases and puts a new one into service.

    :param live: the release in service
    :param home: a folder of releases, whose ``current`` is followed; or a release, which is only reloaded
    :param queries: the folder of saved queries, read again for each release; None: the packaged ones
    """

    def __init__(self, live: Live, home: Path, queries: Path | None = None) -> None:
        self._live, self._home, self._queries = live, home, queries
        self._followed = not (home / MANIFEST).is_file()
        self._seen = _mark(live.site.release.path)

    def look(self) -> None:
        """Reload if ``current`` leads to another release than before."""
        if self._followed and _mark(self._home / "current") not in (self._seen, NOTHING):
            self.renew()

    def renew(self) -> None:
        """Put the present release into service. If it does not open, the old one stays and a warning is logged."""
        self._seen = _mark(self._home / "current" if self._followed else self._home)
        old = self._live.site
        try:
            release = open_release(self._home, old.settings)
            pool = Pool(release, settings=old.settings)
        except TrialgraphError as error:
            log.warning("release %s stays, the new one does not open: %s", old.release.hash[:12], error)
            return
        self._live.swap(Site(release, pool, self._read_queries(pool), old.federation, old.settings))
        log.info("serving release %s", release.hash[:12])

    def _read_queries(self, pool: Pool) -> Mapping[str, SavedQuery]:
        old = self._live.site
        try:
            queries = sound_queries(old.settings, self._queries, pool.graphs)
        except TrialgraphError as error:
            log.warning("the saved queries stay, the new ones cannot be read: %s", error)
            return old.queries
        report_broken(queries)
        return queries


def report_broken(queries: SavedQueries) -> None:
    """Log each saved query that cannot be answered, with file and line."""
    for error in queries.broken.values():
        log.warning("a saved query is left out: %s", error)


def _mark(folder: Path) -> Mark:
    try:
        resolved = folder.resolve(strict=True)
        found = (resolved / MANIFEST).stat()
    except OSError:
        return NOTHING  # being swapped, or gone: what is served stays
    return str(resolved), found.st_ino, found.st_mtime_ns
