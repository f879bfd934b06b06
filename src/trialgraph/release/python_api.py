"""An opened release for Python: rdflib dataset, SPARQL, trials as a DataFrame, ontology as objects."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trialgraph.base.errors import InputError
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

if TYPE_CHECKING:
    import owlready2  # type: ignore[import-untyped]  # ships no types
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are a package of their own
    from rdflib import Dataset
    from rdflib.query import Result

__all__ = ["Opened"]


class Opened:
    """A release, opened to read. Nothing here writes, and nothing reaches the network unless a query does.

    :param release: from :func:`trialgraph.release.open.open_release`
    """

    def __init__(self, release: Release) -> None:
        self.release = release

    @property
    def hash(self) -> str:
        """The release's name: the SHA-256 of its dataset."""
        return self.release.hash

    @cached_property
    def dataset(self) -> Dataset:
        """The dataset for rdflib, in the engine's store (oxrdflib); its default graph is the merge of all."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        from trialgraph.rdf.vocabulary import PREFIXES

        made = Dataset(store=OxigraphStore(store=open_store(self.release)))
        for prefix, namespace in PREFIXES.items():
            made.namespace_manager.bind(prefix, namespace, override=False)
        return made

    def query(self, sparql: str) -> Result:
        """Answer a query over the whole dataset; rows are rdflib terms.

        :param sparql: SPARQL 1.1 as text (a prepared query would be evaluated by rdflib's own engine)
        """
        return self.dataset.query(sparql)

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row per report, the columns of ``trialgraph trials``; plural columns hold lists.

        :raises InputError: pandas is not installed
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise InputError("pandas is not installed", hint="pip install 'trialgraph[pandas]'") from error
        from trialgraph.extract.trials_table import from_csv

        frame = pd.DataFrame(from_csv(self.release.file("trials.csv").read_text(encoding="utf-8")))
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
