"""What is asked: kinds of queries from a lookup to a scan, pages, saved queries, exports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from benchmarks.bench.clients import NUMBER
from benchmarks.bench.servers import Server, Unavailable, fetch
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["EXPORTS", "Kind", "Page", "kinds", "pages", "saved_queries", "some_trials"]

_HEAD: Final = "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("rdfs", "tg"))
#: Autoimmune disease, the broadest disease of the seeds.
_DISEASE: Final = "<http://purl.obolibrary.org/obo/MONDO_0007179>"
_SAMPLED: Final = 50


@dataclass(frozen=True)
class Kind:
    """Queries of one kind.

    :param texts: asked in turn, each time with another comment, so that no kept answer helps
    """

    name: str
    texts: Sequence[str]

    def numbered(self) -> list[str]:
        """The texts with a place for a number."""
        return [f"{text}\n# {NUMBER}" for text in self.texts]


def kinds(trials: Sequence[str]) -> list[Kind]:
    """Each kind of query.

    :param trials: IRIs of some trials
    """

    def one(name: str, text: str) -> Kind:
        return Kind(name, [f"{_HEAD}\n{text}"])

    return [
        Kind("ask", [f"ASK {{ <{trial}> ?p ?o }}" for trial in trials]),
        Kind("lookup", [f"SELECT ?p ?o {{ <{trial}> ?p ?o }}" for trial in trials]),
        one(
            "join with hierarchy",
            "SELECT DISTINCT ?trial ?label ?disease ?name {\n"
            "  ?trial tg:trialDisease ?disease ; rdfs:label ?label .\n"
            f"  ?disease rdfs:subClassOf+ {_DISEASE} ; rdfs:label ?name .\n}}",
        ),
        one("MONDO path", f"SELECT DISTINCT ?narrower {{ ?narrower rdfs:subClassOf* {_DISEASE} }}"),
        one(
            "group join",
            "SELECT ?disease ?name (COUNT(DISTINCT ?trial) AS ?trials) {\n"
            "  ?trial tg:trialDisease ?disease . ?disease rdfs:label ?name .\n} GROUP BY ?disease ?name",
        ),
        one("aggregate over all", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
        one(
            "text scan",
            'SELECT ?thing ?label { ?thing rdfs:label ?label FILTER(CONTAINS(LCASE(STR(?label)), "interleukin")) }',
        ),
    ]


@dataclass(frozen=True)
class Page:
    """A page for browsers.

    :param paths: of the page with what differs between visits; the first is what a first visit opens
    """

    name: str
    paths: Sequence[str]


def pages(trials: Sequence[str], base: str) -> list[Page]:
    """The pages whose times are measured.

    :param base: of the trials' IRIs; what follows is their path
    """
    words = (
        "MSC",
        "lupus",
        "IFN-gamma",
        "NCT0",
        "cord",
        "multiple sclerosis",
        "dose",
        "IL-10",
        "safety",
        "Crohn",
    )
    diseases = ("MONDO:0007179", "MONDO:0007915", "MONDO:0005301", "MONDO:0008383", "MONDO:0005011")
    lists = (
        "",
        "?sort=-n_total",
        "?sort=phase",
        "?disease=MONDO:0007179",
        "?donor=autologous",
        "?columns=all",
    )
    return [
        Page("home", ["/"]),
        Page("list", [f"/trials{one}" for one in lists]),
        Page("trial", [trial.replace(base, "/", 1) for trial in trials]),
        Page("search", [f"/search?q={quote(word)}" for word in words]),
        Page("saved query", [f"/queries/trials-by-disease?disease={one}" for one in diseases]),
        Page("figure", ["/figures/evidence-map"]),
        Page("trials.csv", ["/trials.csv"]),
    ]


#: Name -> media type of a CONSTRUCT of everything.
EXPORTS: Final = {"N-Triples": "application/n-triples", "Turtle": "text/turtle"}


def saved_queries() -> dict[str, tuple[str, bool]]:
    """Slug -> the query with its default parameters, and whether it is a CONSTRUCT."""
    made = {}
    for slug, query in load_queries().items():
        text = query.bind()
        made[slug] = (text, "CONSTRUCT" in text.partition("{")[0].upper())
    return made


def some_trials(server: Server) -> list[str]:
    """IRIs of some trials, evenly spread over all.

    :raises Unavailable: the server does not tell them
    """
    query = f"PREFIX tg: <{PREFIXES['tg']}> SELECT DISTINCT ?trial {{ ?trial a tg:Trial }}"
    status, body = fetch(server.port, server.peer.query_path(query), "application/sparql-results+json", 60)
    if status != 200:
        raise Unavailable(f"does not list the trials: HTTP {status}")
    found = sorted(row["trial"]["value"] for row in json.loads(body)["results"]["bindings"])
    if not found:
        raise Unavailable("has no trials")
    step = max(1, len(found) // _SAMPLED)
    return found[::step][:_SAMPLED]
