"""Sound queries, one or more for each production of the SPARQL 1.1 grammar, and those that SPARQL 1.2 adds.

They stand in ``tests/golden/sparql-corpus.rq``, each under its name; here, those with blanks that a file loses.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

__all__ = ["CORPUS", "GRAPH", "whole"]

GRAPH: Final = "https://example.org/graph/a"
PROLOGUE: Final = """\
PREFIX p: <https://example.org/p#>
PREFIX : <https://example.org/>
PREFIX g: <https://example.org/graph/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
FILE: Final = Path(__file__).parent / "golden" / "sparql-corpus.rq"

CORPUS: Final[dict[str, str]] = {
    name: text.strip()
    for name, text in re.findall(
        r"^#= (.*)\n((?:(?!#= ).*\n)*)", FILE.read_text(encoding="utf-8") + "\n", re.MULTILINE
    )
} | {
    "blanks of every sort": "SELECT\t*\r\n{\n\n?s\r?p\t\t?o\r}\t",
    "a comment that a carriage return ends": "SELECT * { # SERVICE <http://x/> {\r?s ?p ?o }",
}


def whole(text: str) -> str:
    """The query with the prologue that its prefixes want."""
    return PROLOGUE + text
