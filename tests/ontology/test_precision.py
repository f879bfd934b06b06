"""The concept readers on names that registries print: random samples of their links, checked by hand."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest

from tests.paths import ROOT
from trialgraph.terminology.lexicon import lexicon, normalise

SAMPLE = Path(__file__).with_name("precision_sample.tsv")
TOOL = ROOT / "tools" / "precision" / "draw.py"
# Those after the fixes that the second draw led to; the last of them that is of conditions and interventions.
FRESH, LAST = ("3", "4", "5", "6"), "4"


def _loaded() -> ModuleType:
    spec = spec_from_file_location("precision_draw", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DRAW = _loaded()


def sample(*draws: str) -> list[dict[str, str]]:
    """The rows of these draws, or of all."""
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if not draws or row["draw"] in draws]


def drawn(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), *words], capture_output=True, text=True, check=True, encoding="utf-8"
    )


def test_the_samples_are_large_and_judged() -> None:
    rows = sample()
    assert len({(row["text"], row["name"], row["field"], row["concept"]) for row in rows}) == len(rows)
    assert {row["verdict"] for row in rows} == {"right", "broad", "wrong"}
    assert all(row["why"] for row in rows if row["verdict"] == "wrong")
    assert [r["text"] for r in rows if lexicon().concepts[r["concept"]].label != r["label"]] == []
    assert min(Counter(row["draw"] for row in rows).values()) >= 200
    assert min(Counter(row["name"] for row in sample(LAST)).values()) >= 50


def test_no_name_was_seen_in_an_earlier_draw() -> None:
    names = [{normalise(row["text"]) for row in sample(draw)} for draw in ("2", *FRESH)]
    assert not [shared for a, b in combinations(names, 2) if (shared := a & b)]


def test_the_readers_make_of_each_name_what_is_recorded() -> None:
    changed = []
    for row in sample():
        link = DRAW.Link(row["text"], row["name"], row["field"], row["concept"])
        now = DRAW.links(row["name"], row["text"]).get(link, "none")
        if now != row["now"]:
            changed.append(f"{row['text']}: {row['field']} {row['concept']} is {now}, was {row['now']}")
    assert not changed, "\n".join(["judge what the readers make of these now:", *changed])


def test_a_broader_concept_is_recorded_as_broader() -> None:
    """Or it is no longer made: an exact term was found, or the words beside it may make another disease of it."""
    assert {row["now"] for row in sample() if row["verdict"] == "broad"} == {"broader", "none"}


@pytest.mark.parametrize("draws", [(LAST,), FRESH], ids=["last", "all"])
def test_of_a_hundred_links_in_unseen_names_ninety_eight_are_right(draws: tuple[str, ...]) -> None:
    rows = sample(*draws)
    assert len(rows) >= 200
    assert sum(row["verdict"] != "wrong" for row in rows) / len(rows) >= 0.98


def test_a_draw_repeats_itself_and_leaves_out_what_was_judged(tmp_path: Path) -> None:
    names = ["Lupus Nephritis", "thoracic spinal stenosis", "Refractory SLE", "Morbus nondum descriptus"]
    given = [{"name": "Allogeneic UC-MSCs", "otherNames": ["BM-MSC"]}]
    protocol = {
        "conditionsModule": {"conditions": names},
        "armsInterventionsModule": {"interventions": given},
    }
    studies, judged = tmp_path / "studies.jsonl", tmp_path / "judged.tsv"
    studies.write_text(json.dumps({"protocolSection": protocol}) + "\n", encoding="utf-8")
    judged.write_text("# none\ntext\nlupus nephritis\n", encoding="utf-8")
    first, again = (drawn("--but", str(judged), "7", "3", str(studies)) for _ in range(2))
    assert first.stdout == again.stdout
    assert first.stdout.count("\n") == 3
    every = drawn("--but", str(judged), "--of", "keywords", "0", "0", str(studies)).stdout.splitlines()
    assert {tuple(row.split("\t")[i] for i in (0, 3, 9)) for row in every} == {
        ("thoracic spinal stenosis", "tgc:spinal-stenosis", "broader"),
        ("Refractory SLE", "tgc:refractory", "linked"),
        ("Refractory SLE", "tgc:systemic-lupus-erythematosus", "linked"),
        ("Allogeneic UC-MSCs", "tgc:allogeneic", "linked"),
        ("Allogeneic UC-MSCs", "tgc:umbilical-cord", "linked"),
        ("Allogeneic UC-MSCs", "tgc:umbilical-cord-mesenchymal-stem-cell", "linked"),
        ("BM-MSC", "tgc:bone-marrow", "linked"),
        ("BM-MSC", "tgc:bone-marrow-mesenchymal-stem-cell", "linked"),
    }
    said = drawn("--coverage", str(studies)).stdout.splitlines()
    assert said[0] == "condition names with a link: 3 of 4 different ones, 3 of 4 printed"
