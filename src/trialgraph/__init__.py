"""trialgraph: clinical trials read out of review tables into a traceable RDF graph.

>>> import trialgraph
>>> graph = trialgraph.open()       # the release that `trialgraph build` made    # doctest: +SKIP
>>> graph.queries                   # the saved queries with their parameters     # doctest: +SKIP
>>> graph.query("trials-by-disease", disease="MONDO:0002562").df()                # doctest: +SKIP
>>> graph.query("SELECT ?label { ?trial a tg:Trial ; rdfs:label ?label }").df()   # doctest: +SKIP
>>> graph.trials                    # the evidence table as a DataFrame           # doctest: +SKIP
>>> graph.dataset                   # an rdflib Dataset                           # doctest: +SKIP
>>> graph.ontology                  # the ontology as Python objects (owlready2)  # doctest: +SKIP

``help(trialgraph.open)`` and ``help(graph.query)`` say more. DataFrames need pandas: pip install 'trialgraph[pandas]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trialgraph.base.settings import Settings
    from trialgraph.release.python.api import Opened

__all__ = ["__version__", "open"]

if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: few do, and it takes a tenth of a command's start."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("trialgraph")
    except PackageNotFoundError:  # run from a tree that is not installed
        return "0+unknown"


def open(release: str | Path | None = None, settings: Settings | None = None) -> Opened:  # noqa: A001 - reads as trialgraph.open()
    """Open a release: its graph, its trials, its ontology.

    :param release: the folder of a release or of releases; None: the current one under ``./releases``
    :param settings: None: those of the environment (:meth:`trialgraph.base.settings.Settings.load`)
    :raises trialgraph.base.errors.ReleaseError: there is none, or it is damaged
    """
    from trialgraph.base.settings import Settings
    from trialgraph.rdf.iris import use_base
    from trialgraph.release.open import open_release
    from trialgraph.release.python.api import Opened

    settings = settings or Settings.load()
    use_base(settings.base_iri)
    return Opened(open_release(release, settings), settings)
