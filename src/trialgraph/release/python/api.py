"""An opened release for Python: saved queries, SPARQL, rdflib dataset, trials as a DataFrame, ontology as objects."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from trialgraph.base.errors import UsageError
from trialgraph.base.settings import Settings
from trialgraph.questions.saved_queries import read_queries
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

if TYPE_CHECKING:
    import owlready2  # type: ignore[import-untyped]  # ships no types
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are a package of their own
    from pyoxigraph import Store
    from rdflib import Dataset

    from trialgraph.release.answers.open import PreparedAnswers
    from trialgraph.release.python.questions import Questions
    from trialgraph.release.python.rows import Rows

__all__ = ["Opened"]

#: What is meant as the slug of a saved query; no SPARQL looks like it.
_SLUG: Final = re.compile(r"[\w-]+")


class Opened:
    """A release, opened to read. Nothing here writes, and nothing reaches the network unless a query does.

    ``queries`` lists the saved queries, ``query`` answers one of them or SPARQL of your own, ``trials`` is the evidence
    table, ``dataset`` the whole graph for rdflib, ``ontology`` the same as Python objects.

    :param release: from :func:`trialgraph.release.open.open_release`
    :param settings: the limits of saved queries; None: those of the environment
    """

    def __init__(self, release: Release, settings: Settings | None = None) -> None:
        self.release = release
        self._settings = settings or Settings.load()

    @property
    def hash(self) -> str:
        """The release's name: the SHA-256 of its dataset."""
        return self.release.hash

    @cached_property
    def _store(self) -> Store:
        return open_store(self.release)

    @cached_property
    def dataset(self) -> Dataset:
        """The dataset for rdflib, in the engine's store (oxrdflib); its default graph is the merge of all."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        from trialgraph.rdf.vocabulary import PREFIXES

        made = Dataset(store=OxigraphStore(store=self._store))
        for prefix, namespace in PREFIXES.items():
            made.namespace_manager.bind(prefix, namespace, override=False)
        return made

    @cached_property
    def queries(self) -> Questions:
        """The saved queries with their parameters, by slug: print it, or one of them, to see what they take.

        >>> graph.queries                                    # doctest: +SKIP
        >>> graph.queries["trials-by-disease"]               # doctest: +SKIP
        >>> graph.queries["trials-by-disease"].choices("disease")  # doctest: +SKIP
        """
        from trialgraph.release.names.parameter_values import ParameterValues
        from trialgraph.release.python.questions import Questions

        values = ParameterValues.of_store(self._store)
        return Questions(read_queries(settings=self._settings), self._ask, values)

    def query(self, sparql: str, **parameters: object) -> Rows:
        """Answer a saved query, or SPARQL, over the whole dataset.

        >>> graph.query("trials-by-disease", disease="MONDO:0002562").df()               # doctest: +SKIP
        >>> graph.query("SELECT ?label { ?trial a tg:Trial ; rdfs:label ?label }").df()  # doctest: +SKIP

        Rows are rdflib terms; ``.df()`` makes a DataFrame of Python values. The graph's prefixes need no declaration.

        :param sparql: the slug of a saved query (``graph.queries`` lists them), or SPARQL 1.1 as text
        :param parameters: of the saved query: names or ids of terms, numbers, dates or words
        :raises trialgraph.base.errors.UsageError: there is no such saved query or parameter (the error names the
            nearest), or a value does not fit
        """
        if _SLUG.fullmatch(sparql.strip()):
            return self.queries[sparql.strip()](**parameters)
        if parameters:
            raise UsageError("only saved queries take parameters", hint="give the slug of one: see .queries")
        return self._ask(sparql)

    @cached_property
    def _prepared(self) -> PreparedAnswers:
        from trialgraph.release.answers.open import PreparedAnswers

        return PreparedAnswers.of(self.release)

    def _ask(self, sparql: str) -> Rows:
        from trialgraph.release.python.rows import Rows, prepared_rows

        slug = self._prepared.slugs.get(sparql)
        if slug and (rows := prepared_rows(self._prepared, slug)):
            return rows
        return Rows(self.dataset.query(sparql))

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row per report, the columns of ``trialgraph trials``; plural columns hold lists.

        :raises InputError: pandas is not installed
        """
        from trialgraph.extract.trials_table import from_csv
        from trialgraph.release.python.rows import pandas

        frame = pandas().DataFrame(from_csv(self.release.file("trials.csv").read_text(encoding="utf-8")))
        counts = ["row", "n_total", "n_treatment", "n_control", "dose_low", "dose_high", "reference"]
        return frame.astype(dict.fromkeys(counts, "Int64"))

    @cached_property
    def ontology(self) -> owlready2.Ontology:
        """The ontology with the release's individuals as Python objects (owlready2)."""
        from trialgraph.terminology.ontology import load

        return load(self.release.file("trialgraph.nt"))

    def __repr__(self) -> str:
        counts: dict[str, Any] = dict(self.release.manifest["counts"])
        counted = json.dumps({k: counts[k] for k in ("trials", "reports", "triples", "conflicts")})
        return f"<trialgraph release {self.hash[:12]} {counted}>"
