"""The OWL API's profile checker, the judge of OWL 2 DL: that a reasoner accepts an ontology is no such check."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trialgraph.base.package_data import resource
from trialgraph.release.export import export
from trialgraph.release.open import Release
from trialgraph.terminology.ontology import rdf_xml

CHECKER = Path(__file__).with_name("Profile.java")
FILES = sorted(resource("ontology").glob("*.ttl"))


def checked(owl_api: tuple[str, str], *files: Path) -> list[list[str]]:
    """The lines that the checker says, as columns."""
    java, jars = owl_api
    command = [java, "-cp", jars, str(CHECKER), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_every_file_alone_is_owl_2_dl_and_nothing_is_guessed(
    owl_api: tuple[str, str], tmp_path: Path
) -> None:
    together = tmp_path / "ontology.rdf"
    together.write_bytes(rdf_xml(*FILES))
    for kind, file, axioms, *rest in checked(owl_api, *FILES, together):
        assert kind == "file", file
        assert int(axioms) > (10 if file.endswith("bridge.ttl") else 40)
        assert rest == ["0", "0", "0"], f"{file}: unparsed triples, guessed declarations, violations: {rest}"


@pytest.mark.parametrize("suffix", ["ttl", "rdf"])
def test_the_export_of_a_release_is_owl_2_dl(owl_api: tuple[str, str], release: Release, suffix: str) -> None:
    (kind, _, axioms, *rest), *others = checked(owl_api, release.path / f"trialgraph.{suffix}")
    assert others == []
    assert (kind, rest) == ("file", ["0", "0", "0"])
    assert int(axioms) > 40_000


def test_the_core_and_what_the_bridge_adds_are_owl_2_dl(
    owl_api: tuple[str, str], release: Release, tmp_path: Path
) -> None:
    files = {
        "core.ttl": export(release, "turtle", core=True),
        "core-and-bridge.rdf": export(release, "rdfxml", core=True, bridge=True),
    }
    for name, parts in files.items():
        (tmp_path / name).write_bytes(b"".join(parts))
    found = checked(owl_api, *(tmp_path / name for name in files))
    assert [(kind, rest) for kind, _, _, *rest in found] == [("file", ["0", "0", "0"])] * 2
    assert all(int(axioms) > 1_000 for _, _, axioms, *_ in found)


def test_the_checker_sees_what_is_not_dl(owl_api: tuple[str, str], tmp_path: Path) -> None:
    """A property that is transitive and functional, and one that nobody declares."""
    bad = tmp_path / "bad.ttl"
    text = (resource("ontology") / "trialgraph.ttl").read_text(encoding="utf-8")
    bad.write_text(
        text + "\ntg:kindOf a owl:FunctionalProperty . tgc:open tg:unknown tgc:settled .\n", "utf-8"
    )
    (_, _, _, _, _, violations), *listed = checked(owl_api, bad)
    assert int(violations) == len(listed) >= 2
    words = " ".join(line[1] for line in listed)
    assert "kindOf" in words
    assert "ontology/unknown" in words
