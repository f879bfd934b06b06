"""The command line as a process: what the tests of all verbs start it with."""

from __future__ import annotations

import errno
import os
import pty
import subprocess
import sys
from pathlib import Path

from pyoxigraph import RdfFormat

from tests.paths import ROOT

__all__ = [
    "ASK",
    "COMMAND",
    "COUNT",
    "ENVIRONMENT",
    "FIRST_ROW",
    "FORMATS",
    "GRAPH",
    "LINES",
    "SEED",
    "SHORT",
    "SLUG",
    "TEXT",
    "VERBS",
    "altered",
    "bad",
    "good",
    "on_terminal",
    "one_line",
    "run",
]

SLUG = "wjsc-107202-table1"
SEED = ROOT / "seeds" / SLUG
TEXT = (SEED / "source.txt").read_bytes().decode()
LINES = TEXT.split("\n")
FIRST_ROW = next(n for n, line in enumerate(LINES) if line.startswith("-BM-MSCs"))
#: The same with its first three rows: reading takes time with the number of rows.
SHORT = "\n".join(LINES[: FIRST_ROW + 3]) + "\n"
VERBS = (
    "rows",
    "trials",
    "compare",
    "diff",
    "build",
    "check",
    "query",
    "export",
    "explain",
    "load",
    "serve",
    "add",
    "fetch",
)
COMMAND = (sys.executable, "-m", "trialgraph")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80"}
FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
ASK = "ASK { ?trial a <https://w3id.org/trialgraph/ontology/Trial> }"
COUNT = "SELECT (COUNT(?t) AS ?n) { ?t a <https://w3id.org/trialgraph/ontology/Trial> }"
GRAPH = "CONSTRUCT { ?t a ?c } WHERE { ?t a ?c } LIMIT 3"


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The finished process; nothing on stdin unless given."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        timeout=120,
        check=False,
    )


def good(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT) -> str:
    """Stdout of a command that must be fine and silent on stderr."""
    done = run(*arguments, stdin=stdin, cwd=cwd)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode()


def bad(*arguments: str | Path, code: int = 2, stdin: bytes = b"", cwd: Path = ROOT) -> str:
    """The one line on stderr of a command that could not run; nothing on stdout."""
    done = run(*arguments, stdin=stdin, cwd=cwd)
    line = one_line(done.stderr)
    assert (done.returncode, done.stdout) == (code, b"")
    return line


def one_line(stderr: bytes) -> str:
    """What a command that failed says: one line, and no traceback."""
    text = stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith("trialgraph: ")
    assert "Traceback" not in text
    return text.strip()


def altered(folder: Path, text: str | bytes, name: str = "table.txt") -> Path:
    """A file with that text, such as a changed copy of the seed."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def on_terminal(*arguments: str | Path, **environment: str) -> str:
    """What a terminal of a hundred columns is sent, stderr with it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
        env={**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    ) as process:  # fmt: skip
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError as error:
            if error.errno != errno.EIO:  # Linux: the other side has closed
                raise
        finally:
            os.close(ours)
        assert process.wait(timeout=60) == 0
    return b"".join(parts).decode()
