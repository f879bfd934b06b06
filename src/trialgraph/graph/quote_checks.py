"""What is quoted against the source: cells and unread lines hold the very characters that stand where they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from pyoxigraph import QuerySolutions, Store

from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.extract.tables import texts_by_address
from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OA, RDF, TG

__all__ = ["misquoted"]

_RANGES: Final = f"""
SELECT ?focus ?source ?start ?end ?words WHERE {{
  {{ ?focus {OA.hasSource} ?source ; {TG.cellText} ?words ; {OA.hasSelector} ?p .
     ?p {OA.start} ?start ; {OA.end} ?end }}
  UNION
  {{ ?focus {TG.fromSource} ?source ; {TG.lineText} ?words ; {TG.startOffset} ?start ; {TG.endOffset} ?end }}
}}"""
_ADDRESSES: Final = f"""
SELECT ?focus ?source ?address ?start ?end ?words WHERE {{
  ?focus {OA.hasSource} ?source ; {TG.cellText} ?words ; {OA.hasSelector} ?selector .
  ?selector {RDF.value} ?address ; {OA.refinedBy} ?p . ?p {OA.start} ?start ; {OA.end} ?end .
}}"""


def misquoted(
    store: Store, read: Sequence[Source], settings: Settings, *, all_read: bool
) -> Iterator[CheckResult]:
    """Cells and unread lines that hold other characters than their source does in their place.

    :param read: the sources; a cell of another one cannot be compared
    :param settings: the limits of tables and packed files
    :param all_read: whether each source that is cited should be among them
    """
    sources = {iris.source(source.slug).value: source for source in read}
    # Texts of records are compared while their record is in memory (build/record_reports.py).
    of_records = {name for name, source in sources.items() if source.kind == "registry"}
    finding = partial(_finding, sources, all_read)
    grids = {
        name: texts_by_address(source, settings) for name, source in sources.items() if name not in of_records
    }
    # An unread row of a grid holds its cells, joined by tabs.
    every = {
        name: {text for texts in grid.values() for text in texts} for name, grid in grids.items() if grid
    }
    for answer in _answers(store, _RANGES):
        node, source, words = (answer[name].value for name in ("focus", "source", "words"))
        start, end = int(answer["start"].value), int(answer["end"].value)
        if source in every:
            yield from finding(node, source, every[source].issuperset(words.split("\t")))
        else:
            yield from finding(node, source, source in sources and sources[source].text[start:end] == words)
    for answer in _answers(store, _ADDRESSES):
        node, source, words = (answer[name].value for name in ("focus", "source", "words"))
        start, end = int(answer["start"].value), int(answer["end"].value)
        if source in of_records:
            continue
        texts = grids.get(source, {}).get(answer["address"].value, frozenset())
        yield from finding(node, source, any(text[start:end] == words for text in texts))


def _finding(
    sources: Mapping[str, Source], all_read: bool, node: str, source: str, same: bool
) -> Iterator[CheckResult]:
    if same:
        return
    if source in sources:
        yield CheckResult("violation", node, "the source has other characters there")
    elif all_read:
        yield CheckResult("violation", node, f"it cites a source that was not read: {source}")
    else:
        yield CheckResult("info", source, "its text is not here, so the cells are not compared with it")


def _answers(store: Store, query: str) -> QuerySolutions:
    answers = store.query(query, use_default_graph_as_union=True)
    assert isinstance(answers, QuerySolutions), query  # noqa: S101 - ours are SELECTs: a bug, not an input
    return answers
