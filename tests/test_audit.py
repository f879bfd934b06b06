"""A release is checked anew, and a graph that breaks a rule becomes none."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from tests.rows.lines import HEADINGS, cells
from trialgraph import iris
from trialgraph.audit import check_release
from trialgraph.describe import describer
from trialgraph.errors import Refused
from trialgraph.pipeline import build
from trialgraph.release import Release, open_release, write_release
from trialgraph.rows import read_rows
from trialgraph.sources import read_source
from trialgraph.vocab import PREFIXES

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "wjsc-107202-table1"
HEAD = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())


def trialgraph(*arguments: str | Path, home: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command line of the checkout in ``home``."""
    return subprocess.run(
        [sys.executable, "-m", "trialgraph", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(home / "src"), "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )


def shuffled(order: tuple[int, ...], folder: Path) -> Path:
    """The seed with its columns in another order."""
    rows = read_rows(read_source(SEED)).rows
    headings = [rows[0].cells[k].header for k in order]
    body = ["".join(row.cells[k].text or "" for k in order) for row in rows]
    path = folder / "shuffled.txt"
    path.write_text("\n".join(["Table 1 Trials", *headings, *body, ""]), encoding="utf-8")
    return path


def constructed(seed: int, folder: Path) -> Path:
    """Another table: other diseases, cells and measures, with gaps."""
    chance = random.Random(seed)  # noqa: S311 - a constructed table, no secret
    body = ["".join(cells(chance).values()) for _ in range(25)]
    path = folder / "constructed.txt"
    path.write_text("\n".join(["Table 2 Trials", *HEADINGS.values(), *body, ""]), encoding="utf-8")
    return path


def test_a_release_of_the_seeds_is_sound(release: Release) -> None:
    assert check_release(release) == ()


@pytest.mark.parametrize(
    "order", [(10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), (2, 0, 1, 4, 3, 5, 7, 6, 8, 9, 10)], ids=["back", "mixed"]
)
def test_the_seed_with_its_columns_shuffled_is_not_refused(order: tuple[int, ...], tmp_path: Path) -> None:
    made, findings = build([shuffled(order, tmp_path)], releases=tmp_path / "releases")
    assert made.manifest["counts"]["reports"] == 21
    # All that there is to say: nobody has told the licence of a bare file.
    assert {(f.severity, f.message) for f in findings} == {
        ("info", "dcterms:license: the licence of the source's text is not stated")
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_table_is_not_refused(seed: int, tmp_path: Path) -> None:
    made, findings = build([constructed(seed, tmp_path)], releases=tmp_path / "releases")
    assert made.manifest["counts"]["reports"] >= 20
    assert not [finding.line() for finding in findings if finding.severity == "violation"]
    again = [finding for finding in check_release(made) if finding.severity == "violation"]
    assert not again


def test_defects_of_the_ontology_files_fail_check_and_build(release: Release, tmp_path: Path) -> None:
    """A cycle, a class without definition, ids that are mistyped or obsolete: a line each; the old release stays."""
    for name in ("src", "ontology", "queries", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(release.path, tmp_path / "releases" / release.hash)
    (tmp_path / "releases" / "current").symlink_to(release.hash)
    ontology = tmp_path / "ontology"
    with (ontology / "module.ttl").open("a") as stream:
        stream.write(
            "\nMONDO:0005301 rdfs:subClassOf MONDO:0002562 .\nMONDO:0002562 rdfs:subClassOf MONDO:0005301 .\n"
        )
    with (ontology / "trialgraph.ttl").open("a") as stream:
        stream.write("\ntg:Sponsor a owl:Class ; rdfs:label 'sponsor'@en .\n")
    table = ontology / "concepts" / "disease.sssom.tsv"
    table.write_text(table.read_text("utf-8").replace("\tMONDO:0008383\t", "\tMONDO:0083838\t"), "utf-8")
    line = next(
        n for n, text in enumerate(table.read_text("utf-8").splitlines(), 1) if "MONDO:0083838" in text
    )
    wanted = [
        "violation: ontology/module.ttl: MONDO:0002562: a cycle: the class is below itself",
        "violation: ontology/module.ttl: MONDO:0005301: a cycle: the class is below itself",
        "violation: ontology/trialgraph.ttl: tg:Sponsor: a class without definition",
        f"violation: ontology/concepts/disease.sssom.tsv:{line}: MONDO:0083838 is not in the module;",
    ]
    for verb in ("check", "build"):
        done = trialgraph(verb, home=tmp_path)
        assert done.returncode == 1, done.stderr
        for text in wanted:
            assert [said for said in done.stderr.splitlines() if said.startswith(text)], done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.endswith(
        "violations: no release is written; the current one stays; mend them and build again"
    )
    assert done.stdout == ""
    assert open_release(tmp_path / "releases").hash == release.hash
    assert {path.name for path in (tmp_path / "releases").iterdir()} == {release.hash, "current"}


def test_defects_of_the_data_fail_check(release: Release, tmp_path: Path) -> None:
    """A double donor, a dose without basis, an id that nobody knows, in a release whose files are whole."""
    store = Store()
    store.extend(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))
    row = f"{iris.base()}%s/{SEED.name}/%s"
    dose, condition = row % ("dose", "2/1"), row % ("condition", "2")
    product = row % ("product", "2/1")
    store.update(
        f"{HEAD} INSERT {{ GRAPH ?g {{ ?p tg:donorType tgc:autologous }} }}"
        f" WHERE {{ GRAPH ?g {{ ?p tg:donorType tgc:allogeneic }} FILTER (?p = <{product}>) }} ;"
        f"DELETE {{ GRAPH ?g {{ <{dose}> tg:doseBasis ?b }} }} WHERE {{ GRAPH ?g {{ <{dose}> tg:doseBasis ?b }} }} ;"
        f"DELETE {{ GRAPH ?g {{ <{condition}> tg:disease ?d }} }}"
        f" INSERT {{ GRAPH ?g {{ <{condition}> tg:disease MONDO:9999999 }} }}"
        f" WHERE {{ GRAPH ?g {{ <{condition}> tg:disease ?d }} }}"
    )
    quads = frozenset(store)
    source = read_source(SEED)
    write_release(quads, describe=describer(quads, [source]), releases=tmp_path, read=[source])
    done = trialgraph("check", "--release", tmp_path)
    assert done.returncode == 1
    text = f"{SEED / 'source.txt'}".removeprefix(f"{ROOT}/")
    said = done.stderr.splitlines()
    for node, words in (
        (product, "tg:donorType: a product has one donor type, autologous or allogeneic"),
        (dose, "tg:doseBasis: a dose has one basis: per kilogram, patient, joint, or not stated"),
    ):
        assert [
            line for line in said if line.startswith(f"violation: {text}:") and f"{node}: {words}" in line
        ], said
    assert [line for line in said if line.startswith("violation: ") and "MONDO:9999999" in line], said


def test_a_description_that_lacks_something_is_no_release(release: Release, tmp_path: Path) -> None:
    quads = frozenset(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))
    with pytest.raises(Refused, match="no release is written") as caught:
        write_release(quads, describe=lambda *_: _nothing(release), releases=tmp_path)
    assert all(line.startswith("meta.nq: ") for line in caught.value.lines)
    assert list(tmp_path.iterdir()) == []


def _nothing(release: Release) -> list[Quad]:
    """The graph ``meta`` without the hash of the release."""
    meta = parse(path=str(release.file("meta.nq")), format=RdfFormat.N_QUADS)
    return [quad for quad in meta if "identifier" not in quad.predicate.value]


def test_a_source_that_is_not_here_is_for_information(tmp_path: Path) -> None:
    made, _ = build([shuffled((2, 0, 1, 4, 3, 5, 7, 6, 8, 9, 10), tmp_path)], releases=tmp_path / "releases")
    found = check_release(made)
    assert {finding.severity for finding in found} == {"info"}
    assert [f.message for f in found if f.message.startswith("its text is not here")]


def test_a_graph_that_cannot_be_read_is_a_finding(release: Release, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(release.path, tmp_path / "copy"))
    (copy / "dataset.nq").write_text("<no quads\n")
    found = check_release(dataclasses.replace(release, path=copy))
    assert [f.message for f in found if "checksum" in f.message]
    assert [f.message for f in found if f.message.startswith("the graph cannot be read")]
