"""Units of doses: read from the ontology, written in UCUM and as people write them."""

from __future__ import annotations

import pytest

from trialgraph.rdf.vocabulary import compact
from trialgraph.terminology.dose_units import CELLS, DoseBasis, dose_unit, dose_units, unit_words
from trialgraph.terminology.lexicon import lexicon


def test_every_unit_is_written_in_its_own_way() -> None:
    codes = [unit.ucum for unit in dose_units().values()]
    assert len(codes) == len(set(codes)) > 20
    assert len({unit.label for unit in dose_units().values()}) == len(codes)


def test_concepts_of_the_mapping_file_have_the_label_of_the_ontology() -> None:
    known = lexicon().concepts
    assert {s: known[f"tgc:{s}"].label for s in dose_units()} == {s: u.label for s, u in dose_units().items()}


@pytest.mark.parametrize(
    ("slug", "basis", "ucum", "words", "qudt"),
    [
        (CELLS, "not stated", "{cells}", "cells", "unit:NUM"),
        (CELLS, "joint", "{cells}/{joint}", "cells/joint", "unit:NUM"),
        (CELLS, "kilogram", "{cells}/kg", "cells/kg", "unit:NUM-PER-KiloGM"),
        ("microgram", "kilogram", "ug/kg", "µg/kg", "unit:MicroGM-PER-KiloGM"),
        ("microliter", "kilogram", "uL/kg", "µL/kg", None),
        ("unit-of-activity", "square metre", "[arb'U]/m2", "units/m²", None),
        ("millicurie", "patient", "mCi/{patient}", "mCi/patient", "unit:MilliCI"),
    ],
)
def test_a_unit_on_a_basis(slug: str, basis: DoseBasis, ucum: str, words: str, qudt: str | None) -> None:
    unit = dose_unit(slug)
    found = unit.qudt_unit(basis)
    assert (unit.per(basis), unit.words(basis)) == (ucum, words)
    assert (compact(found.value) if found else None) == qudt
    assert unit_words(ucum) == words
