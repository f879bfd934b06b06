"""KGX: each record is what the published Biolink model says a record of its category is."""

from __future__ import annotations

import csv
import json
from collections import Counter
from importlib.resources import files
from typing import Any, Final

import pytest
import yaml
from biolink_model.datamodel import pydanticmodel_v2 as biolink

from tests.release.exports.made import made, members
from trialgraph.rdf.formats import FILE_FORMATS
from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.export import export
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.kgx import EDGE_COLUMNS, NODE_COLUMNS
from trialgraph.release.open import Release

PREFIX: Final = "biolink:"
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def archive(all_seeds: Release) -> dict[str, bytes]:
    return members(made(all_seeds, "kgx"))


@pytest.fixture(scope="module")
def nodes(archive: dict[str, bytes]) -> Records:
    return [json.loads(line) for line in archive["trialgraph_nodes.jsonl"].splitlines()]


@pytest.fixture(scope="module")
def edges(archive: dict[str, bytes]) -> Records:
    return [json.loads(line) for line in archive["trialgraph_edges.jsonl"].splitlines()]


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    text = (files("biolink_model") / "schema" / "biolink_model.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return] # noqa: S506 - a safe loader


def test_every_record_is_valid_in_the_published_model(nodes: Records, edges: Records) -> None:
    for record in (*nodes, *edges):
        (category,) = record["category"]
        getattr(biolink, category.removeprefix(PREFIX)).model_validate(record)


def above(classes: dict[str, Any], name: str) -> set[str]:
    """A class of the model and all that it is a kind of, mixins included."""
    found = {name}
    for parent in (classes[name].get("is_a"), *classes[name].get("mixins", ())):
        if parent:
            found |= above(classes, parent)
    return found


def test_predicates_are_those_of_the_model_and_join_what_they_may(
    nodes: Records, edges: Records, model: dict[str, Any]
) -> None:
    classes, slots = model["classes"], model["slots"]
    named = {"".join(word[:1].upper() + word[1:] for word in name.split()): name for name in classes}
    kinds = {node["id"]: above(classes, named[node["category"][0].removeprefix(PREFIX)]) for node in nodes}
    for edge in edges:
        slot = slots[edge["predicate"].removeprefix(PREFIX).replace("_", " ")]
        while slot.get("is_a") and "domain" not in slot:
            slot = slots[slot["is_a"]]
        assert slot.get("domain", "named thing") in kinds[edge["subject"]], edge
        assert slot.get("range", "named thing") in kinds[edge["object"]], edge


def test_each_product_of_a_report_is_in_trials_for_each_of_its_diseases(
    edges: Records, all_seeds: Release
) -> None:
    facts = Facts(all_seeds)
    expected = {
        (compressed(product.value), compressed(trial.value), compressed(disease.value))
        for report in facts.of_kind(TG.Report)
        for trial in facts.nodes(report, TG.aboutTrial)
        for path in (
            (TG.hasIntervention,),
            (TG.hasArm, TG.receives),
        )  # no arm of the seeds is a control with a product
        for product in facts.nodes(report, *path, TG.ofProduct)
        for disease in facts.nodes(report, TG.condition, TG.disease)
    }
    tested = [edge for edge in edges if edge["predicate"] == "biolink:in_clinical_trials_for"]
    found = {(e["subject"], *e["has_supporting_studies"], e["object"]) for e in tested}
    assert found == expected
    assert len(found) > 40
    for edge in tested:
        assert edge["has_evidence"], edge
        assert edge["supporting_text"], edge


def test_the_tables_hold_the_same_records(archive: dict[str, bytes], nodes: Records, edges: Records) -> None:
    for name, columns, records in (("nodes", NODE_COLUMNS, nodes), ("edges", EDGE_COLUMNS, edges)):
        lines = archive[f"trialgraph_{name}.tsv"].decode().splitlines()
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        assert lines[0].split("\t") == list(columns)
        assert [row["id"] for row in rows] == [record["id"] for record in records]
        assert Counter(len(line.split("\t")) for line in lines) == {len(columns): len(records) + 1}
        assert len({row["id"] for row in rows}) == len(rows)


def test_nothing_is_written_that_reports_state_differently(sample: Release) -> None:
    """One value in a node only where all reports of the trial agree."""
    facts = Facts(sample)
    records = [json.loads(r) for r in members(made(sample, "kgx"))["trialgraph_nodes.jsonl"].splitlines()]
    for trial in facts.trials():
        node = next(record for record in records if record["iri"] == trial.value)
        stated = {n for one in facts.nodes(trial, TG.hasReport) for n in facts.texts(one, TG.enrolledTotal)}
        assert str(node.get("clinical_trial_enrollment", "")) == (stated.pop() if len(stated) == 1 else "")


def test_a_subset_has_its_trials_alone(all_seeds: Release) -> None:
    archive = members(made(all_seeds, "kgx", "disease=multiple sclerosis"))
    records = [json.loads(line) for line in archive["trialgraph_nodes.jsonl"].splitlines()]
    trials = [record for record in records if record["category"] == ["biolink:ClinicalTrial"]]
    assert len(trials) == 15
    assert all(
        "MONDO:0005301" in t["clinical_trial_conditions"] or t["clinical_trial_conditions"] for t in trials
    )


def test_the_same_release_gives_the_same_bytes(sample: Release) -> None:
    for form in FILE_FORMATS:
        assert made(sample, form) == made(sample, form), form


def test_options_that_make_no_sense_are_refused(sample: Release) -> None:
    for options in ({"core": True}, {"bridge": True}, {"graph": "meta"}):
        with pytest.raises(Exception, match="has no graph, no core and no bridge"):
            export(sample, "kgx", **options)
