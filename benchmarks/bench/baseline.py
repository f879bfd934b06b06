"""What a web server costs at least: Flask and waitress with one fixed answer, a program of its own.

Usage: python baseline.py PORT FILE. The file is the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import flask
import waitress

MEDIA_TYPE = "application/sparql-results+json"


def bare_flask(body: bytes) -> flask.Flask:
    """An application with one view for every path."""
    app = flask.Flask("baseline")

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def answer(path: str) -> flask.Response:  # noqa: ARG001 - the answer is always the same
        return flask.Response(body, mimetype=MEDIA_TYPE)

    return app


def main() -> None:
    """Serve."""
    app: Callable[[Any, Any], Iterable[bytes]] = bare_flask(Path(sys.argv[2]).read_bytes())
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)


if __name__ == "__main__":
    main()
