"""The names and ids of the terms that a graph knows, from any spelling of them to the IRI by which data are asked.

A term is known by its label, its notation, its synonyms, its own id, and the ids of other vocabularies that the graph
maps exactly to it. Case, dashes, white space and the prefix's spelling make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from trialgraph.base.errors import UsageError
from trialgraph.base.normal_form import normal_form
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, SPELLINGS, compact
from trialgraph.terminology.lexicon import normalise
from trialgraph.terminology.values import value_named

__all__ = ["LOOSE", "Ask", "TermNames", "id_key", "name_key", "names_query", "value_of"]

#: Answers one of our own queries: its rows.
Ask = Callable[[str], Iterable[Sequence[NamedNode | Literal | BlankNode | Triple | None]]]

#: How good a name is: what is better is taken before what is not.
LABEL, EXACT, LOOSE = range(3)
_RANKS: Final = {
    "rdfs:label": LABEL,
    "skos:prefLabel": LABEL,
    "skos:notation": LABEL,
    "oboInOwl:hasExactSynonym": EXACT,
    # Some releases give no scope to their synonyms, and forms as printed may be wider or narrower.
    "skos:altLabel": LOOSE,
    "oboInOwl:hasRelatedSynonym": LOOSE,
}
#: Hosts whose addresses end in a CURIE, or in an id with an underscore.
_RESOLVERS: Final = frozenset(
    {"bioregistry.io", "identifiers.org", "n2t.net", "purl.obolibrary.org", "www.ebi.ac.uk", "www.orpha.net"}
)
#: Prefixes as people write them, by the one that the graph has.
_ALIASES: Final = {
    "msh": "mesh", "meshid": "mesh", "nci": "ncit", "ncitc": "ncit", "mim": "omim", "orpha": "orphanet",
    "ordo": "orphanet", "sctid": "snomedct", "snomed": "snomedct", "icd-10": "icd10", "icd-9": "icd9cm",
}  # fmt: skip
_CURIE: Final = re.compile(r"([A-Za-z][\w.-]{0,40}?)\s{0,3}[:_]\s{0,3}(\S+)", re.ASCII)
_SPACED: Final = re.compile(r"([A-Za-z]{2,41})[ -]?((?:C|D)?\d{2,})", re.ASCII)


def name_key(text: str) -> str:
    """A name in the one spelling by which it is looked up."""
    if text.isascii():
        return normalise(text)
    plain = unicodedata.normalize("NFKD", normal_form(text).text)
    return normalise("".join(char for char in plain if not unicodedata.combining(char)))


def id_key(text: str) -> str:
    """A CURIE, or an IRI of a vocabulary that we know, as ``prefix:local`` in lower case; empty for anything else."""
    plain = normal_form(text).text.strip().strip("<>[]")
    if "://" in plain:
        return _key_of_iri(plain)
    found = _CURIE.fullmatch(plain) or _SPACED.fullmatch(plain)
    if not found:
        return ""
    prefix = found[1].casefold()
    return f"{_ALIASES.get(prefix, prefix)}:{found[2].casefold()}"


def _key_of_iri(iri: str) -> str:
    short = compact(iri).removeprefix("bioregistry:")
    if "://" not in short and not short.startswith("obo:"):
        return short.casefold()
    rest = iri.split("://", 1)[1].casefold()
    for prefix, (_, spaces) in SPELLINGS.items():
        for space in (PREFIXES[prefix], *spaces):
            if rest.startswith(bare := space.split("://", 1)[1].casefold()):
                return f"{prefix.casefold()}:{rest.removeprefix(bare)}"
    host, _, path = rest.partition("/")
    last = path.rpartition("/")[2]
    return _CURIE.sub(r"\1:\2", last, count=1) if host in _RESOLVERS else ""


@cache
def value_of(iri: str) -> str:
    """By what the data are asked for a term: the value that is exactly the same, else the term itself."""
    try:
        return value_named(iri).value
    except UsageError:
        return iri


@dataclass(frozen=True)
class TermNames:
    """The names of the terms of a graph.

    :ivar labels: by IRI
    :ivar named: by :func:`name_key` the values with that name, and how good a name it is
    :ivar ids: by :func:`id_key` the values
    :ivar scoped: values beside which a reviewed scope with trials stands
    """

    labels: dict[str, str] = field(default_factory=dict)
    named: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    scoped: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, ask: Ask) -> TermNames:
        """Those of the graph that answers."""
        made = cls()
        for term, kind, name in ask(names_query()):
            if isinstance(term, NamedNode) and isinstance(kind, Literal):
                if kind.value == "scope":
                    made.scoped.add(term.value)
                elif isinstance(name, NamedNode):
                    made.same(term.value, name.value)
                elif isinstance(name, Literal):
                    made.add(term.value, _RANKS[kind.value], name.value)
        return made

    def add(self, iri: str, rank: int, name: str) -> None:
        """Know a term by a name."""
        value = value_of(iri)
        if rank == LABEL:
            self.labels.setdefault(iri, name)
        self._name(value, rank, name)
        self.same(iri, iri)
        short = compact(iri)
        if short.startswith("tgc:"):  # by the end of its address, which is made of words
            self._name(value, LABEL, short.partition(":")[2])

    def same(self, iri: str, other: str) -> None:
        """Know a term by the id of another one that is exactly the same."""
        if key := id_key(other):
            self.ids[key].add(value_of(iri))

    def _name(self, value: str, rank: int, name: str) -> None:
        held = self.named[name_key(name)]
        held[value] = min(rank, held.get(value, rank))

    def label(self, iri: str) -> str:
        """What to call a term: its label and its CURIE."""
        label, short = self.labels.get(iri, ""), compact(iri)
        return f"{label} ({short})" if label else short


def names_query() -> str:
    """Every name of every term, every id that means exactly the same, and what has a reviewed scope."""
    graphs = " ".join(str(iris.graph(name)) for name in ("mappings", "module", "ontology"))
    kinds = " ".join(f'({name} "{name}")' for name in _RANKS)
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("rdfs", "skos", "oboInOwl", "tg"))
    return f"""{prefixes}SELECT DISTINCT ?term ?kind ?name {{
  {{ VALUES ?graph {{ {graphs} }} VALUES (?by ?kind) {{ {kinds} }} GRAPH ?graph {{ ?term ?by ?name }}
     FILTER(LANG(?name) IN ("", "en")) FILTER(!STRSTARTS(STR(?term), "{iris.base()}mapping/")) }}
  UNION {{ ?term skos:exactMatch ?name . BIND("same" AS ?kind) FILTER(isIRI(?name)) }}
  UNION {{ ?term a tg:Registry ; rdfs:label ?name . BIND("rdfs:label" AS ?kind) }}
  UNION {{ ?name tg:standsBeside ?term . ?trial tg:inScope ?name . BIND("scope" AS ?kind) }}
}}"""
