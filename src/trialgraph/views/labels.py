"""Label lookup: the English label of each IRI, or the one without language, where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import TrialgraphError
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, read_table
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.rdf.vocabulary import RDFS, SKOS

__all__ = ["find_labels"]

#: Nothing in a release has a longer IRI.
LONGEST: Final = 4_000
QUERY: Final = f"""
SELECT ?iri (MIN(?text) AS ?label) {{
  VALUES ?iri {{ IRIS }}
  ?iri {RDFS.label}|{SKOS.prefLabel} ?text
  FILTER(LANG(?text) IN ("", "en"))
}} GROUP BY ?iri
"""


def find_labels(pool: Pool, terms: Iterable[NamedNode], seconds: float) -> dict[str, str]:
    """IRI -> label; fewer where the workers are busy or labels are very long.

    An answer without labels is better than none.

    :param seconds: the most time that this may take
    """
    # the list and the query around it have to pass the guard
    most = pool.settings.query_bytes - len(QUERY)
    values, size = [], 0
    named = {term.value for term in terms if len(term.value) <= LONGEST}
    made = {iri: label for iri in named if (label := provenance_label(iri))}
    for iri in sorted(named - made.keys()):
        size += len(iri.encode()) + 3
        if size > most:
            break
        values.append(f"<{iri}>")
    if not values:
        return made
    try:
        query, budget = QUERY.replace("IRIS", " ".join(values)), pool.settings.page_bytes
        with pool.run(query, seconds=seconds, most_bytes=budget) as answer:
            table = read_table(answer, most_bytes=budget)
    except TrialgraphError:
        return made
    assert isinstance(table, ResultTable)  # noqa: S101 - a SELECT
    return made | {
        iri.value: label.value
        for iri, label in table.rows
        if isinstance(iri, NamedNode) and isinstance(label, Literal)
    }
