"""A release is checked anew, and a graph that breaks a rule becomes none."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from tests.paths import ROOT
from tests.release.tables import SEED, constructed, shuffled
from trialgraph.base.errors import Refused
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.sources import read_source
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.description import describer
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import summary_quads
from trialgraph.pipeline import build
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.audit import check_release
from trialgraph.release.open import Release, open_release
from trialgraph.release.write import write_release

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


def test_a_release_of_the_seeds_is_sound(release: Release) -> None:
    assert check_release(release) == ()


Built = tuple[Release, tuple[CheckResult, ...]]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A release of the seed with its columns in another order, and what the build found."""
    home = tmp_path_factory.mktemp("mixed")
    return build([shuffled((2, 0, 1, 4, 3, 5, 7, 6, 8, 9, 10), home)], releases=home / "releases")


def test_the_seed_with_its_columns_shuffled_is_not_refused(mixed: Built) -> None:
    """One order; `make soak` builds others."""
    made, findings = mixed
    assert made.manifest["counts"]["reports"] == 21
    # All that there is to say: nobody has told the licence of a bare file.
    assert {(f.severity, f.message) for f in findings} == {
        ("info", "dcterms:license: the licence of the source's text is not stated")
    }


def test_another_table_is_not_refused(tmp_path: Path) -> None:
    """One table; `make soak` builds others."""
    made, findings = build([constructed(1, tmp_path)], releases=tmp_path / "releases")
    assert made.manifest["counts"]["reports"] >= 20
    assert not [finding.line() for finding in findings if finding.severity == "violation"]
    again = [finding for finding in check_release(made) if finding.severity == "violation"]
    assert not again


@pytest.fixture(scope="module")
def copy(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own with the release, whose ontology can be broken."""
    home = tmp_path_factory.mktemp("copy")
    for name in ("src", "ontology", "queries", "seeds"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(release.path, home / "releases" / release.hash)
    (home / "releases" / "current").symlink_to(release.hash)
    return home


DISEASES = "concepts/disease.sssom.tsv"
ARTHRITIS = re.compile(r"(?m)^(tgc:rheumatoid-arthritis\t.*\t)MONDO:0008383(\t.*\n)")


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the command says of violations and warnings."""
    return [line for line in done.stderr.splitlines() if line.startswith(("violation: ", "warning: "))]


#: A file below ontology/, a change of its text, and what the check says of it.
Defect = tuple[str, Callable[[str], str], str]
DEFECTS: dict[str, Defect] = dict(
    zip(
        ("unlinked", "obsolete", "mistyped", "cycle", "no definition", "no source"),
        (
            (
                DISEASES,
                lambda text: re.sub(r"(?m)^tgc:acute-kidney-injury\t.*\n", "", text),
                "tgc:acute-kidney-injury (acute kidney injury) leads to no term and is not recorded as having none",
            ),
            (
                DISEASES,
                lambda text: ARTHRITIS.sub(r"\1MONDO:0005088\2", text),
                "MONDO:0005088 is obsolete; use MONDO:0008383",
            ),
            (
                DISEASES,
                lambda text: ARTHRITIS.sub(r"\1MONDO:0083838\2", text),
                "MONDO:0083838 is not in the module; MONDO:0008383 is called 'rheumatoid arthritis'",
            ),
            (
                "module.ttl",
                lambda text: text + "MONDO:0005301 rdfs:subClassOf MONDO:0005301 .\n",
                "MONDO:0005301: a cycle: the class is below itself",
            ),
            (
                "trialgraph.ttl",
                lambda text: text + 'tg:Sponsor a owl:Class ; rdfs:label "sponsor" ; dcterms:source "us" .\n',
                "tg:Sponsor: a class without definition",
            ),
            (
                "trialgraph.ttl",
                lambda text: (
                    text + 'tg:pays a owl:ObjectProperty ; rdfs:label "pays" ; skos:definition "Gives." .\n'
                ),
                "tg:pays: a property without source",
            ),
        ),
        strict=True,
    )
)


@pytest.mark.parametrize(
    "names",
    # Two for one mapping; the others are told beside each other, each in its own line.
    [("mistyped",), ("unlinked", "obsolete", "cycle", "no definition", "no source")],
    ids=["alone", "together"],
)
def test_each_defect_of_an_ontology_file_is_one_line_and_exit_1(names: tuple[str, ...], copy: Path) -> None:
    files = {file: (copy / "ontology" / file).read_text("utf-8") for file, *_ in DEFECTS.values()}
    try:
        for file, change, _ in (DEFECTS[name] for name in names):
            path = copy / "ontology" / file
            before = path.read_text("utf-8")
            path.write_text(change(before), "utf-8")
            assert path.read_text("utf-8") != before
        done = trialgraph("check", home=copy)
    finally:
        for file, text in files.items():
            (copy / "ontology" / file).write_text(text, "utf-8")
    assert done.returncode == 1, done.stderr
    lines = told(done)
    assert len(lines) == len(names), lines
    for file, _, wanted in (DEFECTS[name] for name in names):
        whole = rf"violation: ontology/{re.escape(file)}(:\d+)?: {re.escape(wanted)}"
        assert len([line for line in lines if re.fullmatch(whole, line)]) == 1, (wanted, lines)


ARTHRITIS_LINE = re.compile(r"(?m)^(tgc:rheumatoid-arthritis\t.*\t)MONDO:0008383\t[^\t]*(\t)")
MARROW_LINE = re.compile(r"(?m)^(tgc:bone-marrow-mesenchymal-stem-cell\t.*\t)CL:0002540\t[^\t]*(\t)")
#: A wrong mapping, and what the build says of it: the faults of decisions/0032.
MAPPINGS: tuple[Defect, ...] = (
    (
        DISEASES,
        lambda text: ARTHRITIS_LINE.sub(r"\1MONDO:0005301\tmultiple sclerosis\2", text),
        "tgc:rheumatoid-arthritis (rheumatoid arthritis) exactMatch MONDO:0005301 (multiple sclerosis): "
        "tgc:multiple-sclerosis is exactly this term, too; join the concepts, or correct one of the lines",
    ),
    (
        "concepts/cell_type.sssom.tsv",
        lambda text: MARROW_LINE.sub(r"\1UBERON:0002371\tbone marrow\2", text),
        "tgc:bone-marrow-mesenchymal-stem-cell (bone marrow mesenchymal stem cell) exactMatch UBERON:0002371 "
        "(bone marrow): cell_type is not mapped to UBERON; choose a term of CL, MESH, NCIT, or add the branch to "
        "ontology/concepts/branches.tsv with a reason",
    ),
)


def test_a_build_of_a_broken_ontology_leaves_the_old_release(release: Release, copy: Path) -> None:
    """A cycle in the module, and a wrong mapping in two files."""
    changes: tuple[Defect, ...] = (("module.ttl", lambda text: text + CYCLE, ""), *MAPPINGS)
    whole = {name: (copy / "ontology" / name).read_text("utf-8") for name, *_ in changes}
    try:
        for name, change, _ in changes:
            spoilt = change(whole[name])
            assert spoilt != whole[name]
            (copy / "ontology" / name).write_text(spoilt, "utf-8")
        done = trialgraph("build", home=copy)
    finally:
        for name, text in whole.items():
            (copy / "ontology" / name).write_text(text, "utf-8")
    assert done.returncode == 1, done.stderr
    # Of a circle the first is told.
    assert "violation: ontology/module.ttl: MONDO:0002562: a cycle: the class is below itself" in told(done)
    for name, _, message in MAPPINGS:
        where = rf"violation: ontology/{re.escape(name)}:\d+: {re.escape(message)}"
        assert [line for line in told(done) if re.fullmatch(where, line)], (message, told(done))
    last = done.stderr.splitlines()[-1]
    assert last.endswith(
        "violations: no release is written; the current one stays; correct them and build again"
    )
    assert done.stdout == ""
    assert open_release(copy / "releases").hash == release.hash
    assert {path.name for path in (copy / "releases").iterdir()} == {release.hash, "current"}


CYCLE = "MONDO:0005301 rdfs:subClassOf MONDO:0002562 . MONDO:0002562 rdfs:subClassOf MONDO:0005301 ."

ROW = f"{iris.base()}%s/{SEED.name}/%s"
PRODUCT, DOSE, CONDITION = ROW % ("product", "2/1"), ROW % ("dose", "2/1"), ROW % ("condition", "2")


#: An update that breaks a release, the node at which that is seen, and what the check says of it.
DATA_DEFECTS = (
    (
        "INSERT { GRAPH ?g { ?p tg:donorType tgc:autologous } }"
        f" WHERE {{ GRAPH ?g {{ ?p tg:donorType tgc:allogeneic }} FILTER (?p = <{PRODUCT}>) }}",
        PRODUCT,
        "tg:donorType: a product has one donor type, autologous or allogeneic",
    ),
    (
        f"DELETE WHERE {{ GRAPH ?g {{ <{DOSE}> tg:doseBasis ?b }} }}",
        DOSE,
        "tg:doseBasis: a dose has one basis: per kilogram, patient, joint, square metre, …, or not stated",
    ),
    (
        f"DELETE {{ GRAPH ?g {{ <{CONDITION}> tg:site ?d }} }}"
        f" INSERT {{ GRAPH ?g {{ <{CONDITION}> tg:site UBERON:9999999 }} }}"
        f" WHERE {{ GRAPH ?g {{ <{CONDITION}> tg:disease ?any }}"
        f" OPTIONAL {{ GRAPH ?g {{ <{CONDITION}> tg:site ?d }} }} }}",
        "UBERON:9999999",
        "a term that the data use has no label",
    ),
)


def test_each_defect_of_the_data_is_told_and_exit_1(release: Release, tmp_path: Path) -> None:
    """In a release whose files are whole, and whose shortcuts follow from what it says."""
    store = Store()
    store.extend(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))
    for update, *_ in DATA_DEFECTS:
        before = frozenset(store)
        store.update(HEAD + update)
        assert frozenset(store) != before
    stated = frozenset(
        q for q in store if q.graph_name not in (iris.graph("summary"), iris.graph("inferred"))
    )
    facts = iris.graph(SEED.name), iris.graph("quality"), iris.graph("mappings")
    shortcuts = summary_quads(quad for quad in stated if quad.graph_name in facts)
    quads = stated | shortcuts | inferred_quads(stated)
    source = read_source(SEED)
    write_release(
        quads,
        describe=describer(quads, [source], DEFAULTS),
        releases=tmp_path,
        read=[source],
        settings=DEFAULTS,
    )
    done = trialgraph("check", "--release", tmp_path)
    assert done.returncode == 1, done.stderr
    text = f"{SEED / 'source.txt'}".removeprefix(f"{ROOT}/")
    for _, node, wanted in DATA_DEFECTS:
        (line,) = (line for line in told(done) if f"{node}: {wanted}" in line)
        assert re.match(rf"violation: {re.escape(text)}(:\d+)?: ", line), line
    # Of a term that nobody knows the place where it is used is told, too, and that it is none of that field.
    assert len(told(done)) == len(DATA_DEFECTS) + 2, done.stderr


def test_a_description_that_lacks_something_is_no_release(release: Release, tmp_path: Path) -> None:
    quads = frozenset(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))
    with pytest.raises(Refused, match="no release is written") as caught:
        write_release(quads, describe=lambda *_: _nothing(release), releases=tmp_path, settings=DEFAULTS)
    assert all(line.startswith("meta.nq: ") for line in caught.value.lines)
    assert list(tmp_path.iterdir()) == []


def _nothing(release: Release) -> list[Quad]:
    """The graph ``meta`` without the hash of the release."""
    meta = parse(path=str(release.file("meta.nq")), format=RdfFormat.N_QUADS)
    return [quad for quad in meta if "identifier" not in quad.predicate.value]


def test_a_source_that_is_not_here_is_for_information(mixed: Built) -> None:
    found = check_release(mixed[0])
    assert {finding.severity for finding in found} == {"info"}
    assert [f.message for f in found if f.message.startswith("its text is not here")]


def test_a_graph_that_cannot_be_read_is_a_finding(release: Release, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(release.path, tmp_path / "copy"))
    (copy / "dataset.nq").write_text("<no quads\n")
    found = check_release(dataclasses.replace(release, path=copy))
    assert [f.message for f in found if "checksum" in f.message]
    assert [f.message for f in found if f.message.startswith("the graph cannot be read")]
