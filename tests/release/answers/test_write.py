"""What a build prepares of the saved queries, and what it leaves out with the reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from trialgraph.base.settings import Settings
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.release.answers.open import PreparedAnswers, answers_fault
from trialgraph.release.answers.write import write_answers
from trialgraph.release.open import Release, sha256_of

TEXTS = {
    "few": "SELECT ?x ?n { ?x <https://w3id.org/trialgraph/ontology/enrolledTotal> ?n } ORDER BY ?n LIMIT 3",
    "many": "SELECT * { ?a ?b ?c }",
    "endless": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "none": "SELECT",
    "elsewhere": "SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }",
    "truth": 'ASK { ?x ?y ?z FILTER (?z != "a service") } # no service: only the word',
}


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, SavedQuery]:
    folder = tmp_path_factory.mktemp("queries")
    (folder / "trials").mkdir()
    for number, (slug, text) in enumerate(TEXTS.items(), 1):
        (folder / "trials" / f"{number:02}-{slug}.rq").write_text(f"#+ title: {slug}?\n{text}\n")
    return load_queries(folder)


@pytest.fixture(scope="module")
def folder(small_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release")
    shutil.copytree(small_release.path / "store", made / "store")
    return made


def prepared(
    folder: Path, queries: Mapping[str, SavedQuery], *slugs: str, **limits: float
) -> PreparedAnswers:
    """Those of a release with a manifest that lists them."""
    shutil.rmtree(folder / "answers", ignore_errors=True)
    settings = replace(Settings.load(), **limits)  # type: ignore[arg-type] # of these two
    digests = write_answers(folder, [queries[slug] for slug in slugs], settings)
    release = Release(folder, "0" * 64, {"files": {}, "answers": digests})
    assert answers_fault(release) == ""
    assert {path.name for path in (folder / "answers").iterdir()} == set(digests)
    assert all(sha256_of(folder / "answers" / name) == digest for name, digest in digests.items())
    return PreparedAnswers.of(release)


def test_each_format_is_a_file(folder: Path, queries: Mapping[str, SavedQuery]) -> None:
    made = prepared(folder, queries, "few", "truth")
    files = {form: made.find("few", form) for form in ("json", "xml", "csv", "tsv")}
    assert all(files.values())
    assert files["csv"].path.read_bytes().count(b"\r\n") == 4  # type: ignore[union-attr] # as just asserted
    truth = made.find("truth", "json")
    assert truth is not None
    assert json.loads(truth.path.read_bytes())["boolean"] is True
    assert made.left_out == {}
    assert made.slugs == {queries[slug].bind(): slug for slug in ("few", "truth")}


def test_what_cannot_be_prepared_is_left_out_with_the_reason(
    folder: Path, queries: Mapping[str, SavedQuery]
) -> None:
    made = prepared(folder, queries, *TEXTS, stored_answer_bytes=10_000, stored_answer_seconds=2.0)
    assert made.left_out == {
        "many": "it has more than 10 kB in one of its formats",
        "endless": "it takes more than 2 seconds",
        "none": "the engine could not evaluate it",
        "elsewhere": "it asks another endpoint",
    }
    assert made.texts.keys() == {"few", "truth"}
    assert {path.name.partition(".")[0] for path in (folder / "answers").iterdir()} == {
        "few",
        "truth",
        "index",
    }


def test_without_queries_nothing_is_written(folder: Path) -> None:
    shutil.rmtree(folder / "answers", ignore_errors=True)
    assert write_answers(folder, [], Settings.load()) == {}
    assert not (folder / "answers").exists()


def test_the_same_release_gives_the_same_bytes(folder: Path, queries: Mapping[str, SavedQuery]) -> None:
    first = prepared(folder, queries, "few", "many", "truth").digests
    assert prepared(folder, queries, "few", "many", "truth").digests == first


def test_a_full_disk_is_an_error(
    folder: Path, queries: Mapping[str, SavedQuery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that cannot write a file says so: what it would have left is no answer."""
    shutil.rmtree(folder / "answers", ignore_errors=True)
    monkeypatch.setattr(Path, "mkdir", lambda _: None)
    with pytest.raises(FileNotFoundError):
        write_answers(folder, [queries["few"]], Settings.load())
