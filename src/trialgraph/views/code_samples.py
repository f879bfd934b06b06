"""Code samples for a saved question: shell, Python, R and JavaScript.

Every sample is whole: it runs as pasted, where the named package is installed. Addresses are
percent-encoded, so that only the query's own text needs the string syntax of a language.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

__all__ = ["CodeSample", "code_samples", "python_string"]


@dataclass(frozen=True, slots=True)
class CodeSample:
    """One sample.

    :param name: of the tool or language, for people
    :param language: ``bash``, ``python``, ``r`` or ``javascript``
    :param text: the code, without a newline at its end
    """

    name: str
    language: str
    text: str


#: What stands for itself in an address: RFC 3986's reserved characters without the apostrophe, and "%".
ADDRESS: Final = ":/?#[]@!$&()*+,=%"


def code_samples(
    endpoint: str, address: str, parameters: str, query: str, *, graph: bool = False
) -> Sequence[CodeSample]:
    """Code samples for a saved question.

    :param endpoint: address of the SPARQL endpoint
    :param address: of the question, to which ``.csv`` and its like are added
    :param parameters: the query string with its question mark, or nothing
    :param query: the SPARQL with its values bound
    :param graph: it is a CONSTRUCT or DESCRIBE
    """
    # The host may come from a client's header, so characters that no URL may contain are encoded here again.
    endpoint, address, parameters = (quote(part, safe=ADDRESS) for part in (endpoint, address, parameters))
    if graph:
        return _graph(endpoint, f"{address}.ttl{parameters}", query)
    # A program takes each cell as it is; by default the file is made safe for spreadsheets.
    csv = f"{address}.csv{parameters}{'&' if parameters else '?'}cells=exact"
    return _table(endpoint, csv, f"{address}.json{parameters}", query)


def python_string(text: str) -> str:
    """The text as a Python literal over several lines, easy to read and to change."""
    inner = text.replace("\\", "\\\\").replace("\r", "\\r").replace("\0", "\\0")
    # three in a row would end the literal, and one at its end would run into the closing ones
    inner = re.sub(r'"{3,}|"+\Z', lambda run: '\\"' * len(run[0]), inner)
    return f'"""{inner}"""'


def _table(endpoint: str, csv: str, json_: str, query: str) -> tuple[CodeSample, ...]:
    return (
        CodeSample("curl", "bash", f"curl -fsS {shlex.quote(csv)}"),
        CodeSample(
            "Python, pandas", "python", f'import pandas\n\ntable = pandas.read_csv("{csv}")\nprint(table)'
        ),
        CodeSample(
            "Python, SPARQLWrapper",
            "python",
            f"""\
from SPARQLWrapper import JSON, SPARQLWrapper

endpoint = SPARQLWrapper("{endpoint}")
endpoint.setReturnFormat(JSON)
endpoint.setQuery({python_string(query)})
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print({{name: term["value"] for name, term in row.items()}})""",
        ),
        CodeSample("R", "r", f'table <- read.csv("{csv}")\nprint(table)'),
        CodeSample(
            "JavaScript",
            "javascript",
            f"""\
const response = await fetch("{json_}");
if (!response.ok) throw new Error(await response.text());
const {{ results }} = await response.json();
for (const row of results.bindings) console.log(row);""",
        ),
    )


def _graph(endpoint: str, turtle: str, query: str) -> tuple[CodeSample, ...]:
    return (
        CodeSample("curl", "bash", f"curl -fsS {shlex.quote(turtle)}"),
        CodeSample(
            "Python, rdflib",
            "python",
            f'from rdflib import Graph\n\ngraph = Graph().parse("{turtle}", format="turtle")\nprint(len(graph))',
        ),
        CodeSample(
            "Python, SPARQLWrapper",
            "python",
            f"""\
from SPARQLWrapper import TURTLE, SPARQLWrapper

endpoint = SPARQLWrapper("{endpoint}")
endpoint.setReturnFormat(TURTLE)
endpoint.setQuery({python_string(query)})
print(endpoint.queryAndConvert().decode())""",
        ),
        CodeSample("R", "r", f'turtle <- readLines("{turtle}")\ncat(turtle, sep = "\\n")'),
        CodeSample(
            "JavaScript",
            "javascript",
            f"""\
const response = await fetch("{turtle}");
if (!response.ok) throw new Error(await response.text());
console.log(await response.text());""",
        ),
    )
