"""What a record states in a field is stated, whether a reading was made of it or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import changed, read, study, written
from trialgraph.extract.columns import columns
from trialgraph.extract.registries.states import _STATED_BY


def states(tmp_path: Path, one: Any) -> dict[str, str]:
    (report,), _ = read(written(tmp_path / "records.json", one))
    return dict(report.states)


def test_fields_of_a_record_are_stated(tmp_path: Path) -> None:
    found = states(tmp_path, study("NCT02300909"))
    assert set(found) == {column.field for column in columns()}
    for field in ("title", "sponsor", "start date", "patients", "status", "registration", "disease", "sex"):
        assert found[field] == "stated", field
    assert found["reference"] == "absent"


def test_what_does_not_apply_is_not_absent(tmp_path: Path) -> None:
    def single(one: Any) -> None:
        one["protocolSection"]["designModule"]["phases"] = ["NA"]
        one["protocolSection"]["designModule"]["designInfo"] = {"allocation": "NA"}

    found = states(tmp_path, changed(study("NCT02300909"), single))
    assert (found["phase"], found["allocation"]) == ("not applicable", "not applicable")


@pytest.mark.parametrize("module", ["statusModule", "designModule", "sponsorCollaboratorsModule"])
def test_what_is_not_there_is_absent(tmp_path: Path, module: str) -> None:
    def without(one: Any) -> None:
        del one["protocolSection"][module]

    of = {"statusModule": "start date", "designModule": "phase", "sponsorCollaboratorsModule": "sponsor"}
    assert states(tmp_path, changed(study("NCT02300909"), without))[of[module]] == "absent"


def test_each_field_is_one_of_a_column() -> None:
    assert set(_STATED_BY) <= {column.field for column in columns()}
