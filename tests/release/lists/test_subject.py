"""What a release is about: common values in the title, the leading diseases in the sentence, exact numbers."""

from __future__ import annotations

import pytest

from trialgraph.release.lists.facet_sets import Listed, TrialIndex, trial_index
from trialgraph.release.lists.facets import NONE
from trialgraph.release.lists.matrix import evidence_matrix, ranked_diseases
from trialgraph.release.lists.subject import listed, subject_of

LABELS = {"auto": "autoimmune disease", "sle": "SLE", "ln": "lupus nephritis", "ra": "RA", "msc": "stem cell"}
BROADER = {"disease": {"sle": frozenset({"auto"}), "ln": frozenset({"sle"}), "ra": frozenset({"auto"})}}


def _index(*trials: tuple[str, str, tuple[int, ...]], tissue: str = "") -> TrialIndex:
    listed_trials = tuple(
        Listed(
            f"t{n}",
            f"trial {n}",
            patients,
            {
                **({"disease": (disease,)} if disease else {}),
                **({"cell": (cell,)} if cell else {}),
                **({"tissue": tuple(tissue.split())} if tissue else {}),
            },
        )
        for n, (disease, cell, patients) in enumerate(trials)
    )
    return trial_index(listed_trials, LABELS, BROADER)


def test_the_title_has_what_all_trials_share() -> None:
    index = _index(("sle", "msc", (30,)), ("ln", "msc", (7,)), ("ra", "msc", (1000,)))
    made = subject_of(index, 1)
    assert made.title == "Clinical trials of stem cells in autoimmune disease"
    # lupus nephritis is counted with lupus
    assert made.sentence == "3 trials with 1,037 patients in SLE and RA, read from one review’s table"


def test_what_not_all_trials_have_is_not_in_the_title() -> None:
    made = subject_of(_index(("sle", "msc", (30,)), ("other", "", ())), 3)
    assert made.title == "Clinical trials read out of review tables"
    assert made.sentence == "2 trials with 30 patients in SLE and other, read from 3 sources"


def test_a_value_that_a_few_trials_do_not_state_is_still_the_subject() -> None:
    most = [("sle", "msc", (1,))] * 9
    assert subject_of(_index(*most, ("sle", "", (1,))), 1).title == "Clinical trials of stem cells in SLE"
    assert subject_of(_index(*most[:8], ("sle", "", (1,))), 1).title == "Clinical trials in SLE"
    assert subject_of(_index(*most, ("sle", "other", (1,))), 1).title == "Clinical trials in SLE"


def test_patients_are_a_range_where_reports_differ_and_left_out_where_none_are_known() -> None:
    assert "with 244 to 289 patients" in subject_of(_index(("sle", "msc", (244, 289))), 2).sentence
    assert (
        subject_of(_index(("sle", "msc", ())), 1).sentence == "1 trial in SLE, read from one review’s table"
    )
    assert subject_of(_index(), 1).sentence == "0 trials, read from one review’s table"


@pytest.mark.parametrize(
    ("names", "text"),
    [("", ""), ("a", "a"), ("ab", "a and b"), ("abcd", "a, b, c and d"), ("abcde", "a, b, c and 2 others")],
)
def test_many_names_are_counted(names: str, text: str) -> None:
    assert listed(list(names), 4) == text


def test_a_row_of_the_matrix_counts_what_the_list_of_its_cell_has() -> None:
    index = _index(("sle", "msc", (30, 20)), ("ln", "msc", (7,)), ("ra", "msc", (100,)), tissue="cord marrow")
    assert ranked_diseases(index) == [("sle", ["ln"]), ("ra", [])]
    made = evidence_matrix(index)
    assert [(row.label, row.narrower) for row in made.rows] == [
        ("SLE", False),
        ("lupus nephritis", True),
        ("RA", False),
    ]
    assert made.several == 3
    for row in made.rows:
        for (tissue, _), cell in zip(made.columns, row.cells, strict=True):
            held = index.listed(index.fit({"disease": [row.disease], "tissue": [tissue]}))
            assert (cell.tissue, cell.trials) == (tissue, len(held))
    assert [cell.patients for cell in made.rows[0].cells] == [37, 37]
    assert [row.cells[0].step for row in made.rows] == [2, 1, 3]


def test_a_matrix_that_is_too_large_says_what_it_leaves_out() -> None:
    index = _index(("sle", "msc", (1,)), ("ln", "msc", (1,)), ("ra", "", (1,)))
    made = evidence_matrix(index, most_rows=1)
    assert (len(made.rows), made.hidden) == (1, 2)
    assert made.columns == ((NONE, "tissue not stated"),)
