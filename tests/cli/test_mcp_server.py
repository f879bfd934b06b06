"""The MCP server, over stdio, through the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from trialgraph.release.open import Release

Work = Callable[[Client], Awaitable[Any]]


def ask(release: Release, work: Work, **settings: str) -> Any:
    """What ``work`` gives with a client of a server process on the release."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "trialgraph", "mcp", "--release", str(release.path)],
        env=os.environ | {f"TRIALGRAPH_{name.upper()}": value for name, value in settings.items()},
    )

    async def run() -> Any:
        async with Client(command) as client:
            return await work(client)

    # in a thread, as a browser's tests may have left an event loop in this one
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """The value that a tool gives, or the words of its error."""
    result = await client.call_tool(tool, arguments)
    text = "".join(part.text for part in result.content if part.type == "text")
    if result.is_error:
        return f"error: {text}"
    return result.structured_content


@pytest.fixture(scope="module")
def said(release: Release) -> dict[str, Any]:
    """One conversation with many turns."""

    async def work(client: Client) -> dict[str, Any]:
        every = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
        return {
            "tools": [tool.name for tool in (await client.list_tools()).tools],
            "questions": await call(client, "list_questions"),
            "topic": await call(client, "list_questions", topic="doses"),
            "lupus": await call(
                client, "run_question", slug="trials-by-disease", parameters={"disease": "MONDO:0007915"}
            ),
            "misfit": await call(
                client, "run_question", slug="trials-by-disease", parameters={"disease": "lupus"}
            ),
            "number": await call(client, "run_question", slug="find-trials", parameters={"phase": 2}),
            "none": await call(
                client, "run_question", slug="find-trials", parameters={"phase": "IV", "disease": "SLE"}
            ),
            "no such": await call(client, "run_question", slug="trials-by-diseases"),
            "ask": await call(client, "run_sparql", query="ASK {}"),
            "every": await call(client, "run_sparql", query=every),
            "graph": await call(client, "run_sparql", query="CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 3"),
            "service": await call(client, "run_sparql", query="ASK { SERVICE <http://127.0.0.1:9/> {} }"),
            "mistake": await call(client, "run_sparql", query="SELECT * { ?s foaf:name ?o }"),
            "value": await call(client, "explain_value", iri="report/wjsc-107202-table1/9"),
            "card": await client.read_resource("trialgraph://schema-card"),
            "no value": await call(client, "explain_value", iri="NCT99999999"),
        }

    found: dict[str, Any] = ask(release, work, mcp_rows="5")
    return found


def test_the_tools_are_there(said: dict[str, Any]) -> None:
    assert said["tools"] == ["list_questions", "run_question", "run_sparql", "explain_value"]


def test_questions_come_in_words_with_their_parameters(said: dict[str, Any]) -> None:
    questions = said["questions"]["result"]
    assert len(questions) > 30
    (first,) = [q for q in questions if q["slug"] == "trials-by-disease"]
    assert first["question"].endswith("?")
    assert first["parameters"][0]["name"] == "disease"
    assert {q["topic"] for q in said["topic"]["result"]} == {"doses"}


def test_a_question_is_answered_with_labels(said: dict[str, Any]) -> None:
    rows = said["lupus"]["rows"]
    assert rows
    assert {row["studied"] for row in rows} == {"MONDO:0007915", "MONDO:0005556"}, (
        "with nephritis, as reviewed"
    )
    assert said["lupus"]["labels"]["MONDO:0007915"] == "systemic lupus erythematosus"


def test_a_value_may_be_a_number(said: dict[str, Any]) -> None:
    assert said["number"]["rows"]


def test_a_known_term_without_trials_is_said_to_be_one(said: dict[str, Any]) -> None:
    assert said["none"]["rows"] == []
    assert said["none"]["note"] == "Phase 4 (tgc:phase-4) is known, but no trial of this release has it"


def test_an_answer_that_is_cut_says_so(said: dict[str, Any]) -> None:
    assert len(said["every"]["rows"]) == 5
    assert said["every"]["whole"] is False
    assert said["every"]["note"] == "these are the first 5 rows; ask for less, or add LIMIT and OFFSET"
    assert said["ask"] == {"truth": True}
    assert said["graph"]["columns"] == ["subject", "predicate", "object"]
    assert said["graph"]["whole"] is True


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ("misfit", "several meanings; give one of lupus erythematosus (MONDO:0004670)"),
        ("no such", "did you mean trials-by-disease"),
        ("service", "SERVICE is not allowed"),
        ("mistake", "undeclared prefix foaf:"),
        ("no value", "NCT99999999"),
    ],
)
def test_an_error_is_one_line_that_says_how_to_fix_it(said: dict[str, Any], turn: str, words: str) -> None:
    assert said[turn].startswith("error: ")
    assert words in said[turn]
    assert "\n" not in said[turn]
    assert "Traceback" not in said[turn]


def test_a_value_leads_to_its_characters(said: dict[str, Any]) -> None:
    readings = said["value"]["readings"]
    assert len(readings) == 5, "no more than rows of an answer"
    assert said["value"]["left_out"] > 0
    assert all(reading["verbatim"] and reading["rule"] for reading in readings)
    assert json.dumps(readings)


def test_the_schema_card_is_a_resource(said: dict[str, Any]) -> None:
    (content,) = said["card"].contents
    card = json.loads(content.text)
    assert card["pitfalls"]
    assert any(found["count"] == 21 for found in card["classes"])
