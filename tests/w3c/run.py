"""The suites, run: each case over HTTP and in the engine alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from tests.small_graph import Reply, write_queries
from tests.w3c.answers import RESULTS, Answer, csv_answer, expected, graph_answer, same, table_answer
from tests.w3c.protocol import judged, read_protocol
from tests.w3c.server import Endpoint
from tests.w3c.suite import BASE, Case, read_cases
from trialgraph.query.results import formats
from trialgraph.rdf.vocabulary import SD

__all__ = ["Outcome", "run", "run_queries"]

#: Format of the answer by that of the file that it is compared with.
ASKED: Final = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
GRAPH: Final = "turtle"


@dataclass(frozen=True)
class Outcome:
    """How a case went.

    :param wrong: what is wrong over HTTP; empty: passed
    :param engine: the same in the engine alone
    """

    suite: str
    id: str
    name: str
    wrong: str
    engine: str


def run(root: Path, tell: Callable[[str], None] = lambda _: None) -> list[Outcome]:
    """Run every case.

    :param root: the checkout of the suites
    :param tell: called with each suite's name when it begins
    """
    with tempfile.TemporaryDirectory() as folder:
        queries = write_queries(Path(folder) / "queries")
        with Endpoint(Path(folder), queries) as endpoint:
            return [*run_queries(endpoint, read_cases(root), tell), *_protocols(endpoint, root, tell)]


def run_queries(endpoint: Endpoint, cases: Iterable[Case], tell: Callable[[str], None]) -> Iterator[Outcome]:
    """Run cases of queries, those on the same data one after the other."""

    def key(case: Case) -> str:
        return f"{case.suite} {case.dataset}"

    for suite, of_suite in groupby(cases, key=lambda case: case.suite):
        tell(suite)
        for _, alike in groupby(sorted(of_suite, key=key), key=key):
            held = list(alike)
            first = held[0]
            files = [(None, file, _base(first, file)) for file in first.data]
            named = [(iri, file, iri) for iri, file in first.graphs]
            with endpoint.holding([*files, *named]) as store:
                for case in held:
                    yield Outcome(case.suite, case.id, case.name, _asked(endpoint, case), _alone(store, case))


def _base(case: Case, file: Path) -> str:
    return f"{BASE}{case.suite}/{file.name}"


def _asked(endpoint: Endpoint, case: Case) -> str:
    """What is wrong with the endpoint's answer."""
    parameters = {"query": case.text}
    if case.result is not None:
        parameters["format"] = ASKED.get(case.result.suffix, GRAPH)
        if parameters["format"] == GRAPH and _is_table(case):
            parameters["format"] = "xml"
    body = urlencode(parameters).encode()
    reply = endpoint.ask("POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})
    if "Syntax" in case.kind:
        return _syntax(
            case, refused=reply.status == 400, said=f"status {reply.status}", fine=reply.status == 200
        )
    if reply.status != 200:
        return f"status {reply.status}: {reply.text[:200]}"
    return _compared(case, _read(reply))


def _is_table(case: Case) -> bool:
    return case.kind == "QueryEvaluationTest" and isinstance(expected_of(case), list | bool)


def expected_of(case: Case) -> Answer:
    """The answer that a case expects."""
    assert case.result is not None
    return expected(case.result, _base(case, case.result))


def _read(reply: Reply) -> Answer:
    form = {f.media_type: f.name for f in formats("SELECT")}.get(reply.type)
    if form is None:
        return graph_answer(reply.body, RdfFormat.from_media_type(reply.type) or RdfFormat.TURTLE)
    suffix = next(suffix for suffix, name in ASKED.items() if name == form)
    return table_answer(reply.body, RESULTS[suffix]) if suffix in RESULTS else csv_answer(reply.body)


def _compared(case: Case, found: Answer) -> str:
    wanted = expected_of(case)
    if same(wanted, found):
        return ""
    return f"expected {_shown(wanted)}, got {_shown(found)}"


def _shown(answer: Answer) -> str:
    if isinstance(answer, bool):
        return str(answer).lower()
    rows = [] if isinstance(answer, tuple) else list(answer)
    return f"{len(rows) or len(answer)} rows"


def _syntax(case: Case, *, refused: bool, said: str, fine: bool) -> str:
    if case.kind.startswith("Negative"):
        return "" if refused else f"accepted, though it is malformed ({said})"
    return "" if fine else f"refused ({said})"


def _alone(store: Store, case: Case) -> str:
    """What is wrong with the answer of the engine alone."""
    try:
        results = store.query(case.text)
    except SyntaxError as error:
        return (
            _syntax(case, refused=True, said="not parsed", fine=False)
            if "Syntax" in case.kind
            else str(error)
        )
    except RuntimeError as error:  # a function that it does not know
        return _syntax(case, refused=False, said="parsed", fine=True) if "Syntax" in case.kind else str(error)
    if "Syntax" in case.kind:
        return _syntax(case, refused=False, said="parsed", fine=True)
    assert case.result is not None
    try:
        return _compared(case, _serialised(results, case.result.suffix))
    except (RuntimeError, OSError) as error:
        return str(error)


def _serialised(results: object, suffix: str) -> Answer:
    if isinstance(results, QuerySolutions | QueryBoolean):
        if suffix == ".csv":
            return csv_answer(results.serialize(format=QueryResultsFormat.CSV) or b"")
        form = RESULTS.get(suffix, QueryResultsFormat.XML)
        return table_answer(results.serialize(format=form) or b"", form)
    assert isinstance(results, QueryTriples)
    return graph_answer(results.serialize(format=RdfFormat.N_TRIPLES) or b"", RdfFormat.N_TRIPLES)


def _protocols(endpoint: Endpoint, root: Path, tell: Callable[[str], None]) -> Iterator[Outcome]:
    tell("protocol")
    for case in read_protocol(root):
        suite = "protocol (updates)" if case.updates else "protocol"
        with endpoint.holding([(iri, file, iri) for iri, file in case.graphs]):
            yield Outcome(suite, case.id, case.name, judged(endpoint, case), "")
    tell("service-description")
    with endpoint.holding([]):
        yield Outcome(
            "service-description", "returns-rdf", "GET on endpoint returns RDF", _described(endpoint), ""
        )


def _described(endpoint: Endpoint) -> str:
    reply = endpoint.ask("GET", "/sparql")
    form = RdfFormat.from_media_type(reply.type)
    if reply.status != 200 or form is None:
        return f"status {reply.status}, {reply.type}"
    found = graph_answer(reply.body, form)
    assert isinstance(found, frozenset)
    said = [t for t in found if t.predicate == SD.endpoint]
    return "" if said else "no sd:endpoint"
