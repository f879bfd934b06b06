"""A checkout of w3c/rdf-tests -> the cases of its query suites."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, Store, Variable

__all__ = ["BASE", "SUITES", "Case", "cases_of", "commit", "read_cases"]

#: Where the suites stand on the web: their IRIs are relative to it.
BASE: Final = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
#: All folders of queries: those of updates, entailment, SERVICE and the protocols are left out.
SUITES: Final = (
    *(
        "aggregates",
        "bind",
        "bindings",
        "cast",
        "construct",
        "csv-tsv-res",
        "exists",
        "functions",
        "grouping",
    ),
    *(
        "json-res",
        "negation",
        "project-expression",
        "property-path",
        "subquery",
        "syntax-query",
        "syntax-fed",
    ),
)
MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
PREFIXES: Final = f"""
PREFIX mf: <{MF}>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
CASES: Final = f"""{PREFIXES}
SELECT ?test ?type ?name ?query ?plain ?result {{
  ?manifest mf:entries ?list . ?list rdf:rest*/rdf:first ?test .
  ?test a ?type ; mf:name ?name ; mf:action ?action .
  OPTIONAL {{ ?action qt:query ?query }}
  OPTIONAL {{ ?test mf:result ?result }}
  BIND(IF(isIRI(?action), ?action, ?none) AS ?plain)
}}"""
DATA: Final = f"{PREFIXES} SELECT ?test ?data {{ ?test mf:action/qt:data ?data }}"
GRAPHS: Final = f"{PREFIXES} SELECT ?test ?data {{ ?test mf:action/qt:graphData ?data }}"


@dataclass(frozen=True)
class Case:
    """One test.

    :param kind: its class without namespace
    :param query: file of the query
    :param data: files of the default graph
    :param graphs: IRIs of named graphs, each with its file or None where it is empty
    :param result: file of the expected answer; none for a test of syntax
    """

    suite: str
    id: str
    kind: str
    name: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[tuple[str, Path | None], ...]
    result: Path | None

    @property
    def text(self) -> str:
        """The query as it is sent: relative IRIs are relative to its file, which only its sender knows."""
        return f"BASE <{BASE}{self.suite}/{self.query.name}>\n{self.query.read_text(encoding='utf-8')}"

    @property
    def dataset(self) -> tuple[object, ...]:
        """What tells its data from that of others."""
        return (self.data, self.graphs)


def _listed(store: Store, query: str, test: NamedNode | BlankNode) -> list[str]:
    """The IRIs of ?data that a query gives for a test."""
    rows = store.query(query, substitutions={Variable("test"): test})
    return [row["data"].value for row in rows]  # type: ignore[union-attr]


def read_cases(root: Path) -> list[Case]:
    """All cases, in the order of their manifests.

    :param root: the checkout
    """
    return [case for suite in SUITES for case in cases_of(root / "sparql" / "sparql11", suite)]


def cases_of(home: Path, suite: str) -> list[Case]:
    """The cases of one suite.

    :param home: folder of the suites
    """
    store = Store()
    base = f"{BASE}{suite}/"
    store.load(
        path=str(home / suite / "manifest.ttl"), format=RdfFormat.TURTLE, base_iri=f"{base}manifest.ttl"
    )

    def file(iri: str) -> Path:
        return home / unquote(iri.removeprefix(BASE))

    made = []
    cases = store.query(CASES)
    assert isinstance(cases, QuerySolutions)
    for row in cases:
        query = file((row["query"] or row["plain"]).value)
        graphs = {iri: file(iri) for iri in _listed(store, GRAPHS, row["test"])}
        for relative in re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^>:]*)>", query.read_text(encoding="utf-8")):
            found = file(base + relative)
            graphs.setdefault(base + relative, found if found.is_file() else None)  # type: ignore[arg-type]
        made.append(
            Case(
                suite=suite,
                id=row["test"].value.partition("#")[2],
                kind=row["type"].value.removeprefix(MF),
                name=row["name"].value,
                query=query,
                data=tuple(map(file, _listed(store, DATA, row["test"]))),
                graphs=tuple(sorted(graphs.items())),
                result=file(row["result"].value) if row["result"] else None,
            )
        )
    return made


def commit(root: Path) -> str:
    """The commit of the checkout; empty where it is none."""
    said = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "HEAD"],  # noqa: S607 - the git of whoever made the checkout
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip()
