"""Hot reload: a new release is detected, opened and put into service without a restart, with the queries of now."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.server.live import Live
from trialgraph.http.site import Site
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.query.sound_queries import sound_queries
from trialgraph.questions.saved_queries import SavedQueries, SavedQuery
from trialgraph.release.manifest import MANIFEST
from trialgraph.release.open import open_release
from trialgraph.release.store_record import Standing, compare

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
    :param prepare: what a release in service is prepared by, beside its answers; None: nothing
    """

    def __init__(
        self,
        live: Live,
        home: Path,
        queries: Path | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._live, self._home, self._queries, self._prepare = live, home, queries, prepare
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
            pool = Pool(release, settings=old.settings, engine=engine_of(release, old.settings))
        except TrialgraphError as error:
            log.warning("release %s stays, the new one does not open: %s", old.release.hash[:12], error)
            return
        self._live.swap(Site(release, pool, self._read_queries(pool), old.federation, old.settings))
        log.info("serving release %s", release.hash[:12])
        self.compare_store()
        if self._prepare:
            threading.Thread(target=self._prepare, name="preparing the release", daemon=True).start()

    def compare_store(self) -> None:
        """Compare the bytes of the store that is served, beside the answers, where that was not done before."""
        here = self._live.site
        if not here.pool.store.compared:
            threading.Thread(
                target=self._compare, args=(here,), name="comparing the store", daemon=True
            ).start()

    def _compare(self, here: Site) -> None:
        """Serve on where the store is as it was built; else from the master, with new workers."""
        if compare(here.release.path) == here.pool.store.known:
            here.pool.store = replace(here.pool.store, compared=True)
            return
        log.error(
            "release %s: its store is not as it was built: answers given since its start may be wrong; "
            "from now on they come from its N-Quads",
            here.release.hash[:12],
        )
        try:
            pool = Pool(here.release, settings=here.settings, store=Standing("", compared=True))
        except TrialgraphError as error:
            log.error("release %s cannot be served: %s", here.release.hash[:12], error)
            here.pool.store = replace(here.pool.store, damaged=True)
            return
        if self._live.site is here:
            self._live.swap(Site(here.release, pool, here.queries, here.federation, here.settings))
        else:
            pool.close()

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
