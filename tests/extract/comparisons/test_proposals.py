"""Which reports are proposed as one trial, by what, and that the work grows with the reports, not with their pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from tests.extract.comparisons.rows import report
from trialgraph.extract.comparisons import proposals
from trialgraph.extract.comparisons.pairs import SourceFacts, compare_pair
from trialgraph.extract.comparisons.proposals import EVIDENCE_KINDS, MOST_SHARING, propose
from trialgraph.model.comparison import Comparison
from trialgraph.model.report import Report

ROW = {"disease": "SLE", "cell_source": "UC-MSCs", "patients": "30 (15/15)", "registration": ""}
CHANCE = "disease-enrolment-product"


def kinds(left: dict[str, str], right: dict[str, str], **facts: SourceFacts) -> list[str] | None:
    found, _ = propose([report("a", 1, **left), report("b", 1, **right)], facts)
    return [one.kind for one in found[0].evidence] if found else None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (ROW, ROW, ["disease-enrolment-product"]),
        (ROW, ROW | {"patients": "31 (16/15)"}, None),
        (ROW, ROW | {"cell_source": "BM-MSCs"}, None),
        (ROW, ROW | {"registration": "NCT01741857"}, ["disease-enrolment-product"]),
        # One registry counts them as two; another registry may have the same trial.
        (ROW | {"registration": "NCT01873625"}, ROW | {"registration": "NCT01741857"}, None),
        (ROW | {"registration": "ISRCTN97348670"}, ROW | {"registration": "NCT01741857"}, [CHANCE]),
        ({"registration": "NCT01873625, NCT01741857"}, {"registration": "NCT01741857"}, ["registry-number"]),
        ({"registration": "NCT01741857"}, {"registration": "NCT01741857"}, None),
        ({"reference": "Wang et al. 2014"}, {"reference": "Wáng D et al., 2014 [3]"}, ["author-and-year"]),
        ({"reference": "Wang et al. 2014", "disease": "SLE"}, {"reference": "Wang et al. 2014", "disease": "RA"}, None),
        (
            {"reference": "Wang et al.", "patients": "30 (15/15)"},
            {"reference": "Wang D et al.", "patients": "30 (20/10)"},
            ["enrolment-and-author"],
        ),
        ({"reference": "doi:10.1000/X", "disease": "SLE"}, {"reference": "10.1000/x"}, ["publication"]),
        # Numbers of two lists of references say nothing.
        ({"reference": "[121]"}, {"reference": "[121]"}, None),
    ],
)  # fmt: skip
def test_what_is_proposed(left: dict[str, str], right: dict[str, str], expected: list[str] | None) -> None:
    assert kinds(left, right) == expected
    assert kinds(right, left) == expected


def test_numbers_of_one_list_of_references_are_one_publication() -> None:
    one = SourceFacts(doi="10.1000/review")
    assert kinds({"reference": "[121]"}, {"reference": "[121]"}, a=one, b=one) == ["reference-number"]
    assert (
        kinds({"reference": "[121]"}, {"reference": "[121]"}, a=one, b=SourceFacts(doi="10.1000/y")) is None
    )


def test_what_speaks_against_it_stands_beside_it() -> None:
    left = ROW | {"registration": "NCT01873625", "reference": "10.1000/x", "phase": "Phase I"}
    right = ROW | {"registration": "NCT01741857", "reference": "10.1000/x", "phase": "Phase II"}
    ((found,), _) = propose([report("b", 1, **right), report("a", 1, **left)], {})
    assert (found.left.source, found.right.source, found.status) == ("a", "b", "proposed")
    assert [one.kind for one in found.evidence] == ["publication", "disease-enrolment-product"]
    assert found.against == (
        "ClinicalTrials.gov has them as NCT01873625 and NCT01741857",
        "phase: 1 against 2",
    )


def test_rows_of_one_source_are_never_proposed() -> None:
    assert propose([report("a", 1, **ROW), report("a", 2, **ROW)], {}) == ((), ())


def test_what_too_many_share_is_left_out_and_told() -> None:
    rows = [report(f"s{n % 3}", n + 1, **ROW) for n in range(MOST_SHARING + 1)]
    found, crowds = propose(rows, {})
    assert found == ()
    assert [(one.evidence.kind, one.reports) for one in crowds] == [
        ("disease-enrolment-product", MOST_SHARING + 1)
    ]


def test_work_grows_with_the_reports_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    made, compared = report("a", 1, **ROW), []

    def counted(left: Report, right: Report, facts: Mapping[str, SourceFacts]) -> Iterator[Comparison]:
        compared.append((left.key, right.key))
        return compare_pair(left, right, facts)

    monkeypatch.setattr(proposals, "compare_pair", counted)
    # Two sources, each number of patients once in each: 1,000 blocks of two reports, not 10⁶ pairs.
    rows = [
        replace(made, source=source, row=replace(made.row, source=source, number=n), n_total=n)
        for source in ("a", "b")
        for n in range(1, 1_001)
    ]
    found, crowds = propose(rows, {})
    assert (len(found), len(compared), crowds) == (1_000, 1_000, ())


def test_every_kind_is_described() -> None:
    assert all(text.endswith(".") for text in EVIDENCE_KINDS.values())
