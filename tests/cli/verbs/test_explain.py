"""`trialgraph explain`: from a trial to the characters, the rule and the mapping."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import (
    LINES,
    TEXT,
    good,
    on_terminal,
)


def test_explain_shows_the_characters_the_rule_and_the_mapping(built: Path) -> None:
    text = good("explain", "NCT04170426", "--release", built)
    assert "⟦392⟧" in text
    assert "rule patients.footnote-mark" in text
    assert "mapping: 'DMARD-resistant' is DMARD-resistant" in text
    found = json.loads(good("explain", "NCT04170426", "-f", "json", "--release", built))
    assert found["iri"].endswith("/trial/NCT04170426")
    for reading in found["readings"]:
        start, end = reading["offsets"]
        assert TEXT[start:end] == reading["verbatim"]
        assert reading["before"] + reading["verbatim"] + reading["after"] == LINES[reading["line"] - 1]


def test_colours_on_a_terminal_and_none_where_they_are_not_wanted(built: Path) -> None:
    asked = ("explain", "NCT04170426", "--release", built)
    assert "\x1b[" in on_terminal(*asked)
    assert "⟦" not in on_terminal(*asked)
    plain = on_terminal(*asked, NO_COLOR="1")
    assert "⟦392⟧" in plain
    assert "\x1b[" not in plain
