"""The servers that a user would choose instead of this one, each as it is started by its own documentation."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.bench.install import Tools, run_tool
from benchmarks.bench.servers import HOST, Missing, Peer, Server, Unavailable
from benchmarks.bench.virtuoso import run_sql, virtuoso_client, virtuoso_command, virtuoso_program
from trialgraph import __version__

__all__ = ["OURS", "OXIGRAPH", "PEERS", "RDFLIB", "VIRTUOSO", "trialgraph"]

ROOT: Final = Path(__file__).parents[2]
OURS: Final = "trialgraph"
OXIGRAPH: Final = "Oxigraph"
RDFLIB: Final = "rdflib-endpoint"
VIRTUOSO: Final = "Virtuoso"
COMUNICA: Final = "Comunica"
CORES: Final = len(os.sched_getaffinity(0))
#: Virtuoso has no default graph: the data are loaded into this graph, and each request names it.
_GRAPH: Final = "urn:trialgraph:data"


def trialgraph(release: Path) -> Peer:
    """The server of this project, with its default settings and its access log, in this Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIALGRAPH_")}
    kept["PYTHONPATH"] = str(ROOT / "src")
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled files

    def command(port: int, _folder: Path) -> list[str]:
        return [sys.executable, "-m", "trialgraph", "serve", "--port", str(port), "--release", str(release)]

    return Peer(OURS, __version__, "/sparql", command, environment=kept)


def _oxigraph(tools: Tools) -> Peer:
    program = str(tools.python_tool("oxigraph"))

    def load(data: Path, folder: Path) -> None:
        run_tool([program, "load", "--location", str(folder / "store"), "--file", str(data)])

    def command(port: int, folder: Path) -> list[str]:
        return [program, "serve-read-only", "--location", str(folder / "store"), "--bind", f"{HOST}:{port}"]

    version = run_tool([program, "--version"]).split()[-1]
    return Peer(OXIGRAPH, version, "/query", command, load, native=True)


def _rdflib(tools: Tools) -> Peer:
    program = str(tools.python_tool("rdflib-endpoint"))

    def load(data: Path, folder: Path) -> None:
        (folder / "data.nt").symlink_to(data)

    def command(port: int, folder: Path) -> list[str]:
        return [program, "serve", "--host", HOST, "--port", str(port), str(folder / "data.nt")]

    code = (
        "from importlib.metadata import version as v; print(v('rdflib-endpoint'), 'with rdflib', v('rdflib'))"
    )
    return Peer(RDFLIB, run_tool([str(tools.python_tool("python")), "-c", code]).strip(), "/", command, load)


def _virtuoso(_tools: Tools) -> Peer:
    program = virtuoso_program()
    virtuoso_client()  # asked for now, not when the data are to be loaded

    def load(data: Path, folder: Path) -> None:
        (folder / "data.nt").symlink_to(data)
        server = Server(Peer(VIRTUOSO, "", "/sparql", virtuoso_command), folder)
        server.start()
        try:
            file = f"file_open('{folder}/data.nt')"
            told = run_sql(folder, f"DB.DBA.TTLP_MT({file}, '', '{_GRAPH}', 0); checkpoint;")
            if "Error" in told:
                raise Unavailable(f"cannot load the data: {told.strip().splitlines()[-1][:200]}")
        finally:
            server.stop()

    version = re.search(r"Version (\S+?)(?:-\S+)? ", run_tool([program, "-?"], failing=True))
    return Peer(
        VIRTUOSO,
        version[1] if version else "",
        f"/sparql?default-graph-uri={_GRAPH}",
        virtuoso_command,
        load,
        native=True,
    )


def _comunica(tools: Tools) -> Peer:
    node, program = _found("node"), tools.node_tool("comunica-sparql-file-http")

    def load(data: Path, folder: Path) -> None:
        (folder / "data.nt").symlink_to(data)

    def command(port: int, folder: Path) -> list[str]:
        options = ["-p", str(port), "-w", str(CORES), "-t", "60"]
        return [node, "--max-old-space-size=8192", str(program), str(folder / "data.nt"), *options]

    version = tools.node_version("@comunica/query-sparql-file")
    return Peer(
        COMUNICA, f"{version} on node {run_tool([node, '--version']).strip()}", "/sparql", command, load
    )


#: Name -> how it is found; the order is that of the tables.
PEERS: Final[dict[str, Callable[[Tools], Peer]]] = {
    OXIGRAPH: _oxigraph,
    VIRTUOSO: _virtuoso,
    RDFLIB: _rdflib,
    COMUNICA: _comunica,
}


def _found(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise Missing(f"{names[0]} is not installed")
