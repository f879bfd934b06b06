"""`trialgraph trials`: the same table in each format, curated, whatever the locale."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.command import (
    SEED,
    SHORT,
    SLUG,
    altered,
    bad,
    good,
    run,
)
from tests.paths import ROOT
from trialgraph.extract.registries.record_columns import RECORD_FLAT
from trialgraph.extract.trials_table import COLUMNS, from_csv


def test_trials_in_all_formats_say_the_same(tmp_path: Path) -> None:
    text = good("trials", SEED, "-f", "csv")
    assert text == (ROOT / "tests" / "golden" / "trials.csv").read_text(encoding="utf-8")
    records = [json.loads(line) for line in good("trials", SEED, "-f", "jsonl").splitlines()]
    assert [{name: record[name] for name in COLUMNS} for record in records] == from_csv(text)
    short = altered(tmp_path, SHORT)
    records = [json.loads(line) for line in good("trials", short, "-f", "jsonl").splitlines()]
    assert records == from_csv(good("trials", short, "-f", "csv", "--columns", "all"), RECORD_FLAT)
    assert {"unread", "registration_ids", "status", "countries"} <= records[0].keys()
    named = good("trials", short, "-f", "csv", "--columns", "row,phase", "-o", tmp_path / "t.csv")
    assert (named, (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[:2]) == (
        "",
        ["row,phase", "1,"],
    )
    assert "there is no column 'phse'" in bad("trials", short, "--columns", "phse")
    assert good("trials", short).splitlines()[0].split() == list(COLUMNS)


def test_without_a_source_all_of_seeds_is_read_and_without_seeds_the_packaged_ones(tmp_path: Path) -> None:
    by_default = good("trials", "-f", "csv")
    assert {row["source"] for row in from_csv(by_default)} == {
        p.name for p in SEED.parent.iterdir() if p.is_dir()
    }
    assert good("trials", "-f", "csv", cwd=tmp_path) == by_default


def test_a_curation_line_that_decides_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    altered(folder, "row\tkind\tdecision\twho\twhen\twhy\n9\tarms-do-not-add-up\tuse 40\tme\tnow\tso\n",
            "curation.tsv")  # fmt: skip
    assert "is not one of: keep, use 39, use 392" in bad("trials", folder)


def test_a_curator_s_decision_is_a_layer_over_the_reading(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    altered(folder, "row\tkind\tdecision\twho\twhen\twhy\n9\tarms-do-not-add-up\tuse 392\tme\tnow\tso\n",
            "curation.tsv")  # fmt: skip
    # It is used, and it resolves nothing: 392 and 15 do not make 54.
    done = run("trials", folder, "-f", "jsonl")
    assert done.returncode == 1
    assert (
        f"{folder}/curation.tsv:2:1: row 9: after 'use 392' arms-do-not-add-up stays open"
        in done.stderr.decode()
    )
    record = json.loads(done.stdout.decode().splitlines()[8])
    assert (record["n_total"], record["n_treatment"], record["conflicts"]) == (
        54,
        392,
        ["arms-do-not-add-up"],
    )


def test_cells_keep_their_letters_whatever_the_locale(tmp_path: Path) -> None:
    short = altered(tmp_path, SHORT)
    plain = run("rows", short, "-f", "jsonl")
    assert not plain.stdout.isascii()
    for locale in ("C", "POSIX", "nowhere.ISO-8859-1"):
        done = run("rows", short, "-f", "jsonl", LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stdout) == (0, plain.stdout)
