"""Releases: the same input gives the same bytes, and nothing that goes wrong harms the one that is served."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.compare import isomorphic

from tests.graph_samples import build_sample, sample_quads
from tests.paths import ROOT
from tests.sample_table import sample_source
from tests.shared import once
from tools.ontology.version import recorded
from trialgraph.base.errors import ReleaseError
from trialgraph.base.settings import DEFAULTS
from trialgraph.graph.description import describer
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.serialise import canonical
from trialgraph.rdf.vocabulary import RDFS
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release, damaged, open_release
from trialgraph.release.write import write_release

# rdflib's own parsers of JSON-LD, TriG and N-Quads use what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings(
    "ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated:DeprecationWarning"
)

RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


def in_another_process(code: str, releases: Path, **environ: str) -> subprocess.Popen[str]:
    """Python that has ``releases`` and ``build_sample`` at hand."""
    head = "import sys; from pathlib import Path; from tests.graph_samples import build_sample\n"
    return subprocess.Popen(
        [sys.executable, "-c", f"{head}releases = Path(sys.argv[1])\n{code}", str(releases)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The sample without what is the same in every release, for tests that write it again and again."""
    return open_release(once(tmp_path_factory, "small-sample", partial(build_sample, whole=False)))


@pytest.fixture
def releases(small_sample: Release, tmp_path: Path) -> Path:
    """A folder of releases with the small sample as the current one."""
    shutil.copytree(small_sample.path.parent, tmp_path / "releases", symlinks=True)
    return tmp_path / "releases"


def digests(folder: Path) -> dict[str, str]:
    """Checksums of the files that have to be the same on any machine."""
    found = (path for path in folder.iterdir() if path.is_file() and path.name != "manifest.json")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def merge(release: Release) -> set[Triple]:
    return {quad.triple for quad in parse(path=str(release.path / "trialgraph.nq"), format=RdfFormat.N_QUADS)}


def test_the_hash_is_that_of_the_master(sample: Release) -> None:
    assert (
        hashlib.sha256((sample.path / "dataset.nq").read_bytes()).hexdigest()
        == sample.hash
        == sample.path.name
    )
    assert set(parse(path=str(sample.path / "dataset.nq"))) == canonical(sample_quads() | ontology_quads())


def test_the_master_is_sorted_and_has_each_quad_once(sample: Release) -> None:
    lines = (sample.path / "dataset.nq").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert lines == sorted(set(lines))


def test_the_manifest_counts(sample: Release) -> None:
    counts = sample.manifest["counts"]
    assert (counts["trials"], counts["reports"], counts["conflicts"], counts["violations"]) == (2, 2, 2, 1)
    assert counts["triples"] == len(merge(sample))
    with (sample.path / "trialgraph.nq").open(encoding="utf-8") as file:
        assert sum(counts["graphs"].values()) == sum(1 for _ in file)
    assert sample.manifest["built_from"] == [
        {"slug": "sample-table", "sha256": sample_source().sha256, "rows": 2, "unread": 1}
    ]
    assert sample.manifest["ontology_version"] == recorded()["trialgraph.ttl"][0]
    assert [finding["message"] for finding in sample.manifest["findings"]] == ["y", "z"]
    assert "ontology/trialgraph.ttl" in sample.manifest["inputs"]
    assert damaged(sample) == ()


def test_the_store_holds_the_graphs_and_their_merge(sample: Release) -> None:
    store = Store.read_only(str(sample.path / "store"))
    named = set(parse(path=str(sample.path / "trialgraph.nq"), format=RdfFormat.N_QUADS))
    assert {quad for quad in store if isinstance(quad.graph_name, NamedNode)} == named
    assert {quad.triple for quad in store.quads_for_pattern(None, None, None, None)} == merge(sample)
    assert len(list(store)) == len(named) + sample.manifest["counts"]["triples"]


def test_other_processes_can_open_the_store_at_once(sample: Release) -> None:
    code = (
        "from pyoxigraph import Store; print(len(Store.read_only(str(releases / 'store')))); sys.stdin.read()"
    )
    both = [in_another_process(code, sample.path) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert len(set(said)) == 1
    assert int(said[0]) > 10_000


@pytest.fixture(scope="module")
def by_rdflib(sample: Release) -> rdflib.Graph:
    """The merge as rdflib reads it from N-Triples."""
    return rdflib.Graph().parse(sample.path / "trialgraph.nt", format="nt")


@pytest.mark.parametrize("suffix", RDFLIB)
def test_graph_exports_are_the_merge_for_rdflib(
    sample: Release, by_rdflib: rdflib.Graph, suffix: str
) -> None:
    assert len(by_rdflib) == sample.manifest["counts"]["triples"]
    found = rdflib.Graph().parse(sample.path / f"trialgraph.{suffix}", format=RDFLIB[suffix])
    # Canonical names are slow to make, and not needed without blank nodes.
    assert set(found) == set(by_rdflib) or isomorphic(found, by_rdflib)


@pytest.mark.parametrize("name", [name for name, form in EXPORT_FORMATS.items() if not form.dataset])
def test_graph_exports_are_the_merge_for_the_engine(sample: Release, name: str) -> None:
    form = EXPORT_FORMATS[name]
    found = list(parse(path=str(sample.path / f"trialgraph.{form.suffix}"), format=form.engine))
    assert {quad.triple for quad in found} == merge(sample)
    assert len(found) == sample.manifest["counts"]["triples"]


@pytest.mark.parametrize(("suffix", "name"), [("trig", "trig"), ("nq", "nquads")])
def test_dataset_exports_keep_the_graphs(sample: Release, suffix: str, name: str) -> None:
    expected = set(parse(path=str(sample.path / "dataset.nq"))) | set(
        parse(path=str(sample.path / "meta.nq"))
    )
    assert set(parse(path=str(sample.path / f"trialgraph.{suffix}"))) == expected
    found = rdflib.Dataset()
    found.parse(sample.path / f"trialgraph.{suffix}", format=name)
    assert sum(len(graph) for graph in found.graphs()) == len(expected)
    names = {str(graph.identifier) for graph in found.graphs() if len(graph)}
    assert names == {iris.graph(name).value for name in sample.manifest["counts"]["graphs"]}


def test_turtle_says_each_subject_once_and_has_prefixes(sample: Release) -> None:
    text = (sample.path / "trialgraph.ttl").read_text(encoding="utf-8")
    assert "@prefix tg: <https://w3id.org/trialgraph/ontology/> ." in text
    assert "tg:disease MONDO:0008383" in text
    subjects = [line.split(" ")[0] for line in text.split("\n") if line and line[0] not in "\t@"]
    assert len(subjects) == len(set(subjects))


def test_the_same_input_gives_the_same_bytes_anywhere(sample: Release, tmp_path: Path) -> None:
    for number, environ in enumerate(
        [
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
            {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
        ]
    ):
        process = in_another_process("print(build_sample(releases).hash)", tmp_path / str(number), **environ)
        out, err = process.communicate()
        assert (out.strip(), err) == (sample.hash, "")
        assert digests(tmp_path / str(number) / sample.hash) == digests(sample.path)


def test_blank_nodes_are_named_by_their_content(tmp_path: Path) -> None:
    def note(one: str, other: str) -> set[Quad]:
        first, second = BlankNode(one), BlankNode(other)
        return {
            Quad(first, RDFS.seeAlso, second, iris.graph("ontology")),
            Quad(second, RDFS.label, Literal("_: end"), iris.graph("ontology")),
            Quad(first, RDFS.label, Literal("start"), iris.graph("module")),
        }

    hashes = {
        write_release(
            made, describe=describer(made, [], DEFAULTS), releases=tmp_path / str(n), settings=DEFAULTS
        ).hash
        for n, made in enumerate([note("a", "b"), note("b", "a"), note("x", "y")])
    }
    assert len(hashes) == 1


THING = rdflib.URIRef(iris.source("a").value)


def test_awkward_text_survives_every_format(tmp_path: Path) -> None:
    words = 'tab\t "quoted" \\ back\r\nslash <b>&amp;</b> \u2028 é 👍 ]]> {x} \x7f end '
    made = {Quad(iris.source("a"), RDFS.comment, Literal(words), iris.graph("a"))}
    release = write_release(
        made, describe=describer(made, [], DEFAULTS), releases=tmp_path, settings=DEFAULTS
    )
    for suffix, name in RDFLIB.items():
        found = rdflib.Graph().parse(release.path / f"trialgraph.{suffix}", format=name)
        assert [str(o) for o in found.objects(THING, rdflib.RDFS.comment)] == [words], suffix


def test_what_xml_cannot_hold_is_replaced_there_and_said(tmp_path: Path) -> None:
    made = {Quad(iris.source("a"), RDFS.comment, Literal("bell \x07"), iris.graph("a"))}
    release = write_release(
        made, describe=describer(made, [], DEFAULTS), releases=tmp_path, settings=DEFAULTS
    )
    for suffix, words in {"rdf": "bell \ufffd", "ttl": "bell \x07"}.items():
        found = rdflib.Graph().parse(release.path / f"trialgraph.{suffix}", format=RDFLIB[suffix])
        assert [str(o) for o in found.objects(THING, rdflib.RDFS.comment)] == [words]
    assert [finding["severity"] for finding in release.manifest["findings"]] == ["warning"]


def test_current_is_opened_by_the_folder_of_releases_or_the_setting(
    sample: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_release(sample.path) == open_release(sample.path.parent) == sample
    monkeypatch.setenv("TRIALGRAPH_RELEASES", str(sample.path.parent))
    assert open_release() == sample
    assert os.readlink(sample.path.parent / "current") == sample.hash


def test_a_second_build_is_the_same_release(releases: Path) -> None:
    before = (releases / "current" / "manifest.json").stat().st_ino
    assert build_sample(releases, whole=False).path == (releases / "current").resolve()
    assert (releases / "current" / "manifest.json").stat().st_ino == before
    assert sorted(path.name for path in releases.iterdir()) == sorted(
        [open_release(releases).hash, "current"]
    )


@pytest.mark.parametrize("harm", ["change", "remove", "store", "manifest"])
def test_a_damaged_release_is_built_again(releases: Path, harm: str) -> None:
    folder = (releases / "current").resolve()
    if harm == "store":
        shutil.rmtree(folder / "store")
    elif harm == "remove":
        (folder / "trialgraph.ttl").unlink()
    else:
        name = "manifest.json" if harm == "manifest" else "dataset.nq"
        (folder / name).write_text("{}", encoding="utf-8")
    release = build_sample(releases, whole=False)
    assert release.path == folder
    assert damaged(release) == ()
    assert len(Store.read_only(str(release.path / "store"))) > 5_000
    assert sorted(path.name for path in releases.iterdir()) == sorted([release.hash, "current"])


def test_damage_is_named(releases: Path) -> None:
    release = open_release(releases)
    (release.path / "trials.csv").write_text("other", encoding="utf-8")
    (release.path / "meta.nq").unlink()
    assert set(damaged(release)) == {"trials.csv", "meta.nq"}


def test_a_new_build_leaves_the_old_release_whole(releases: Path) -> None:
    old = open_release(releases)
    new = build_sample(releases, extra=5, whole=False)
    assert new.hash != old.hash
    assert open_release(releases) == new
    assert damaged(old) == damaged(new) == ()


def moments() -> Iterator[float]:
    """Parts of the time that a build takes."""
    yield from (0.2, 0.6, 0.9, 1.0)


def test_a_killed_build_leaves_the_old_release_served(releases: Path) -> None:
    old = open_release(releases)
    code = "print('ready', flush=True); build_sample(releases, extra=10_000, whole=False); print('done', flush=True)"
    trial = in_another_process(code, releases.parent / "elsewhere")
    assert trial.stdout is not None
    assert trial.stdout.readline() == "ready\n"
    started = time.monotonic()
    assert trial.stdout.readline() == "done\n"
    whole = time.monotonic() - started
    trial.communicate()
    left = 0
    for part in moments():
        process = in_another_process(code, releases)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(whole * part)
        process.kill()
        process.communicate()
        left += len(list(releases.glob(".building-*")))
        served = open_release(releases)
        assert damaged(served) == ()
        assert served == old or served.manifest["counts"]["triples"] > old.manifest["counts"]["triples"]
        assert len(Store.read_only(str(served.path / "store"))) > 5_000
    assert left
    last = build_sample(releases, extra=1, whole=False)
    assert open_release(releases) == last
    assert list(releases.glob(".*")) == []


def test_builds_at_the_same_time_agree(tmp_path: Path) -> None:
    both = [in_another_process("print(build_sample(releases, whole=False).hash)", tmp_path) for _ in range(2)]
    said = [process.communicate() for process in both]
    assert said[0] == said[1]
    assert said[0][1] == ""
    release = open_release(tmp_path)
    assert said[0][0].strip() == release.hash
    assert damaged(release) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([release.hash, "current"])


def test_a_full_disk_is_one_line_and_leaves_the_old_release(releases: Path) -> None:
    old = open_release(releases)
    # The limit on the size of a file stands for the end of the disk: the write fails half-way.
    code = (
        "import resource; from trialgraph.base.errors import ReleaseError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try: build_sample(releases, extra=10, whole=False)\n"
        "except ReleaseError as error: print(error)"
    )
    out, err = in_another_process(code, releases).communicate()
    assert out.startswith(f"{releases}: the release cannot be written: File too large; make room")
    assert out.count("\n") == 1
    assert err == ""
    assert open_release(releases) == old
    assert damaged(old) == ()
    assert list(releases.glob(".*")) == []


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(
        ReleaseError, match=r"file/releases: the release cannot be written: .*; make room"
    ) as caught:
        build_sample(tmp_path / "file" / "releases", whole=False)
    assert caught.value.exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(ReleaseError, match="Permission denied"):
        build_sample(tmp_path / "releases", whole=False)
    tmp_path.chmod(0o755)


def test_nothing_to_open_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no release here; make one with: trialgraph build"):
        open_release(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"hash": '])
def test_a_damaged_manifest_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"the release cannot be opened: .*; make it again") as caught:
        open_release(tmp_path)
    assert "\n" not in str(caught.value)


def test_only_files_of_the_manifest_are_given_out(sample: Release) -> None:
    assert sample.file("trials.csv").read_text(encoding="utf-8").startswith("source,row")
    with pytest.raises(ReleaseError, match="there is no file"):
        sample.file("../current/manifest.json")


def test_the_manifest_is_read_as_written(sample: Release) -> None:
    assert json.loads((sample.path / "manifest.json").read_text(encoding="utf-8")) == sample.manifest
