"""External ids: absent, obsolete, renamed, mistyped; how many mentions are linked, and what the rest may mean."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.graph.term_checks import Mentions, mentions, report, term_figures, term_findings
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import TG, expand
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release
from trialgraph.terminology.lexicon import Lexicon, MappingLine, lexicon, read_mappings

RA = "tgc:rheumatoid-arthritis"


@pytest.fixture(scope="module")
def packaged() -> set[ox.Quad]:
    return ontology_quads()


def changed(**values: str) -> tuple[Lexicon, str]:
    """The lexicon with the line of RA changed, and the place of that line in its file."""
    lines = dict(lexicon().lines)
    at = next(k for k, m in enumerate(lines["disease"]) if m.subject == RA and m.object.startswith("MONDO:"))
    line: MappingLine = replace(lines["disease"][at], **values)  # type: ignore[arg-type]  # all are text here
    lines["disease"] = (*lines["disease"][:at], line, *lines["disease"][at + 1 :])
    stem, _, number = line.id.partition("/")
    return Lexicon(lines), f"ontology/concepts/{stem}.sssom.tsv:{number}"


def test_every_external_id_of_the_concept_files_exists_is_current_and_called_as_recorded(
    packaged: set[ox.Quad],
) -> None:
    assert term_findings(lexicon(), packaged) == ()
    figures = term_figures(lexicon(), packaged)
    assert figures.named > 300
    assert figures.named == figures.existing == figures.current == figures.labelled


@pytest.mark.parametrize(
    ("values", "severity", "message"),
    [
        ({"object": "MONDO:0005088"}, "violation", "MONDO:0005088 is obsolete; use MONDO:0008383"),
        (
            {"object": "CL:0000493"},
            "violation",
            "CL:0000493 is obsolete; it has no replacement: choose another term",
        ),
        (
            {"object": "MONDO:0008384"},
            "violation",
            "MONDO:0008384 is not in the module; MONDO:0008383 is called 'rheumatoid arthritis'",
        ),
        (
            {"object": "MONDO:83", "object_label": "no such label"},
            "violation",
            "MONDO:83 is not in the module; correct the id, or run: make module",
        ),
        (
            {"object_label": "arthritis, rheumatoid"},
            "warning",
            "MONDO:0008383 is called 'rheumatoid arthritis', here 'arthritis, rheumatoid'",
        ),
    ],
)
def test_a_wrong_id_is_one_line_that_names_file_and_term(
    values: dict[str, str], severity: str, message: str, packaged: set[ox.Quad]
) -> None:
    words, where = changed(**values)
    (found,) = term_findings(words, packaged)
    assert (found.severity, found.focus, found.message) == (severity, where, message)
    figures = term_figures(words, packaged)
    assert figures.labelled == figures.named - 1


def test_a_concept_that_leads_nowhere_and_does_not_say_so_is_a_violation(packaged: set[ox.Quad]) -> None:
    lines = dict(lexicon().lines)
    lines["disease"] = tuple(m for m in lines["disease"] if m.subject != RA)
    (found,) = term_findings(Lexicon(lines), packaged)
    assert found.severity == "violation"
    assert found.focus == "ontology/concepts/disease.sssom.tsv"
    assert RA in found.message


@pytest.mark.parametrize("object_", ["MONOD:0008383", "0008383", ""])
def test_a_mistyped_prefix_is_an_error_that_names_the_line(object_: str, tmp_path: Path) -> None:
    path = tmp_path / "disease.sssom.tsv"
    shutil.copy(resource("ontology") / "concepts" / path.name, path)
    text = path.read_text(encoding="utf-8")
    number = next(n for n, line in enumerate(text.splitlines(), 1) if "\tMONDO:0008383\t" in line)
    path.write_text(text.replace("\tMONDO:0008383\t", f"\t{object_}\t"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_mappings(path)
    assert caught.value.line().startswith(f"{path}:{number}: {object_!r} is no CURIE with a known prefix")


@pytest.mark.parametrize(
    ("curie", "message"),
    [
        ("MONDO:9999999", "tg:disease: MONDO:9999999 is not in the module"),
        ("MONDO:0005088", "tg:disease: MONDO:0005088 is obsolete; use MONDO:0008383"),
        ("obo:XYZ_1", "tg:disease: obo:XYZ_1 is not in the module"),
        ("MONDO:0008383", None),
        ("tgc:perianal-fistula", None),
    ],
)
def test_an_id_in_the_data_is_held_to_the_module(
    curie: str, message: str | None, packaged: set[ox.Quad]
) -> None:
    node = iris.condition("made", 1)
    quad = ox.Quad(node, TG.disease, expand(curie), iris.graph("made"))
    found = term_findings(lexicon(), {*packaged, quad})
    assert [(f.severity, f.focus, f.message) for f in found] == (
        [("violation", node.value, message)] if message else []
    )


def read(field: str, words: str, concept: str = "", rule: str = "outcome.item") -> list[ox.Quad]:
    """The quads of a reading, named by what it reads."""
    node, graph = expand(f"tg:reading-{field}-{words.replace(' ', '-')}"), iris.graph("provenance")
    said: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (TG.readsField, ox.Literal(field)),
        (TG.verbatim, ox.Literal(words)),
        (TG.byRule, iris.rule(rule)),
    ]
    if concept:
        said.append((TG.concept, expand(concept)))
    return [ox.Quad(node, p, o, graph) for p, o in said]


def test_mentions_are_counted_by_where_they_lead() -> None:
    quads = [
        *read("outcome", "CRP", "NCIT:C64548"),
        *read("outcome", "NRS"),
        *read("outcome", "SLEDIA scores"),
        *read("outcome", "qqqqqqqqqqqqqqqqqqqqqq"),
        *read("outcome", "NRS as numeric", rule="conflict.ambiguous-abbreviation"),
        *read("qualifier", "persistently active", "tgc:persistently-active"),
        *read("phase", "-", rule="phase.not-stated"),
        ox.Quad(expand("tg:p"), TG.tissueSource, expand("UBERON:0002371"), iris.graph("made")),
    ]
    found = {one.field: one for one in mentions(lexicon(), quads)}
    outcome = found["outcome"]
    assert (outcome.total, outcome.linked, outcome.without_term) == (4, 1, 0)
    loose = {words: (times, nearest) for words, times, nearest in outcome.loose}
    assert loose["NRS"] == (1, ("numeric rating scale", "Scripps Neurological Rating Scale"))
    assert "SLEDAI score" in loose["SLEDIA scores"][1] or "SLEDAI" in loose["SLEDIA scores"][1]
    assert loose["qqqqqqqqqqqqqqqqqqqqqq"] == (1, ())
    bare = lexicon().concepts["tgc:persistently-active"].external[0].object == "sssom:NoTermFound"
    assert (found["qualifier"].linked, found["qualifier"].without_term) == (int(not bare), int(bare))
    assert found["phase"] == Mentions("phase", 0, 0, 0, ())
    assert (found["tissue"].total, found["tissue"].linked) == (1, 1)
    lines = list(report(term_figures(lexicon(), ontology_quads()), found.values()))
    assert lines[0].endswith("100 % exist, 100 % are current, 100 % are called as recorded")
    assert (
        "outcome: 4 mentions, 25 % linked to a term, 0 to a concept recorded as having none, 3 to nothing"
        in lines
    )
    assert any(
        line.startswith("outcome: 'NRS' is linked to nothing (× 1); perhaps numeric rating") for line in lines
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what `trialgraph` is made of, to spoil."""
    home, copy = resource("ontology").parent, tmp_path_factory.mktemp("checkout")
    for name in ("src/trialgraph", "ontology", "queries", "seeds"):
        shutil.copytree(home / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (
            "\tMONDO:0008383\trheumatoid arthritis\t",
            "\tMONDO:0005088\trheumatoid arthritis\t",
            1,
            "MONDO:0005088 is obsolete; use MONDO:0008383",
        ),
        ("\tMONDO:0008383\t", "\tMODNO:0008383\t", 2, "'MODNO:0008383' is no CURIE with a known prefix"),
    ],
)
def test_check_fails_with_one_line_for_a_wrong_id(
    old: str, new: str, code: int, words: str, checkout: Path, release: Release
) -> None:
    path = checkout / "ontology" / "concepts" / "disease.sssom.tsv"
    text = path.read_text(encoding="utf-8")
    number = next(n for n, line in enumerate(text.splitlines(), 1) if old in line)
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "trialgraph", "check", "--release", str(release.path)],
            env={**os.environ, "PYTHONPATH": str(checkout / "src")},
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == code, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if f"disease.sssom.tsv:{number}" in line)
    assert words in line
