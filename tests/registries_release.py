"""A release of a review and of records of registries: what the saved questions on registries are asked of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from tests.extract.registries.records import changed, studies, study
from tests.paths import FIRST, ROOT
from trialgraph.pipeline import build

__all__ = ["RECORDS", "build_registries", "registry_files"]

#: The seed of four records of ClinicalTrials.gov.
RECORDS: Final = ROOT / "seeds" / "clinicaltrials-gov-records"


def registry_files(folder: Path) -> list[Path]:
    """The seed of records, further real records, and earlier states of three of the seed, made for the test."""
    further = folder / "further.jsonl"
    # A record under the former number of another: a report of that trial, too.
    other = changed(
        study("NCT00410098"), lambda one: _module(one, "identification").update(nctId="NCT02380456")
    )
    # A trial of the review whose groups do not add up there: the total is the registry's, too.
    sized = changed(study("NCT00000410"), _of_conflict)
    further.write_text("\n".join(map(json.dumps, [*studies(), other, sized])), encoding="utf-8")
    of_seed = {
        _module(one, "identification")["nctId"]: one
        for one in json.loads((RECORDS / "source.json").read_text(encoding="utf-8"))
    }
    earlier = folder / "earlier.jsonl"
    states = [
        changed(of_seed["NCT01663116"], _planned),
        changed(of_seed["NCT03778333"], _just_due),
        changed(of_seed["NCT02034188"], _without_its_paper),
    ]
    earlier.write_text("\n".join(map(json.dumps, states)), encoding="utf-8")
    return [RECORDS, further, earlier]


def build_registries(folder: Path) -> None:
    """A release, in ``releases/``, of the first source and of :func:`registry_files`."""
    build([FIRST, *registry_files(folder)], releases=folder / "releases")


def _module(one: Any, name: str) -> Any:
    return one["protocolSection"][f"{name}Module"]


def _of_conflict(one: Any) -> None:
    _module(one, "identification").update(nctId="NCT01741857")
    _module(one, "design")["enrollmentInfo"] = {"count": 244, "type": "ACTUAL"}


def _planned(one: Any) -> None:
    """As the record may have been while patients were recruited."""
    one["derivedSection"]["miscInfoModule"]["versionHolder"] = "2012-08-14"
    one["protocolSection"].pop("referencesModule")
    status = _module(one, "status")
    status["overallStatus"] = "RECRUITING"
    for name in ("primaryCompletionDateStruct", "completionDateStruct"):
        status[name] = {"date": "2012-12", "type": "ESTIMATED"}
    _module(one, "design")["enrollmentInfo"] = {"count": 60, "type": "ESTIMATED"}


def _just_due(one: Any) -> None:
    """As of a day in the month in which the 12 months end."""
    one["derivedSection"]["miscInfoModule"]["versionHolder"] = "2017-12-31"


def _without_its_paper(one: Any) -> None:
    """As of a day more than a year after the end, before the paper that the seed's record names."""
    one["derivedSection"]["miscInfoModule"]["versionHolder"] = "2017-08-10"
    one["protocolSection"].pop("referencesModule")
