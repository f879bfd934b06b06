"""A small release by the contract's layout, and a real server on it, for tests of what stands after it."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from trialgraph.base.settings import DEFAULTS
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, TG, licence
from trialgraph.release.lists.gathered import gathered
from trialgraph.release.lists.lists_file import LISTS_FILE, write_lists
from trialgraph.release.lists.queries import select_from
from trialgraph.release.open import Release, open_release

TRIALS = 60
NUMBERS = itertools.count()
DEMO = iris.graph("demo").value
SUMMARY = iris.graph("summary").value
META = iris.graph("meta").value
MARK = f"SELECT ?mark {{ {iris.trial('marked')} {RDFS.comment} ?mark }}"
HOSTILE = '<script>alert("1")</script> & "quoted", line\nnext\ttab'

QUERIES = {
    "trials/01-largest-trials.rq": """\
#+ title: Which trials enrolled the most patients?
#+ description: Largest first.
#+ keywords: [size]
#+ parameters:
#+   - {name: least, type: integer, label: At least, default: 50}
#+   - name: trial
#+     type: iri
#+     label: Trial
#+     values_query: |
#+       PREFIX tg: <https://w3id.org/trialgraph/ontology/>
#+       PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
#+       SELECT ?value ?label { ?value a tg:Trial ; rdfs:label ?label }
#+ expected: {rows: 10, columns: [trial, trialLabel, patientCount]}
PREFIX tg: <https://w3id.org/trialgraph/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?trial ?trialLabel ?patientCount {
  #@ trial
  #@ least
  ?trial rdfs:label ?trialLabel ; tg:enrolledTotal ?patientCount .
  FILTER(!BOUND(?least) || ?patientCount >= ?least)
}
ORDER BY DESC(?patientCount)
""",
    "trials/02-one-trial.rq": """\
#+ title: What does the graph say of one trial?
#+ parameters:
#+   - {name: label, type: string, label: Its label, required: true}
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?trial ?p ?o } {
  #@ label
  ?trial rdfs:label ?label ; ?p ?o .
}
""",
}


def quads() -> list[Quad]:
    """Sixty trials in one graph, their labels in a second graph too, a hostile label among them."""
    made = []
    demo, summary = NamedNode(DEMO), NamedNode(SUMMARY)
    for n in range(TRIALS):
        trial = iris.trial(f"NCT{n:08}")
        made += [
            Quad(trial, RDF.type, TG.Trial, demo),
            Quad(trial, TG.enrolledTotal, Literal(n), demo),
            Quad(trial, RDFS.label, Literal(f"trial {n}, größer"), demo),
            Quad(trial, RDFS.label, Literal(f"trial {n}, größer"), summary),
        ]
    bad = iris.trial("hostile")
    made.append(Quad(bad, RDFS.label, Literal(HOSTILE), demo))
    made.append(Quad(bad, RDFS.seeAlso, NamedNode("javascript:alert(1)"), demo))
    made.append(Quad(bad, RDFS.comment, Literal("frei", language="de"), demo))
    return made


def write_release(folder: Path, mark: str = "") -> Release:
    """The release on disk, its store included.

    :param mark: a text by which an answer tells of which release it is (:data:`MARK`)
    """
    folder.mkdir(parents=True)
    marks = [Quad(iris.trial("marked"), RDFS.comment, Literal(mark), NamedNode(DEMO))] if mark else []
    master = "".join(sorted(f"{quad} .\n" for quad in [*quads(), *marks])).encode()
    digest = hashlib.sha256(master).hexdigest()
    meta = Quad(iris.release(digest), DCTERMS.license, licence("CC-BY-NC-4.0"), NamedNode(META))
    files = {"dataset.nq": master, "meta.nq": f"{meta} .\n".encode(), "trials.csv": b"source,row\ndemo,1\n"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    store = Store(str(folder / "store"))
    for name in ("dataset.nq", "meta.nq"):
        store.bulk_load(path=str(folder / name), format=RdfFormat.N_QUADS)
    store.bulk_extend([Quad(q.subject, q.predicate, q.object) for q in store])
    store.flush()
    lists = folder / LISTS_FILE
    write_lists(lists, gathered(select_from(store), files["trials.csv"].decode(), DEFAULTS))
    files[LISTS_FILE] = lists.read_bytes()
    manifest = {
        "hash": digest,
        "version": "0.1.0",
        "counts": {
            "trials": TRIALS,
            "reports": TRIALS,
            "triples": 184 + len(marks),
            "conflicts": 2,
            "violations": 0,
            "graphs": Counter(
                iris.graph_name(quad.graph_name)
                for quad in [*quads(), *marks, meta]
                if isinstance(quad.graph_name, NamedNode)
            ),
        },
        "built_from": [{"slug": "demo", "rows": TRIALS, "unread": 0}],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return open_release(folder)


def write_queries(folder: Path) -> Path:
    """The saved queries of the tests."""
    for name, text in QUERIES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@dataclass(frozen=True)
class Reply:
    """An HTTP response, read whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return self.headers.get_content_type()


class Server:
    """A server process of its own, as a person starts it.

    :param under: a command that starts it, such as one that sets limits
    """

    CODE = (
        "import sys; from pathlib import Path; from trialgraph.http.server.serve import serve; "
        "from trialgraph.release.open import open_release; "
        "home = Path(sys.argv[1]); "
        "serve(open_release(home), sys.argv[4], int(sys.argv[3]), home=home, queries=Path(sys.argv[2]))"
    )

    def __init__(
        self,
        release: Path,
        queries: Path,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        under: Sequence[str] = (),
    ) -> None:
        self.process = subprocess.Popen(
            [*under, sys.executable, "-c", self.CODE, str(release), str(queries), str(port), host],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"TRIALGRAPH_ACCESS_LOG": "none"} | dict(settings or {}),
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.sparql = f"{self.url}sparql"
        if not self.url:
            raise RuntimeError(self.stop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self, number: int = signal.SIGTERM) -> str:
        """End it; what it wrote on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.communicate(timeout=60)[1]

    def ended(self) -> str:
        """Wait for its end without another signal, which would end a Python that is just finishing; as :meth:`stop`."""
        return self.process.communicate(timeout=60)[1]

    def connect(self, source: str = "") -> http.client.HTTPConnection:
        """A connection, from another address of this machine if one is given."""
        where = urlsplit(self.url)
        return http.client.HTTPConnection(
            str(where.hostname), where.port, timeout=60, source_address=(source, 0) if source else None
        )

    def ask(
        self,
        path: str = "/sparql",
        *,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **parameters: str,
    ) -> Reply:
        """One request; parameters with ``_`` for ``-`` go into the address.

        ``ASK {}`` asks whether a worker lives: each time with another comment, so that no kept answer says so.
        """
        if parameters.get("query") == "ASK {}":
            parameters["query"] = f"ASK {{}} # {next(NUMBERS)}"
        if parameters:
            pairs = {name.replace("_", "-"): value for name, value in parameters.items()}
            path = f"{path}?{urlencode(pairs)}"
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()


def open_files(most: int) -> tuple[str, ...]:
    """A command under which a process may open so many files and no more."""
    return ("sh", "-c", f'ulimit -n {most}; exec "$@"', "sh")


def children(pid: int) -> list[int]:
    """Process ids of the children that any thread of a process started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def wait_until(done: object, tries: int = 400) -> None:
    """Wait for something that another process does; fails when it never comes."""
    assert callable(done)
    for _ in range(tries):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")
