"""Cells that look like another publisher's: each gives the right value, or is reported as not read.

A row of a run-together table in which one cell is changed. Users of such tools reported these kinds: a part of a number
that passes for the number, a blank or dash of another kind, a bound that is dropped, a unit that nobody printed, an id
in another spelling, a default that claims something.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.plain_row import OTHERS, PLAIN, table
from trialgraph.extract.trials_table import flat

#: Field, its cell, and by column of ``trialgraph trials`` the right values; a value that is not read may be empty where
#: the field is among the unread ones.
KINDS: list[tuple[str, str, dict[str, object]]] = [
    # a part is read, the rest must not vanish
    ("administration", "1,000,000 cells/kg, IV infusion", {"dose_low": 1_000_000, "dose_unit": "cells/kg"}),
    ("administration", "1.00E+06 cells/kg, IV infusion", {"dose_low": 1_000_000}),
    ("administration", "1e6 cells/kg, IV infusion", {"dose_low": 1_000_000}),
    ("administration", "1*10**6 cells/kg, IV infusion", {"dose_low": 1_000_000}),
    ("administration", "2,500,000 MSCs per kg, intravenous infusion", {"dose_low": 2_500_000}),
    ("administration", "5000000 cells, IV infusion every other week", {"dose_low": 5_000_000}),
    ("patients", "30 (15:15)", {"n_total": 30, "n_treatment": 15, "n_control": 15}),
    ("disease", "Crohn's disease with complex perianal fistulas", {"disease": "MONDO:0005011"}),
    # no boundary inside a number
    ("patients", "30 (15/15)†", {"n_total": 30, "n_treatment": 15, "n_control": 15, "dose_low": 1_000_000}),
    ("patients", "30 (15/15)*", {"n_total": 30, "n_treatment": 15, "n_control": 15, "dose_low": 1_000_000}),
    ("patients", "15/15", {"n_total": None, "n_treatment": 15, "n_control": 15, "dose_low": 1_000_000}),
    ("patients", "20 vs 20", {"n_treatment": 20, "n_control": 20, "dose_low": 1_000_000}),
    ("follow-up", "up to 12", {"follow_up_months": [12]}),
    ("follow-up", "Up to 24", {"follow_up_months": [24]}),
    ("follow-up", "6−12", {"follow_up_months": [6, 12]}),
    ("follow-up", "6—12", {"follow_up_months": [6, 12]}),
    ("follow-up", "6, 12, and 24", {"follow_up_months": [6, 12, 24]}),
    ("patients", "12 (6 vs 6)", {"n_total": 12, "n_treatment": 6, "n_control": 6}),
    ("patients", "40 [20/20]", {"n_total": 40, "n_treatment": 20, "n_control": 20}),
    # blanks other than U+0020
    ("administration", "1\u00a0×\u00a0106\u00a0cells/kg,\u00a0IV\u00a0infusion", {"dose_low": 1_000_000}),
    ("administration", "1\u2009×\u2009106\u202fcells/kg, IV infusion", {"dose_low": 1_000_000}),
    ("phase", "Phase\u00a0I/II", {"phase": "1/2"}),
    ("patients", "30\u2007(15/15)", {"n_total": 30, "n_treatment": 15}),
    ("registration", "NCT\u00a009000003", {"registration_id": "NCT09000003"}),
    # dashes and minus signs
    ("administration", "(1−2) × 106 cells/kg, IV infusion", {"dose_low": 1_000_000, "dose_high": 2_000_000}),
    ("administration", "(1‒2) × 106 cells/kg, IV infusion", {"dose_low": 1_000_000, "dose_high": 2_000_000}),
    ("phase", "−", {"phase": None}),
    # a part of a number as the whole
    ("administration", "1·5 × 106 cells/kg, IV infusion", {"dose_low": 1_500_000}),
    ("administration", "0·5 × 107 cells/kg, IV infusion", {"dose_low": 5_000_000}),
    # bounds and upper ends
    (
        "administration",
        "1 × 10^6–10^7 cells/kg, IV infusion",
        {"dose_low": 1_000_000, "dose_high": 10_000_000},
    ),
    (
        "administration",
        "1 × 10⁶–10⁸ cells/kg, IV infusion",
        {"dose_low": 1_000_000, "dose_high": 100_000_000},
    ),
    ("administration", "≥1 × 106 cells/kg, IV infusion", {"dose_low": 1_000_000, "dose_high": None}),
    ("administration", "~1 × 106 cells/kg, IV infusion", {"dose_low": 1_000_000}),
    # units that nobody printed
    ("administration", "1.2 × 106 exosomes/kg, IV infusion", {"dose_low": None, "dose_unit": None}),
    ("administration", "2 × 1012 vector genomes/kg, IV infusion", {"dose_low": None, "dose_unit": None}),
    ("administration", "5 × 108 extracellular vesicles, IV infusion", {"dose_low": None, "dose_unit": None}),
    ("administration", "40 mg/kg, IV infusion", {"dose_low": None, "dose_unit": None}),
    # registry numbers in other spellings and of other registers
    ("registration", "NCT 09000003", {"registration_id": "NCT09000003"}),
    ("registration", "nct09000003", {"registration_id": "NCT09000003"}),
    ("registration", "NCT: 09000003", {"registration_id": "NCT09000003"}),
    ("registration", "RPCEC00000123", {"registration_id": "RPCEC00000123", "registry": "RPCEC"}),
    ("registration", "SLCTR/2016/012", {"registration_id": "SLCTR/2016/012"}),
    ("registration", "LBCTR2019030199", {"registration_id": "LBCTR2019030199"}),
    # one number that begins like another
    ("registration", "2022-501234-12-00", {"registration_id": "2022-501234-12-00"}),
    ("registration", "2011-001724-34", {"registration_id": "2011-001724-34"}),
    # placeholders
    ("registration", "NCT00000000", {"registration_id": None}),
    ("registration", "NCT12345678", {"registration_id": None}),
    ("registration", "NCTXXXXXXXX", {"registration_id": None}),
    # several values
    ("reference", "[3-5]", {"reference": [3, 4, 5]}),
    ("reference", "[3,5]", {"reference": [3, 5]}),
    ("registration", "NCT09000003, ISRCTN12345679", {"registration_ids": ["NCT09000003", "ISRCTN12345679"]}),
    # case and characters
    ("phase", "phase ii", {"phase": "2"}),
    ("phase", "PHASE IIA", {"phase": "2a"}),
    ("phase", "Phase Ⅱ", {"phase": "2"}),
    # what counts as something because it is nothing else
    (
        "conclusion",
        "Terminated early due to slow enrollment",
        {"results_status": "terminated", "status": "terminated"},
    ),
    ("conclusion", "Study suspended", {"results_status": "suspended", "status": "suspended"}),
    ("conclusion", "Further trials are needed", {"results_status": None}),
    # the same characters in another form
    ("disease", "Sjo\u0308gren’s syndrome", {"disease": "MONDO:0010030"}),
    ("disease", "Sjögren’s syndrome", {"disease": "MONDO:0010030"}),
    ("disease", "Ｓｊｏｇｒｅｎ syndrome", {"disease": "MONDO:0010030"}),
    # an abbreviation of several meanings
    ("disease", "AD", {"disease": None}),
    ("disease", "DM", {"disease": None}),
]


@pytest.mark.parametrize(("field", "text", "right"), KINDS, ids=[f"{f}: {t}" for f, t, _ in KINDS])
def test_the_right_value_or_a_report(tmp_path: Path, field: str, text: str, right: dict[str, object]) -> None:
    read = table(tmp_path, *OTHERS, PLAIN | {field: text})
    assert len(read.reports) == 3
    record = flat(read.reports[2], ["all"])
    unread = record["unread"]
    assert isinstance(unread, list)
    for column, value in right.items():
        if record[column] != value:
            assert record[column] in (None, []), f"{column}: {record[column]!r}, right is {value!r}"
            assert unread, f"{column}: nothing read and nothing reported"
    untouched = {"phase": "1/2", "n_total": 30, "dose_low": 1_000_000, "registration_id": "NCT09000003"}
    of = {
        "phase": "phase",
        "n_total": "patients",
        "dose_low": "administration",
        "registration_id": "registration",
    }
    for column, value in untouched.items():
        if of[column] != field and column not in right:
            assert record[column] in (value, None)
            assert record[column] == value or of[column] in unread


#: Of these the very value is expected, not only a report.
READ = [
    case
    for case in KINDS
    if case[1]
    not in (
        "≥1 × 106 cells/kg, IV infusion",
        "~1 × 106 cells/kg, IV infusion",
        "Ｓｊｏｇｒｅｎ syndrome",
    )
]


@pytest.mark.parametrize(("field", "text", "right"), READ, ids=[f"{f}: {t}" for f, t, _ in READ])
def test_the_value(tmp_path: Path, field: str, text: str, right: dict[str, object]) -> None:
    record = flat(table(tmp_path, *OTHERS, PLAIN | {field: text}).reports[2], ["all"])
    assert {column: record[column] for column in right} == right


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("administration", "1.2 × 106 exosomes/kg, IV infusion"),
        ("administration", "1 × 106 cells/kg, IV infusion, weekly for 4 weeks"),
        ("patients", "30 (15/15), 8 female"),
        ("registration", "NCT00000000"),
        ("conclusion", "Further trials are needed"),
        ("disease", "Crohn's disease with complex perianal fistulas"),
    ],
)
def test_what_is_left_is_a_finding_and_a_conflict(tmp_path: Path, field: str, text: str) -> None:
    read = table(tmp_path, *OTHERS, PLAIN | {field: text})
    assert any(finding.message.startswith("row 3: ") for finding in read.findings)
    kinds = [conflict.kind for conflict in read.reports[2].conflicts]
    assert "unread-text" in kinds


def test_a_table_without_rows_is_a_finding(tmp_path: Path) -> None:
    read = table(tmp_path)
    assert [finding.message for finding in read.findings] == ["the table has headings and no rows"]
