"""Conclusions: whether results are out, what went which way, and for better or worse."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.conclusion import read_findings, read_results_status, read_times

Told = tuple[str | None, str | None, str | None]


def told(text: str) -> list[Told]:
    return [
        (f.measure.label if f.measure else None, f.value, f.benefit)
        for f in read_findings(cell("conclusion", text))
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Study ongoing", "ongoing"),
        ("Study ongoing; results not yet published", "ongoing"),
        ("ongoing", "ongoing"),
        ("The trial is still ongoing, no results yet", "ongoing"),
        ("Recruiting", "ongoing"),
        ("Results not yet published", "not published"),
        ("Results pending", "not published"),
        ("Completed, results not published", "not published"),
        ("No results posted", "not published"),
        ("Safe and well tolerated", "published"),
        ("The ongoing inflammation was reduced", "published"),
        ("Recruiting of Tregs increased", "published"),
        # what tells no result and does not say that there is none
        ("Completed", None),
        ("Study withdrawn", "withdrawn"),
        ("Not reported", None),
        ("N/A", None),
        ("-", None),
        ("", None),
    ],
)
def test_status_of_the_results(text: str, status: str | None) -> None:
    made, reading = read_results_status(cell("conclusion", text))
    assert made == status
    assert (reading is None) == (status is None)
    if status != "published":
        assert told(text) == []


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        # as the seed prints them
        ("TNF-α and IL-6 levels decreased",
         [("tumor necrosis factor level", "decreased", None), ("interleukin 6 level", "decreased", None)]),
        ("Significant reduction in DAS28-ESR, VAS, and ESR",
         [(m, "decreased", None) for m in ("DAS28-ESR", "visual analog scale", "erythrocyte sedimentation rate")]),
        ("Safe and well tolerated", [("safety", None, "favourable"), ("tolerability", None, "favourable")]),
        ("CD4+CD25+FoxP3+ cells increased, but the disease did not show remission",
         [("regulatory T cell amount", "increased", None), ("clinical remission", None, "none")]),
        # benefit
        ("SLEDAI worsened", [("SLEDAI", None, "unfavourable")]),
        ("EDSS was not improved", [("EDSS", None, "none")]),
        ("failed to improve DAS28", [("DAS28", None, "none")]),
        ("Safe but not effective", [("safety", None, "favourable"), ("efficacy", None, "none")]),
        ("Was not safe", [("safety", None, "unfavourable")]),
        ("well-tolerated", [("tolerability", None, "favourable")]),
        ("high IL-6 levels correlated with better response", [("interleukin 6 level", None, None)]),
        ("No serious adverse events were observed", [("adverse events", None, "favourable")]),
        ("Serious adverse events occurred", [("adverse events", None, "unfavourable")]),
        ("no worsening of EDSS", [("EDSS", None, None)]),
        ("Treatment discontinued due to lack of efficacy", [("efficacy", None, "none")]),
        # a denied direction is no direction
        ("No significant difference between groups", [(None, "unchanged", None)]),
        ("No reduction in EDSS", [("EDSS", None, None)]),
        ("did not reduce EDSS", [("EDSS", None, None)]),
        ("IL-6 neither increased nor decreased", [("interleukin 6 level", "unchanged", None)]),
        ("IL-6 unchanged, CRP decreased",
         [("interleukin 6 level", "unchanged", None), ("C-reactive protein", "decreased", None)]),
        # what is given is not what was measured
        ("The combination therapy of MSC and IFN-γ improved outcomes", [(None, None, "favourable")]),
        ("regulation of the balance", []),
        ("Safe; regulation of the balance", [("safety", None, "favourable"), (None, None, None)]),
    ],
)  # fmt: skip
def test_findings(text: str, findings: list[Told]) -> None:
    assert told(text) == findings


def test_a_trend_is_not_a_finding_as_stated() -> None:
    (trend,) = read_findings(cell("conclusion", "A trend towards clinical efficacy was observed"))
    (stated,) = read_findings(cell("conclusion", "Clinical efficacy was observed"))
    assert (trend.certainty, stated.certainty) == ("trend", "stated")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("no major safety concerns at 1 year", ["12"]),
        ("Significant decrease in DAS28 score at week 4", ["0.92"]),
        ("DAS28 reduced at weeks 4 and 12", ["2.76"]),
        ("response of 93.3% at 3 months vs 53.3% with MSC alone, safe at 1 year", ["3", "12"]),
        ("clinical improvement persisted for 48 weeks", ["11.04"]),
        ("The therapeutic effect lasted 3-6 months", ["6"]),
        ("53.3% with MSC alone", []),
        ("", []),
    ],
)
def test_times_in_months(text: str, times: list[str]) -> None:
    assert [str(value) for value, _ in read_times(cell("conclusion", text))] == times


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("DAS28 decreased at 3 months", "3"),
        ("DAS28 decreased at week 4", "0.92"),
        ("ACR20 response of 93.3% at 3 months vs 53.3%", "3"),
        ("improvement persisted for 48 weeks", None),
        ("DAS28 decreased at 3 months and at 6 months", None),
    ],
)
def test_a_point_in_time_is_kept_a_duration_is_none(text: str, months: str | None) -> None:
    found = read_findings(cell("conclusion", text))
    assert found
    assert {f.at_months for f in found} == {Decimal(months) if months else None}
