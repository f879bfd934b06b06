"""``/search``: trials, diseases, cells, outcomes … by name and synonym, each with the trials behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from trialgraph.base.errors import UsageError
from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import address
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.formats import HTML, JSON
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import compact
from trialgraph.views.facets import FACETS, NONE, Index
from trialgraph.views.search_index import SearchEntry, SearchIndex

__all__ = ["blueprint"]

blueprint = Blueprint("search", __name__)

TRIAL: Final = "Trial"
NAMES: Final = "rdfs:label oboInOwl:hasExactSynonym oboInOwl:hasRelatedSynonym skos:altLabel skos:notation"
#: IRIs in one query for synonyms, so that its text stays below the setting ``query_bytes``.
BATCH: Final = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the page displays it.

    :param about: address of its own page
    :param trials: address of the trials behind it; empty for a trial
    :param count: how many they are, narrower terms included
    """

    kind: str
    iri: str
    label: str
    about: str
    trials: str = ""
    count: int = 0


@blueprint.get("/search")
def search() -> Response:
    """What the words find, as a page or as JSON."""
    words = request.args.get("q", "").strip()
    if len(words) > site().settings.search_chars:
        raise UsageError("this is too long to be searched for", where="q", hint="give a few words")
    index = site().once("search", lambda: SearchIndex(_entries(index_of_trials())))
    hits = list(_found(index.find(words, site().settings.search_hits)))
    nearest = index.nearest(words) if words and not hits else ""
    if requested_type((HTML, JSON)) == JSON:
        names = ("kind", "iri", "label", "about", "trials", "count")
        response = jsonify(
            query=words, nearest=nearest, hits=[{n: getattr(hit, n) for n in names} for hit in hits]
        )
    else:
        groups = [(kind, list(group)) for kind, group in groupby(hits, key=lambda hit: hit.kind)]
        response = make_response(
            render_template("search.html", words=words, groups=groups, nearest=nearest, facets=FACETS)
        )
    return response


def _found(entries: Iterable[SearchEntry]) -> Iterator[Found]:
    """The hits by group: terms by facet, then trials."""
    bits = index_of_trials().bits
    by_kind: dict[str, list[SearchEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry)
    for facet in FACETS:
        for entry in by_kind.get(facet.title, ()):
            yield Found(
                entry.kind,
                entry.iri,
                entry.label,
                address(entry.iri, known=True),
                list_address(**{facet.name: (entry.iri,)}),
                bits[facet.name][entry.iri].bit_count(),
            )
    for entry in by_kind.get(TRIAL, ()):
        yield Found(entry.kind, entry.iri, entry.label, address(entry.iri))


def _entries(trials: Index) -> Iterator[SearchEntry]:
    """Every value of a facet that trials are linked to, or that is broader than one, and every trial."""
    terms = sorted({value for facet in FACETS for value in trials.bits[facet.name] if value != NONE})
    synonyms = _synonyms(terms)
    for facet in FACETS:
        for value in sorted(trials.bits[facet.name], key=lambda v: trials.labels.get(v, v)):
            if value != NONE:
                label = trials.labels.get(value) or compact(value)
                yield SearchEntry(value, facet.title, label, (compact(value), *synonyms[value]))
    products: dict[str, list[str]] = defaultdict(list)
    for row in select_rows(
        "SELECT ?trial ?name { ?trial tg:trialProduct|tg:trialCombinedWith ?p . ?p rdfs:label ?name }"
    ):
        products[iri_of(row["trial"])].append(text_of(row["name"]))
    for trial in trials.trials:
        linked = {v for facet, held in trial.values.items() for v in held}
        linked |= {b for facet, held in trial.values.items() for v in held for b in trials.above(facet, v)}
        names = [name for v in sorted(linked) for name in (trials.labels.get(v, ""), *synonyms[v])]
        yield SearchEntry(trial.iri, TRIAL, trial.label, (*products[trial.iri], *names))


def _synonyms(terms: Iterable[str]) -> dict[str, list[str]]:
    """What each term and all that means exactly the same are called, their ids, and what the sources print for it."""
    same = _same()
    asked = {one: term for term in terms for one in same.get(term, ())} | {term: term for term in terms}
    synonyms: dict[str, list[str]] = defaultdict(list)
    for one, term in asked.items():
        if one != term:
            synonyms[term].append(compact(one))
    named = sorted(asked)
    for first in range(0, len(named), BATCH):
        query = (
            f"SELECT DISTINCT ?term ?name {{ {values('term', named[first : first + BATCH])}"
            f" {{ VALUES ?by {{ {NAMES} }} ?term ?by ?name }} UNION"
            " { ?reading tg:concept ?term ; tg:verbatim ?name } }"
        )
        for row in select_rows(query + " ORDER BY ?term ?name"):
            synonyms[asked[iri_of(row["term"])]].append(text_of(row["name"]))
    return synonyms


def _same() -> dict[str, set[str]]:
    """From each concept and each external term to the others that mean exactly the same."""
    groups: dict[str, set[str]] = {}
    for row in select_rows("SELECT ?one ?other { ?one skos:exactMatch ?other FILTER(isIRI(?other)) }"):
        pair = {iri_of(row["one"]), iri_of(row["other"])}
        whole = pair.union(*(groups.get(one, set()) for one in pair))
        groups.update(dict.fromkeys(whole, whole))
    return groups
