"""``--only`` and links between numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import changed, number_of, studies, study, written
from trialgraph.base.errors import UsageError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.reading import registry_source
from trialgraph.extract.registries.selection import selection
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport


def none(_: str) -> list[TrialReport]:
    return []


def chosen(path: Path, *only: str) -> list[str]:
    source = registry_source(path, DEFAULTS)
    wanted = selection(only, none)
    return [
        one.record.identifier for one in source.reports(DEFAULTS, wanted) if isinstance(one, RecordReport)
    ]


@pytest.fixture
def every(tmp_path: Path) -> Path:
    return written(tmp_path / "all.json", studies())


def test_by_numbers(every: Path, tmp_path: Path) -> None:
    assert chosen(every, "NCT00000410, nct00007696") == ["NCT00007696", "NCT00000410"]
    ids = written(tmp_path / "ids.txt", "# wanted\nNCT00000410\nNCT00007696\n")
    assert chosen(every, str(ids)) == ["NCT00007696", "NCT00000410"]
    assert len(chosen(every)) == len(studies())


def test_by_a_term_of_mesh_and_what_is_narrower(every: Path) -> None:
    def ids(one: Any) -> set[str]:
        held = one.get("derivedSection", {}).get("conditionBrowseModule", {})
        # Records until October 2024 pad the number with zeros: D000008171 is D008171.
        return {
            re.sub(r"^D000(?=\d{6}$)", "D", m["id"])
            for kind in ("meshes", "ancestors")
            for m in held.get(kind, [])
        }

    of = {number_of(one): ids(one) for one in studies()}
    for mesh in ("D008171", "D000008171", "D009422", *sorted(set().union(*of.values()))[:3]):
        wanted = [number for number, held in of.items() if re.sub(r"^D000(?=\d{6}$)", "D", mesh) in held]
        assert wanted
        assert chosen(every, f"MESH:{mesh}") == wanted


def test_by_a_term_of_mondo_and_what_is_narrower(tmp_path: Path) -> None:
    def of(condition: str) -> Any:
        return lambda one: one["protocolSection"]["conditionsModule"].update(conditions=[condition])

    one, other = study("NCT00000410"), study("NCT00007696")
    path = written(
        tmp_path / "a.json", [changed(one, of("Rheumatoid arthritis")), changed(other, of("Stroke"))]
    )
    assert chosen(path, "MONDO:0007179") == ["NCT00000410"]  # autoimmune disease


def test_all_conditions_have_to_be_met(every: Path) -> None:
    assert chosen(every, "NCT00000410", "cell therapy") == []


def test_what_names_no_trial_is_refused() -> None:
    with pytest.raises(UsageError, match="names no trial"):
        selection(["nothing"], none)


def test_links_say_which_field_states_them(tmp_path: Path) -> None:
    def link(one: Any) -> None:
        one["protocolSection"]["identificationModule"] |= {
            "nctIdAliases": ["NCT00000411"],
            "secondaryIdInfos": [
                {"id": "2012-001234-12", "type": "EUDRACT_NUMBER"},
                {"id": "see also NCT01234567", "type": "OTHER"},
                {"id": "U01AR045444", "type": "NIH"},
                {"id": "NCT00000410", "type": "REGISTRY"},
            ],
        }

    path = written(tmp_path / "a.json", changed(study("NCT00000410"), link))
    (report,) = (
        one for one in registry_source(path, DEFAULTS).reports(DEFAULTS) if isinstance(one, RecordReport)
    )
    links = sorted((one.kind, one.other, one.stated.at.rpartition("/")[0]) for one in report.links)
    assert links == [
        ("alias", "NCT00000411", "/protocolSection/identificationModule/nctIdAliases"),
        ("secondary id", "2012-001234-12", "/protocolSection/identificationModule/secondaryIdInfos/0"),
    ]
    assert report.registrations[0].identifier == "NCT00000410"
    assert {r.identifier for r in report.registrations[1:]} == {"NCT00000411", "2012-001234-12"}
