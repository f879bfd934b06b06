"""Model Context Protocol (MCP) server: a release as tools for language models and agents (``trialgraph mcp``).

The tools are the saved questions, SPARQL behind the same guard and in the same worker processes as on the HTTP
endpoint, and the provenance of a value down to its characters. Answers are limited, and say so where they are cut.
The protocol itself is implemented by the official SDK.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from trialgraph import __version__
from trialgraph.base.errors import InputError, TrialgraphError
from trialgraph.base.readable import shortened
from trialgraph.base.settings import Settings
from trialgraph.query.guard import Checked
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, Term, makes_graph, part_in_words, read_graph, read_table
from trialgraph.questions.saved_queries import SavedQuery, find_query
from trialgraph.rdf import iris
from trialgraph.rdf.formats import JSON
from trialgraph.rdf.vocabulary import XSD, compact
from trialgraph.release.lists.open import open_lists
from trialgraph.release.lists.queries import select_from
from trialgraph.release.names.parameter_values import ParameterValues
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.views.explain import explain
from trialgraph.views.labels import find_labels
from trialgraph.views.schema_card import schema_card

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

__all__ = ["make_server"]

#: Digits that Python reads as a number; a longer one stays text.
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,300}", re.ASCII)
INSTRUCTIONS = """\
Clinical trials read out of published tables, as RDF. Begin with list_questions: a saved question answers most \
needs and knows the pitfalls; the resource trialgraph://schema-card lists what is there. With run_sparql, \
declare every prefix; numbers stand on reports (tg:hasReport), \
while the shortcuts of a trial (tg:trialDisease, tg:trialTissueSource, …) are unions over its reports. \
explain_value leads from any report, arm, dose or outcome to the words it was read from."""


def _new_server() -> MCPServer:
    try:
        from mcp.server.mcpserver import MCPServer
    except ImportError as error:
        raise InputError("the MCP SDK is not installed", hint="pip install 'trialgraph[mcp]'") from error
    return MCPServer(
        "trialgraph", title="trialgraph", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )


def tool_error(error: TrialgraphError) -> Exception:
    """An error in the form in which the SDK hands it to the agent."""
    from mcp.server.mcpserver.exceptions import ToolError

    return ToolError(error.line())


def make_server(release: Release, pool: Pool, queries: Mapping[str, SavedQuery]) -> MCPServer:
    """The server, to be run on stdio.

    :param queries: the saved questions by slug
    :raises InputError: the SDK is not installed
    """
    server = _new_server()
    tools = _Tools(release, pool, queries)

    @server.tool()
    def list_questions(topic: str = "") -> list[dict[str, Any]]:
        """The saved questions in plain words, each with its slug and parameters; of one topic, or all."""
        return tools.questions(topic)

    @server.tool()
    def run_question(slug: str, parameters: dict[str, str | int | float] | None = None) -> dict[str, Any]:
        """Answer a saved question. Values are labels, synonyms or ids of terms, numbers, dates or words."""
        try:
            given = {name: str(value) for name, value in (parameters or {}).items()}
            bound = tools.values.bind(find_query(slug, queries), given)
            return tools.answer(bound.text, bound.notes)
        except TrialgraphError as error:
            raise tool_error(error) from None

    @server.tool()
    def run_sparql(query: str) -> dict[str, Any]:
        """Answer a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over the release."""
        try:
            return tools.answer(query)
        except TrialgraphError as error:
            raise tool_error(error) from None

    @server.tool()
    def explain_value(iri: str) -> dict[str, Any]:
        """Where a value came from: source line, exact characters, rule, mapping. Takes an IRI, CURIE or NCT id."""
        try:
            return asdict(explain(tools.store, iri, pool.settings.mcp_rows))
        except TrialgraphError as error:
            raise tool_error(error) from None

    @server.resource("trialgraph://schema-card", mime_type=JSON)
    def card() -> str:
        """What is in the graph: classes and properties with counts, example values, known pitfalls."""
        return tools.card()

    return server


class _Tools:
    """The tools without the protocol."""

    def __init__(self, release: Release, pool: Pool, queries: Mapping[str, SavedQuery]) -> None:
        self.release, self.pool, self.queries = release, pool, queries
        self.store = open_store(release)
        self.values = ParameterValues.of_store(self.store)

    def card(self) -> str:
        """The schema card as JSON; paths in it are those of this project's endpoint."""
        described = [
            quad.triple for quad in self.store.quads_for_pattern(None, None, None, iris.graph("meta"))
        ]
        lists = open_lists(self.release, select_from(self.store), self.pool.settings)
        found = schema_card(self.release, described, self.queries.values(), lists)
        return json.dumps(found, ensure_ascii=False)

    def questions(self, topic: str) -> list[dict[str, Any]]:
        """The questions of a topic; of all where it is empty."""
        return [
            {
                "slug": saved.slug,
                "question": saved.title,
                "topic": saved.topic,
                "description": saved.description,
                "parameters": [
                    {
                        "name": p.name,
                        "type": p.type,
                        "label": p.label,
                        "default": p.default,
                        "required": p.required and p.default is None,
                        "values": dict(p.values) if p.values else None,
                    }
                    for p in saved.parameters
                ],
            }
            for saved in self.queries.values()
            if topic in ("", saved.topic)
        ]

    def answer(self, query: str, notes: Sequence[str] = ()) -> dict[str, Any]:
        """The answer as far as the settings ``mcp_rows``, ``page_bytes`` and ``page_chars`` allow, which ``note`` says.

        IRIs are CURIEs, with their labels beside the rows.
        """
        checked = self.pool.check(query)
        table, settings = self._table(checked), self.pool.settings
        if isinstance(table, bool):
            return {"truth": table}
        seen = [term for row in table.rows for term in row if isinstance(term, NamedNode)]
        found = find_labels(self.pool, seen, self.pool.settings.adornment_seconds)
        return {
            "columns": list(table.columns),
            "rows": [
                {
                    name: _plain(term, settings.page_chars)
                    for name, term in zip(table.columns, row, strict=True)
                    if term is not None
                }
                for row in table.rows
            ],
            "labels": {compact(iri): label for iri, label in sorted(found.items())},
            "whole": not table.more,
            **({"note": "; ".join(notes)} if (notes := (*notes, *_note(table, settings))) else {}),
        }

    def _table(self, checked: Checked) -> ResultTable | bool:
        most, budget = self.pool.settings.mcp_rows, self.pool.settings.page_bytes
        graph = makes_graph(checked.kind)
        form = "ntriples" if graph else "json"
        with self.pool.run(checked, format=form, most_bytes=budget) as answer:
            return (read_graph if graph else read_table)(answer, most, budget)


def _note(table: ResultTable, settings: Settings) -> Sequence[str]:
    part = part_in_words(table, settings.page_bytes)
    return (f"these are {part}; ask for less, or add LIMIT and OFFSET",) if part else ()


def _plain(term: Term, chars: int) -> str | int | bool:
    """A term as JSON has it: CURIEs, whole numbers, truth values, else the text."""
    if isinstance(term, NamedNode):
        return shortened(compact(term.value), chars)
    if isinstance(term, Literal):
        if term.datatype == XSD.integer and _WHOLE.fullmatch(term.value):
            return int(term.value)
        if term.datatype == XSD.boolean:
            return term.value in ("true", "1")
        return shortened(term.value, chars)
    return shortened(str(term), chars)
