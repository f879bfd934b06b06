"""trialgraph: clinical trials read out of review tables into a traceable RDF graph.

>>> import trialgraph
>>> graph = trialgraph.open()                       # the release that `trialgraph build` made   # doctest: +SKIP
>>> graph.query("SELECT (COUNT(?t) AS ?n) { ?t a <https://w3id.org/trialgraph/ontology/Trial> }")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trialgraph.base.settings import Settings
    from trialgraph.release.python_api import Opened

__all__ = ["__version__", "open"]

try:
    __version__ = version("trialgraph")
except PackageNotFoundError:  # run from a tree that is not installed
    __version__ = "0+unknown"


def open(release: str | Path | None = None, settings: Settings | None = None) -> Opened:  # noqa: A001 - reads as trialgraph.open()
    """Open a release: its graph, its trials, its ontology.

    :param release: the folder of a release or of releases; None: the current one under ``./releases``
    :param settings: None: those of the environment (:meth:`trialgraph.base.settings.Settings.load`)
    :raises trialgraph.base.errors.ReleaseError: there is none, or it is damaged
    """
    from trialgraph.base.settings import Settings
    from trialgraph.rdf.iris import use_base
    from trialgraph.release.open import open_release
    from trialgraph.release.python_api import Opened

    settings = settings or Settings.load()
    use_base(settings.base_iri)
    return Opened(open_release(release, settings))
