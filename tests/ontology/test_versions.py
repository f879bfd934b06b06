"""The date of the ontology: no file states anything else than what was recorded with its date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.ontology.version import FILES, ONTOLOGY, dated, digest_of, faults, main, recorded, version_of
from trialgraph.rdf.vocabulary import HOME

OLD, TODAY = "2000-01-01", "2001-02-03"
NEW_TERM = '\n<urn:new> <http://www.w3.org/2000/01/rdf-schema#label> "new" .\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (*FILES, "module.toml", "versions.tsv"):
        shutil.copy(ONTOLOGY / name, tmp_path)
    return tmp_path


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def versions(folder: Path) -> dict[str, str]:
    return {name: version_of((folder / name).read_text(encoding="utf-8")) for name in FILES}


def test_what_the_files_state_is_what_was_recorded_with_their_date() -> None:
    assert faults() == []
    assert {name: version for name, (version, _) in recorded().items()} == versions(ONTOLOGY)


def test_the_files_of_a_release_have_one_date() -> None:
    found = versions(ONTOLOGY)
    of_release = {date for name, date in found.items() if name != "bridge.ttl"}
    assert of_release == {found["trialgraph.ttl"]}
    assert f'\nversion = "{found["module.ttl"]}"\n' in (ONTOLOGY / "module.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_change_without_a_new_date_is_found(copy: Path, name: str) -> None:
    add(copy / name, NEW_TERM)
    assert [line.partition(":")[0] for line in faults(copy)] == [name]


def test_a_new_date_alone_and_a_lost_line_are_found_too(copy: Path) -> None:
    path = copy / "ladder.ttl"
    path.write_text(dated(path.read_text(encoding="utf-8"), OLD), encoding="utf-8")
    table = copy / "versions.tsv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("scopes.ttl")), encoding="utf-8")
    assert [line.partition(":")[0] for line in faults(copy)] == ["ladder.ttl", "scopes.ttl"]


def test_comments_order_and_prefixes_are_no_change(copy: Path) -> None:
    add(copy / "scopes.ttl", "# a comment\n@prefix new: <urn:new:> .\n")
    assert faults(copy) == []


@pytest.mark.parametrize(("name", "others"), [("scopes.ttl", False), ("bridge.ttl", True)])
def test_what_has_changed_is_dated_and_recorded(copy: Path, name: str, others: bool) -> None:
    before = versions(copy)
    texts = {file: (copy / file).read_text(encoding="utf-8") for file in FILES}
    add(copy / name, NEW_TERM)
    assert main(copy, TODAY) == 0
    assert faults(copy) == []
    after = versions(copy)
    dated_anew = {file for file in FILES if after[file] == TODAY}
    assert dated_anew == ({"bridge.ttl"} if others else {*FILES} - {"bridge.ttl"})
    assert all(after[file] == before[file] for file in {*FILES} - dated_anew)
    # nothing but the header's dates has changed, those of the module's ontologies neither
    for file in {*FILES} - {name}:
        assert dated((copy / file).read_text(encoding="utf-8"), before[file]) == texts[file]
        assert digest_of(texts[file]) == recorded(copy)[file][1]
    version = TODAY if "module.ttl" in dated_anew else before["module.ttl"]
    assert f'\nversion = "{version}"\n' in (copy / "module.toml").read_text(encoding="utf-8")
    written = {file.name: file.read_bytes() for file in copy.iterdir()}
    assert main(copy, OLD) == 0  # nothing has changed since
    assert written == {file.name: file.read_bytes() for file in copy.iterdir()}


def test_a_file_without_a_date_is_an_error() -> None:
    with pytest.raises(ValueError, match="not 0"):
        dated(f"<{HOME}x> a <http://www.w3.org/2002/07/owl#Ontology> .\n", TODAY)
