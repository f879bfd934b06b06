"""The set of tables: valid by Frictionless, keys included, with the rows that the graph has."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path

import duckdb
import pandas  # type: ignore[import-untyped] # its stubs are not among our parts
import pytest

from tests.release.exports.made import made, members
from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.exports.data_package import DESCRIPTION
from trialgraph.release.exports.facts import Facts
from trialgraph.release.open import Release

#: The class whose nodes are the rows of a table.
KINDS = {
    "trials": TG.Trial,
    "reports": TG.Report,
    "conditions": TG.Condition,
    "interventions": TG.Intervention,
    "products": TG.Product,
    "arms": TG.Arm,
    "doses": TG.DoseLevel,
    "outcomes": TG.PlannedOutcome,
    "mechanisms": TG.MechanismClaim,
    "findings": TG.Finding,
    "sources": TG.Source,
}
SUBCLASSES = {
    TG.Product: (TG.CellProduct, TG.DrugProduct, TG.BiologicProduct, TG.Device, TG.Procedure),
    TG.Arm: (TG.TreatmentArm, TG.ControlArm),
}


@pytest.fixture(scope="module")
def folder(all_seeds: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, content in members(made(all_seeds, "tables")).items():
        (folder / name).write_bytes(content)
    return folder


def test_frictionless_finds_types_and_keys_in_order(folder: Path) -> None:
    with warnings.catch_warnings():  # of its own dependencies
        warnings.simplefilter("ignore")
        from frictionless import Package

        found = Package(str(folder / DESCRIPTION)).validate()
    assert found.flatten(["name", "rowNumber", "type", "message"]) == []
    assert found.stats["tasks"] == len(KINDS) + 1


def test_frictionless_would_find_a_broken_key(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    arms = (tmp_path / "arms.csv").read_text(encoding="utf-8")
    (tmp_path / "arms.csv").write_text(arms.replace(",tg-report:", ",tg-report:x", 1), encoding="utf-8")
    description = json.loads((tmp_path / DESCRIPTION).read_text(encoding="utf-8"))
    for resource in description["resources"]:
        del resource["bytes"], resource["hash"]
    (tmp_path / DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        found = Package(str(tmp_path / DESCRIPTION)).validate()
    assert [kind for (kind,) in found.flatten(["type"])] == ["foreign-key"]


def test_each_table_has_a_row_for_each_node_of_its_kind(folder: Path, all_seeds: Release) -> None:
    facts = Facts(all_seeds)
    for name, kind in KINDS.items():
        expected = {node for one in (kind, *SUBCLASSES.get(kind, ())) for node in facts.of_kind(one)}
        by_pandas = pandas.read_csv(folder / f"{name}.csv")
        by_duckdb = duckdb.sql(f"SELECT count(*) FROM '{folder / name}.csv'")
        assert by_duckdb is not None
        assert by_duckdb.fetchall() == [(len(by_pandas),)], name
        assert set(by_pandas.iloc[:, 0]) == {compressed(node.value) for node in expected}, name


def test_values_are_those_of_the_graph(folder: Path) -> None:
    reports = pandas.read_csv(folder / "reports.csv", index_col="report")
    report = reports.loc["tg-report:wjsc-107202-table1/9"]
    assert (report["trial"], report["enrolled_total"]) == ("tg-trial:NCT04170426", 54)
    doses = pandas.read_csv(folder / "doses.csv", index_col="dose")
    assert doses.loc["tg-dose:wjsc-107202-table1/9/2", "high"] == 2_860_000
    provenance = pandas.read_csv(folder / "provenance.csv")
    of_dose = provenance[provenance["node"] == "tg-dose:wjsc-107202-table1/9/2"]
    assert "2.86" in set(of_dose["verbatim"])


def test_a_subset_is_valid_too(all_seeds: Release) -> None:
    tables = members(made(all_seeds, "tables", "trial=NCT04170426"))
    assert len(pandas.read_csv(io.BytesIO(tables["trials.csv"]))) == 1
    assert len(pandas.read_csv(io.BytesIO(tables["doses.csv"]))) == 2
