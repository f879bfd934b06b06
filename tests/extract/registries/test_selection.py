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
    wanted = selection(only, none, DEFAULTS)
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
        selection(["nothing"], none, DEFAULTS)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("NCT0174185", "NCT0174185"),
        ("NCT01741857, NCT0174185X", "NCT0174185X"),
        ("NCT01741857;ISRCTN1234567", "ISRCTN1234567"),
        ("01741857", "01741857"),
        ("ChiCTR-INR-1701246", "ChiCTR-INR-1701246"),
        ("2012-001234", "2012-001234"),
        ("NCT01741857, stroke", "stroke"),
    ],
)
def test_what_only_looks_like_a_number_is_one_line(text: str, wrong: str) -> None:
    with pytest.raises(UsageError) as error:
        selection([text], none, DEFAULTS)
    line = error.value.line()
    assert line.startswith(f"--only: {wrong!r} is no registration number; ")
    assert "\n" not in line


@pytest.mark.parametrize(
    "line", ["NCT0174185", "0174185", "my trial: NCT 12", "NCT01741857 ISRCTN1234567", "EudraCT 2012-00123"]
)
def test_a_wrong_number_of_a_file_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    ids = written(tmp_path / "ids.txt", f"# NCT1 of 3\nNCT00000410\n\n{line}\n")
    with pytest.raises(UsageError, match=r"ids\.txt:4: .* is no registration number; "):
        selection([str(ids)], none, DEFAULTS)


def test_a_file_may_say_more_than_numbers(tmp_path: Path) -> None:
    text = '\ufeffNCT Number,Title,Enrollment\r\nNCT00000410,"Trial of ""NTR1"", 2013",100\r\nnct 00007696\t# ours\r\n'
    found = selection([str(written(tmp_path / "ids.csv", text))], none, DEFAULTS)
    assert found.numbers == found.asked == {"NCT00000410", "NCT00007696"}


@pytest.mark.parametrize("text", ["MESH:12", "mondo:71", "MONDO_00071790", "MESH:D00"])
def test_a_term_that_is_none_is_one_line(text: str) -> None:
    with pytest.raises(UsageError, match="is no term; give a term of M"):
        selection([text], none, DEFAULTS)


def test_a_former_number_finds_the_record_that_names_it(tmp_path: Path) -> None:
    def former(one: Any) -> None:
        one["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000411"]

    path = written(tmp_path / "a.json", [changed(study("NCT00000410"), former), study("NCT00007696")])
    assert chosen(path, "NCT00000411") == ["NCT00000410"]


def test_which_numbers_were_found_is_known(every: Path) -> None:
    met: set[str] = set()
    wanted = selection(["NCT00000410,NCT00000999", "cell therapy"], none, DEFAULTS)
    list(registry_source(every, DEFAULTS).reports(DEFAULTS, wanted, met=met))
    assert met == {"NCT00000410"}  # it is there, and no trial of cells
    assert wanted.asked - met == {"NCT00000999"}


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
