"""Rows to reports: every cell through its reader, nothing from cells that state nothing; curation files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.columns.cells import in_place, row
from tests.extract.columns.texts import TEXTS
from tests.extract.segmentation.lines import HEADINGS
from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.curation import CURATION_COLUMNS, read_curation
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import read_source
from trialgraph.extract.trials_table import COLUMNS, flat
from trialgraph.model.table import Row

SEED = FIRST
WHOLE = {
    "phase": "Phase Ib/IIa",
    "cell_source": "AD-MSCs (allogeneic) (Cx611)",
    "disease": "Refractory RA",
    "patients": "53 (46/7)",
    "administration": "1, 2 or 4 × 106/kg, IV infusion",
    "follow_up": "6",
    "mechanism": "Immunomodulation, suppression of inflammatory response",
    "outcomes": "Safety, tolerability, pre-activity",
    "conclusion": "Well tolerated, with no dose-dependent toxicity observed",
    "registration": "NCT01663116",
    "reference": "[130]",
}


def test_every_field_comes_into_the_report() -> None:
    report = read_report(row(14, **WHOLE))
    assert (report.key, report.trial_key) == ("made/14", "NCT01663116")
    assert (report.phase, report.phase_status) == ("1b/2a", "stated")
    assert [(p.donor, p.code) for p in report.products] == [("allogeneic", "Cx611")]
    assert report.condition is not None
    assert [q.label for q in report.condition.qualifiers] == ["refractory"]
    assert (report.n_total, report.n_treatment, report.n_control) == (53, 46, 7)
    assert [d.low for d in report.intervention.doses] == [1_000_000, 2_000_000, 4_000_000]
    assert [c.label for c, _ in report.intervention.routes if c] == ["intravenous"]
    assert [int(v) for v, _ in report.follow_up] == [6]
    assert [m.label for m in report.mechanisms] == [
        "immunomodulation",
        "suppression of inflammatory response",
    ]
    assert [o.label for o in report.outcomes] == ["safety", "tolerability", "efficacy"]
    assert {f.benefit for f in report.findings} == {"favourable"}
    assert (report.results_status, report.reference) == ("published", 130)


def test_every_reading_stands_once_and_in_its_place() -> None:
    report = read_report(row(14, **WHOLE))
    assert in_place(report.readings)
    assert len(set(report.readings)) == len(report.readings)
    assert {r.cell.field for r in report.readings} == set(HEADINGS)


def test_without_a_registry_number_a_trial_is_known_by_its_row() -> None:
    assert read_report(row(5, **{**WHOLE, "registration": ""})).trial_key == "made/5"


def test_the_order_of_the_columns_does_not_matter() -> None:
    made = row(1, **WHOLE)
    turned = replace(made, cells=tuple(reversed(made.cells)))
    assert replace(read_report(turned), row=made) == read_report(made)


@pytest.mark.parametrize("nothing", ["-", "–", "Not reported", "NR", "N/A"])
def test_a_dash_states_nothing_in_any_field(nothing: str) -> None:
    report = read_report(row(1, **dict.fromkeys(WHOLE, nothing)))
    lists = (report.products, report.outcomes, report.mechanisms, report.findings, report.arms)
    assert not any(lists)
    assert {report.condition, report.n_total, report.results_status, report.registration} == {None}
    assert report.intervention.dose_status == "not stated"
    assert {r.name for r in report.readings} == {"phase"}


def test_a_row_without_cells_states_nothing() -> None:
    report = read_report(Row("made", 1, 1, (), 1.0))
    assert (report.readings, report.phase_status, report.follow_up) == ((), "not stated", ())


def test_an_empty_cell_and_a_column_that_is_not_there_are_alike() -> None:
    empty = read_report(row(1, **{**WHOLE, "patients": ""}))
    gone = read_report(replace(empty.row, cells=tuple(c for c in empty.row.cells if c.field != "patients")))
    assert replace(gone, row=empty.row) == empty


@settings(deadline=None, max_examples=150)
@given(tables=st.lists(st.dictionaries(st.sampled_from(sorted(WHOLE)), TEXTS), max_size=3))
def test_whatever_the_cells_hold_there_is_a_report_and_its_characters_are_in_place(
    tables: list[dict[str, str]],
) -> None:
    def read() -> list[object]:
        reports = find_conflicts([read_report(row(n, **texts)) for n, texts in enumerate(tables, 1)])
        for report in reports:
            assert in_place(report.readings)
            assert all(in_place(c.competing) for c in report.conflicts)
            assert tuple(flat(report)) == COLUMNS
        return [flat(r) for r in reports]

    assert read() == read()


# --- curation.tsv -------------------------------------------------------------------------------------------

HEAD = "\t".join(CURATION_COLUMNS)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEED, tmp_path / "wjsc-107202-table1"))


def test_decisions_are_read_from_beside_the_source(seed: Path) -> None:
    (seed / "curation.tsv").write_text(
        f"{HEAD}\n9\tarms-do-not-add-up\tkeep\tA. Curator\t2026-01-31\tsaid so\n"
    )
    (made,) = read_curation(read_source(seed), DEFAULTS)
    assert (made.row, made.kind, made.decision, made.who, made.when, made.why) == (
        9,
        "arms-do-not-add-up",
        "keep",
        "A. Curator",
        "2026-01-31",
        "said so",
    )


def test_a_source_without_decisions_has_none(seed: Path) -> None:
    assert read_curation(read_source(seed), DEFAULTS) == ()
    assert read_curation(read_source(seed / "source.txt"), DEFAULTS) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("row\tkind\n9\tx\n", "curation.tsv:1: the columns are not row, kind, decision, who, when, why"),
        (f"{HEAD}\n9\tarms-do-not-add-up\tkeep\t\t2026-01-31\twhy\n", "curation.tsv:2: no who"),
        (
            f"{HEAD}\nnine\tarms-do-not-add-up\tkeep\tme\t2026-01-31\twhy\n",
            "curation.tsv:2: 'nine' is no row",
        ),
        (f"{HEAD}\n9\tarms-do-not-add-up\n", "curation.tsv:2: no decision, who, when, why"),
        ("", "curation.tsv:1: the columns are not"),
    ],
)
def test_a_line_that_does_not_fit_is_named(seed: Path, text: str, says: str) -> None:
    (seed / "curation.tsv").write_text(text)
    with pytest.raises(InputError) as error:
        read_curation(read_source(seed), DEFAULTS)
    assert says in error.value.line()


def test_a_file_of_another_encoding_is_one_line_too(seed: Path) -> None:
    (seed / "curation.tsv").write_bytes(f"{HEAD}\n9\tx\tkeep\tMüller\tnow\twhy\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"curation\.tsv"):
        read_curation(read_source(seed), DEFAULTS)
