"""What was read and is not stated fails the build, whichever column it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple

from tests.paths import FIRST
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns, registered
from trialgraph.extract.sources import Source
from trialgraph.graph.checks import check_quads
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads
from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Report
from trialgraph.pipeline import read_all
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.lexicon import lexicon

SEED = FIRST
FURTHER = """\
Table 1 Trials
Disease
Patients
Country
Status
Age
SLE30 (15/15)ChinaCompleted18-65 years
Multiple sclerosis24South Korea and JapanRecruiting≥18 years
"""

DATES = """\
Table 1 Trials
Disease
Masking
Allocation
Sex
Start date
Completion date
SLEDouble-blindRandomizedAll15 March 2020Dec 2021
"""
WORDS = """\
Table 1 Trials
Title
Registration number
Sponsor
Safety of cells in lupusNCT01547091Kangstem Biotech
"""
PRODUCTS = """\
Table 1 Trials
Product
Registration number
Comparator
Target
Drug KNCT01547092PlaceboCD19
"""
INTERVALS = """\
Table 1 Trials
Registration number
Dose frequency
NCT01547093every 4 weeks
"""


@cache
def further(folder: Path) -> tuple[Path, ...]:
    """Tables with the columns that the seed does not have."""
    made = []
    for n, text in enumerate((FURTHER, DATES, WORDS, PRODUCTS, INTERVALS)):
        made.append(folder / f"further-{n}.txt")
        made[-1].write_text(text, encoding="utf-8")
    return tuple(made)


@pytest.fixture(scope="module", name="folder")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("further")


#: Rows of the seed that have each of its columns between them: the checks take time with the number of rows.
ROWS = 4
#: Columns that are tried together are every fourth.
PARTS = 4


@cache
def read(folder: Path) -> tuple[list[Report], list[Source]]:
    """What is read does not depend on what a column states: it is read once."""
    seed, *others = read_all((SEED, *further(folder)))
    reports = [*seed.reports[:ROWS], *(report for other in others for report in other.reports)]
    return reports, [seed.source, *(other.source for other in others)]


def violations(folder: Path) -> set[tuple[str, str]]:
    """What the checks find in the graph of all tables: node and message."""
    reports, sources = read(folder)
    stated: frozenset[Quad] = quads(reports, sources, lexicon()) | ontology_quads()
    stated |= inferred_quads(stated)
    return {(f.focus, f.message) for f in check_quads(stated, sources) if f.severity == "violation"}


def test_the_graph_of_all_columns_is_sound(folder: Path) -> None:
    assert violations(folder) == set()


def nothing(_: Nodes) -> Iterator[Triple]:
    return iter(())


@pytest.mark.parametrize("part", range(PARTS))
def test_a_column_that_states_nothing_is_seen(part: int, folder: Path) -> None:
    """Several columns at once, as a check takes long; each has to be named by a violation of its own."""
    silent = columns()[part::PARTS]
    with ExitStack() as stack:
        for column in silent:
            stack.enter_context(registered(replace(column, triples=nothing)))
        found = violations(folder)
    blamed = [column for column in columns() if any(named(column, *violation) for violation in found)]
    assert blamed == list(silent)


def named(column: ColumnType, focus: str, message: str) -> bool:
    """Whether a violation is about a reading of the column, or about what states it."""
    properties = {s.property for s in column.statements if s.property} | {s.property for s in column.shapes}
    words = {f"tg:{p.value.rpartition('/')[2]}" for p in properties} | {
        f" {name} " for name in column.readings
    }
    places = {f"/{name.replace('_', '-')}/" for name in column.readings}
    return any(word in f" {message} " for word in words) or any(p in focus.replace("_", "-") for p in places)


def test_a_reading_that_no_column_declares_is_seen(folder: Path) -> None:
    (status,) = (column for column in columns() if column.field == "status")
    with registered(replace(status, statements=(), valued=())):
        messages = {message for _, message in violations(folder)}
        assert "a reading of status, which no column declares" in messages


def test_every_column_declares_what_its_readings_state() -> None:
    assert not [column.field for column in columns() if not column.readings]
