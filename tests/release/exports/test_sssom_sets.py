"""The mappings as SSSOM: valid, converted without a loss, and all that the release has."""

from __future__ import annotations

import csv
import logging
import warnings
from pathlib import Path

import pytest
from rdflib import OWL, RDF

from tests.release.exports.made import made, members
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.sssom_sets import ENTITIES, LITERALS, TERMS
from trialgraph.release.open import Release


@pytest.fixture(scope="module")
def folder(all_seeds: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sssom")
    for name, content in members(made(all_seeds, "sssom")).items():
        (folder / name).write_bytes(content)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize("name", [LITERALS, ENTITIES])
def test_each_set_is_valid_and_converted_whole(
    name: str, folder: Path, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    # The first lines: their number is what makes the check slow, and the others are made alike.
    path = tmp_path / name
    path.write_text(
        "".join((folder / name).read_text(encoding="utf-8").splitlines(True)[:300]), encoding="utf-8"
    )
    with warnings.catch_warnings():  # as in tests/ontology/test_concept_files.py
        warnings.simplefilter("ignore")
        from sssom.constants import SchemaValidationType
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate
        from sssom.writers import to_rdf_graph

        checks = [SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness]
        with caplog.at_level(logging.WARNING):
            parsed = parse_sssom_table(path)
        found = validate(parsed, checks, fail_on_error=False)
        converted = to_rdf_graph(parsed)
    written = rows(path)
    assert [problem.message for report in found.values() for problem in report.results] == []
    assert len(parsed.df) == len(written) == len(set(converted.subjects(RDF.type, OWL.Axiom)))
    assert not [record for record in caplog.records if "not well-formed" in record.getMessage()]


def test_they_are_all_mappings_of_the_release(folder: Path, all_seeds: Release) -> None:
    literals, entities = rows(folder / LITERALS), rows(folder / ENTITIES)
    assert {row["subject_type"] for row in literals} == {"rdfs literal"}
    assert len(literals) + len(entities) == len(Facts(all_seeds).of_kind(TG.Mapping))


def test_every_concept_that_is_mapped_is_in_the_list_of_terms(folder: Path) -> None:
    terms = {row["id"]: row for row in rows(folder / TERMS)}
    mapped = {row["object_id"] for row in rows(folder / LITERALS)}
    assert {curie for curie in mapped if curie.startswith("tgc:")} <= terms.keys()
    assert terms["tgc:sledai"]["label"]
