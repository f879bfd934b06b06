"""`trialgraph check`: figures and findings of a release."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import SEED, SLUG, altered, bad, good, run
from trialgraph.extract.curation import CURATION_COLUMNS, EVIDENCE
from trialgraph.pipeline import read_all

HEAD = "\t".join((*CURATION_COLUMNS, EVIDENCE)) + "\n"
#: What a reviewer may write in place of the … of a printed choice.
VALUES = {
    "n_total": "289", "n_treatment": "166", "n_control": "33", "dose": "1e6 cells/kg", "follow_up_months": "12",
    "outcome": "EDSS",
}  # fmt: skip


def test_check_prints_its_figures_and_names_a_damaged_file(built: Path, tmp_path: Path) -> None:
    """tests/cli/test_cli.py checks a release that is whole."""
    copy = Path(shutil.copytree(built, tmp_path / built.name, symlinks=True))
    with (copy / "trials.csv").open("a") as stream:
        stream.write("one more line\n")
    done = run("check", "--release", copy)
    assert done.returncode == 1
    figures = done.stdout.decode().splitlines()
    assert figures[0].endswith("100 % exist, 100 % are current, 100 % are called as recorded")
    for field in ("disease", "cell_source", "tissue", "route", "phase"):
        (line,) = (line for line in figures if line.startswith(f"{field}: "))
        assert ", 100 % linked to a term, " in line
    assert [line for line in figures if "is linked to nothing" in line] == [
        "outcome: 'NRS' is linked to nothing (× 1); "
        "perhaps numeric rating scale or Scripps Neurological Rating Scale? (a suggestion)"
    ]
    told = done.stderr.decode()
    assert "trials.csv: the file does not fit its checksum" in told
    assert told.startswith(f"release {built.name}: 1 finding")


def printed(built: Path) -> list[list[str]]:
    lines = good("-q", "check", "--conflicts", "--release", built).splitlines()
    return [line.split("\t") for line in lines]


def test_the_open_conflicts_are_printed_as_lines_to_paste(built: Path) -> None:
    done = run("check", "--conflicts", "--release", built)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 6
    choices = "keep | use 392 | use 39 | value n_total=… | value n_treatment=… | value n_control=…"
    assert f"9\tarms-do-not-add-up\t{choices}\t\t\t\t" in lines
    told = done.stderr.decode()
    assert (
        f"seeds/{SLUG}/curation.tsv, first line, with tabs: row kind decision who when why evidence" in told
    )
    assert "row 2: 211 + 78 = 289, not 244" in told
    assert good("-q", "check", "--conflicts", "--source", SLUG, "--release", built) == done.stdout.decode()
    assert "the release has no source 'x'" in bad("check", "--conflicts", "--source", "x", "--release", built)
    assert "--source goes with --conflicts" in bad("check", "--source", SLUG, "--release", built)


def test_every_printed_choice_is_accepted_once_it_is_filled_in(built: Path, tmp_path: Path) -> None:
    lines = printed(built)
    most = max(len(decision.split(" | ")) for _, _, decision, *_ in lines)
    for choice in range(most):
        text = HEAD
        for row, kind, decisions, *empty in lines:
            assert empty == [""] * 4
            decision = decisions.split(" | ")[min(choice, decisions.count(" | "))]
            name = decision.removeprefix("value ").removesuffix("=…")
            decision = decision.replace("…", VALUES.get(name, ""))
            text += "\t".join((row, kind, decision, "me", "2026-11-28", "so", "NCT01741857")) + "\n"
        folder = Path(shutil.copytree(SEED, tmp_path / str(choice) / SLUG))
        altered(folder, text, "curation.tsv")
        (read,) = read_all([folder])
        assert sum(len(report.curations) for report in read.reports) == len(lines)


@pytest.mark.parametrize("fill", ["", "me"])
def test_a_line_that_is_not_filled_in_is_refused(built: Path, tmp_path: Path, fill: str) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    row, kind, decisions, *_ = printed(built)[-1]
    altered(folder, HEAD + "\t".join((row, kind, decisions, fill, fill, fill, "")) + "\n", "curation.tsv")
    assert ("is not one of" if fill else "no who, when, why") in bad("trials", folder)
