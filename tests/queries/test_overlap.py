"""The corrected covered area (Pieper et al. 2014), the shared trials and the patients counted twice, of any reviews."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, Store

from tests.queries.answers import answer
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import RDFS, TG

QUERIES: Final = load_queries()
#: A review: the trials that it includes, each with how many rows (publications) it has there.
Review = dict[str, int]
REVIEWS: Final = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3), min_size=1), min_size=1, max_size=4
)


def matrix(reviews: list[Review]) -> Store:
    """The reports of reviews, as a build states what overlap is asked of; trial ``a`` has one patient, and so on."""
    made = Store()
    for n, review in enumerate(reviews):
        source, row = iris.source(f"s{n}"), 0
        made.add(Quad(source, RDFS.label, Literal(f"review {n}")))
        for trial, rows in review.items():
            made.add(Quad(iris.trial(trial), RDFS.label, Literal(trial)))
            for _ in range(rows):
                row += 1
                report = iris.report(f"s{n}", row)
                made.add(Quad(report, TG.fromSource, source))
                made.add(Quad(report, TG.countsFor, iris.trial(trial)))
                made.add(Quad(report, TG.enrolledTotal, integer(ord(trial) - 96)))
    return made


def rows(reviews: list[Review], slug: str) -> list[dict[str, str]]:
    columns, found = answer(matrix(reviews), QUERIES[slug].bind())
    return [dict(zip(columns, row, strict=True)) for row in found]


def covered(reviews: list[Review]) -> Fraction:
    """(N − r) / (rc − r), by its definition."""
    inclusions, trials = sum(map(len, reviews)), len(set().union(*reviews))
    return Fraction(inclusions - trials, trials * len(reviews) - trials)


@settings(max_examples=60)
@given(REVIEWS)
def test_the_covered_area_is_that_of_the_citation_matrix(reviews: list[Review]) -> None:
    overall = rows(reviews, "overlap-of-all-reviews")
    if len(reviews) < 2:
        assert overall == []
        return
    (found,) = overall
    assert 0 <= Decimal(found["cca"]) <= 100
    assert abs(Decimal(found["cca"]) - Decimal(float(covered(reviews) * 100))) <= Decimal("0.0501")
    pairs = {(row["leftLabel"], row["rightLabel"]): row for row in rows(reviews, "overlap-of-two-reviews")}
    counted = {(r["leftLabel"], r["rightLabel"]): r for r in rows(reviews, "patients-counted-twice")}
    assert pairs.keys() == counted.keys()
    for n, m in combinations(range(len(reviews)), 2):
        shared, pair = reviews[n].keys() & reviews[m].keys(), (f"review {n}", f"review {m}")
        assert (pair in pairs) == bool(shared)
        if shared:
            area = Decimal(float(covered([reviews[n], reviews[m]]) * 100))
            assert abs(Decimal(pairs[pair]["cca"]) - area) <= Decimal("0.0501")
            assert int(pairs[pair]["shared"]) == len(shared)
            patients = str(sum(ord(trial) - 96 for trial in shared))
            assert (counted[pair]["atLeast"], counted[pair]["atMost"]) == (patients, patients)
    again = {row["trialLabel"]: int(row["countedAgain"]) for row in rows(reviews, "shared-trials")}
    number_of = {trial: sum(trial in review for review in reviews) for trial in "abcdefgh"}
    assert again == {t: (ord(t) - 96) * (k - 1) for t, k in number_of.items() if k > 1}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3), min_size=1), st.integers(2, 4))
@settings(max_examples=15)
def test_identical_reviews_cover_all_and_disjoint_ones_nothing(review: Review, copies: int) -> None:
    (same,) = rows([review] * copies, "overlap-of-all-reviews")
    assert (Decimal(same["cca"]), same["overlap"]) == (Decimal(100), "very high")
    other = {f"other {trial}": 1 for trial in review}
    apart = matrix([review])
    for trial in other:
        report = iris.report("s1", len(trial) + ord(trial[-1]))
        apart.add(Quad(report, TG.fromSource, iris.source("s1")))
        apart.add(Quad(report, TG.countsFor, iris.trial(trial)))
    columns, found = answer(apart, QUERIES["overlap-of-all-reviews"].bind())
    (none,) = [dict(zip(columns, row, strict=True)) for row in found]
    assert (Decimal(none["cca"]), none["overlap"]) == (Decimal(0), "slight")


@pytest.mark.parametrize(
    ("shared", "own", "cca", "overlap"),
    [(1, 19, "5", "slight"), (1, 18, "5.3", "moderate"), (1, 9, "10", "moderate"), (3, 17, "15", "high"),
     (1, 5, "16.7", "very high")],
)  # fmt: skip
def test_the_bands_are_those_of_the_paper(shared: int, own: int, cca: str, overlap: str) -> None:
    """``own`` trials stand in the first review alone."""
    made = Store()
    for n, trials in enumerate((range(shared + own), range(shared))):
        made.add(Quad(iris.source(f"s{n}"), RDFS.label, Literal(f"review {n}")))
        for trial in trials:
            made.add(Quad(iris.report(f"s{n}", trial), TG.fromSource, iris.source(f"s{n}")))
            made.add(Quad(iris.report(f"s{n}", trial), TG.countsFor, iris.trial(str(trial))))
    for slug in ("overlap-of-all-reviews", "overlap-of-two-reviews"):
        columns, (row,) = answer(made, QUERIES[slug].bind())
        found = dict(zip(columns, row, strict=True))
        assert (Decimal(found["cca"]), found["overlap"]) == (Decimal(cca), overlap)
