"""What a column is about: by its heading, by similar headings, by its cells."""

from __future__ import annotations

import pytest

from trialgraph.extract.layout.column_roles import role_of

IDS = ["NCT01547091", "NCT01547092", "NCT01547093"]


@pytest.mark.parametrize(
    ("heading", "texts", "fields"),
    [
        ("Disease", ["RA", "SLE"], ("disease",)),
        ("cond", ["rheumatoid arthritis", "SLE"], ("disease",)),
        ("Study", ["Wang et al.", "Li et al."], ("reference",)),
        ("Study", IDS, ("registration",)),
        ("Study", ["Phase II RCT", "Phase I, open label"], ("phase", "allocation", "masking")),
        ("", ["China", "Iran"], ("countries",)),
        ("", ["a", "b"], ()),
        ("No.", ["1", "2", "3"], ()),
        ("ID", ["1", "2", "3"], ()),
        ("ID", IDS, ("registration",)),
        ("Population", ["RA", "SLE"], ("disease",)),
        ("Population", ["30", "12", "20"], ("patients",)),
        ("Study design", ["RCT, double-blind", "single arm"], ("allocation", "masking")),
        ("Study design", ["single arm", "case series"], ("phase",)),
        ("Intervention", ["UC-MSCs", "BM-MSCs"], ("cell source",)),
        ("Intervention", ["1 × 10^6 cells/kg IV", "2 × 10^6 cells/kg IV"], ("administration",)),
        ("n (age)", ["30 (18-65)", "12 (≥ 18)"], ("patients", "age")),
        ("n (age)", ["30", "12"], ("patients",)),
        ("Patients: Age", ["18-65", "≥ 18"], ("age",)),
        ("Sample size: Control", ["10", "12"], ("patients",)),
        ("Participants: MSCs+PRP", ["10", "12"], ("patients",)),
        ("Mean age: Control", ["45.1 ± 3", "44.2 ± 2"], ()),
        ("Study: Year", ["2018", "2019"], ()),
        ("Outcomes: Primary", ["DAS28", "SLEDAI"], ("outcomes",)),
        ("Country of sponsor", ["China", "Iran"], ()),
        ("First author's affiliation", ["China", "Iran"], ()),
    ],
)
def test_the_field_of_a_column(heading: str, texts: list[str], fields: tuple[str, ...]) -> None:
    assert role_of(heading, texts).fields == fields


def test_what_was_chosen_by_the_cells_is_told() -> None:
    role = role_of("", IDS)
    assert 0.9 <= role.confidence < 1
    assert role.why == "100% of its cells look like registration"


def test_a_known_heading_needs_no_reason() -> None:
    assert (role_of("Disease", ["quux"]).confidence, role_of("Disease", ["quux"]).why) == (1.0, "")


def test_what_was_assigned_is_not_weighed() -> None:
    role = role_of("Study", IDS, ("disease",))
    assert (role.fields, role.confidence, role.why) == (("disease",), 1.0, "assigned in source.toml")
    assert role_of("Study", IDS, ("ignore",)).fields == ()
