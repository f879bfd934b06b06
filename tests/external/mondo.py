"""An endpoint of another engine's own, with every term and is_a of MONDO; run as a process: it prints its address.

The terms are those of PyPI's cellxgene-ontology-guide (MONDO v2026-05-05, CC BY 4.0).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import zstandard
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Store

RELEASE = "MONDO-ontology-v2026-05-05.json.zst"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
BELOW = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
JSON = "application/sparql-results+json"


def iri(curie: str) -> NamedNode:
    """The OBO PURL of a term."""
    return NamedNode(f"http://purl.obolibrary.org/obo/{curie.replace(':', '_')}")


def terms() -> Iterator[Quad]:
    """Labels and is_a of all terms."""
    packed = (files("cellxgene_ontology_guide") / "data" / RELEASE).read_bytes()
    for curie, about in json.loads(zstandard.ZstdDecompressor().stream_reader(packed).read()).items():
        yield Quad(iri(curie), LABEL, Literal(about["label"]))
        for parent, distance in about["ancestors"].items():
            if distance == 1:
                yield Quad(iri(curie), BELOW, iri(parent))


class Endpoint(BaseHTTPRequestHandler):
    """SPARQL queries by GET and POST; unlike ours, it lets a query ask other endpoints (SERVICE)."""

    store: Store

    def do_GET(self) -> None:
        self.answer(parse_qs(urlsplit(self.path).query)["query"][0])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        self.answer(parse_qs(body)["query"][0] if form else body)

    def answer(self, query: str) -> None:
        """The answer as JSON; 500 with the reason where there is none."""
        try:
            found = self.store.query(query)
            assert isinstance(found, QuerySolutions | QueryBoolean)
            status, body = 200, found.serialize(format=QueryResultsFormat.JSON) or b""
        except (OSError, SyntaxError) as error:
            status, body = 500, str(error).encode()
        self.send_response(status)
        self.send_header("Content-Type", JSON if status == 200 else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    Endpoint.store = Store()
    Endpoint.store.bulk_extend(terms())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    print(f"http://127.0.0.1:{server.server_port}/sparql", flush=True)
    server.serve_forever()
