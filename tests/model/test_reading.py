"""Every rule does what its example says, and leaves its counter-example alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.columns.cells import ALL_HEADINGS, cell, in_place
from tests.extract.columns.readers import READERS, UNDER_HEADING
from tests.extract.columns.texts import TEXTS
from trialgraph.extract.columns import columns
from trialgraph.extract.columns.patients import PATIENTS
from trialgraph.extract.text.patterns import NOT_STATED
from trialgraph.model.reading import RULES, Reading, Rule, read, rule


def _read(by: Rule, text: str) -> list[Reading]:
    field, reader = READERS[by.id.split(".")[0]]
    return [r for r in reader(cell(field, text, UNDER_HEADING.get(by.id))) if r.rule == by.id]


def _gives(reading: Reading) -> str:
    if reading.mention and reading.name not in {"phase", "donor", "results_status", "product_code"}:
        return reading.mention.concept.label
    if reading.name in {"cell_source"}:
        return ""
    return "" if reading.value is None else str(reading.value)


def test_there_is_a_reader_for_every_rule_and_a_rule_for_every_reader() -> None:
    assert {r.split(".")[0] for r in RULES} == set(READERS)


@pytest.mark.parametrize("by", RULES.values(), ids=RULES)
def test_the_example_gives_what_the_rule_says(by: Rule) -> None:
    assert "|".join(_gives(r) for r in _read(by, by.example)) == by.gives
    assert _read(by, by.example), "the rule makes no reading of its own example"


@pytest.mark.parametrize("by", RULES.values(), ids=RULES)
def test_the_counter_example_is_left_alone(by: Rule) -> None:
    assert by.counter_example
    assert _read(by, by.counter_example) == []


@pytest.mark.parametrize("by", RULES.values(), ids=RULES)
def test_a_rule_says_in_one_sentence_or_two_what_it_does(by: Rule) -> None:
    assert by.says[0].isupper() or by.says[0] == '"'
    assert by.says.endswith(".")
    assert "  " not in by.says


def test_a_rule_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        rule("phase.single", "Again.", example="Phase I", gives="1", counter_example="-")


def test_a_reading_counts_from_the_start_of_the_source() -> None:
    made = read(cell("phase", "Phase II", start=40), "phase", (6, 8), "2", RULES["phase.single"])
    assert (made.verbatim, made.start, made.end, made.rule) == ("II", 46, 48, "phase.single")


@pytest.mark.parametrize("prefix", READERS)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS, header=st.sampled_from([None, "Follow-up (weeks)", "Patients (M/F)", "(", "n"]))
def test_any_text_is_read_without_an_error_in_place_and_always_alike(
    prefix: str, text: str, header: str | None
) -> None:
    field, reader = READERS[prefix]
    made = list(reader(cell(field, text, header)))
    assert in_place(made)
    assert {r.rule for r in made} <= set(RULES)
    assert made == list(reader(cell(field, text, header)))


@pytest.mark.parametrize("prefix", READERS)
@pytest.mark.parametrize("text", [None, "", " ", "-", "10", "()", "1 × 106"])
def test_a_cell_with_little_or_nothing_in_it_is_no_error(prefix: str, text: str | None) -> None:
    field, reader = READERS[prefix]
    assert in_place(reader(cell(field, text)))


def test_every_field_has_a_reader() -> None:
    assert {field for field, _ in READERS.values()} == set(ALL_HEADINGS)


def test_patterns_of_cells_do_not_match_nothing() -> None:
    patterns = [p for column in columns() for p in column.patterns.values()]
    assert patterns
    assert not [p.pattern for p in (*patterns, PATIENTS, NOT_STATED) if p.search("") is not None]
