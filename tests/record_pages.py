"""A release of a review's table and of two states of the record of one of its trials, with values of every kind."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

from tests.extract.registries.records import study
from tests.paths import FIRST
from trialgraph.base.settings import DEFAULTS
from trialgraph.build.shards import Wanted
from trialgraph.pipeline import build

__all__ = ["COUNTRIES", "HOSTILE", "LATER", "LONG", "OTHER", "SHARED", "SITES", "build_record_pages"]

#: A trial of the first source.
SHARED: Final = "NCT01741857"
#: A trial of a record alone.
OTHER: Final = "NCT02300909"
#: The slugs of the sources of the later and of the former state.
LATER: Final = ("later", "former")
#: A title: markup, letters that run from right to left, a control that turns them, what JSON escapes.
HOSTILE: Final = '<script>alert("x")</script> שלום \u202e Étude "fête" \\ </code>'
LONG: Final = " ".join(["A long text with a <b>tag</b> & an ampersand."] * 400)
SITES: Final = 190
COUNTRIES: Final = ("Korea, Republic of", "Türkiye", "United States", "Iran, Islamic Republic of")


def build_record_pages(folder: Path) -> None:
    """A release, in ``releases/``."""
    later = _renumbered(study("NCT00000410"))
    protocol = later["protocolSection"]
    protocol["identificationModule"]["briefTitle"] = HOSTILE
    protocol["identificationModule"].pop("acronym", None)
    protocol["descriptionModule"] = {"briefSummary": LONG}
    protocol["conditionsModule"] = {
        "conditions": ["Systemic Lupus Erythematosus"],
        "keywords": ["MSC", "Étude", "<b>"],
    }
    protocol["contactsLocationsModule"] = {
        "locations": [
            {"facility": f"Hospital {n} & Söhne", "city": "Šibenik", "country": COUNTRIES[n % len(COUNTRIES)]}
            for n in range(SITES)
        ]
    }
    protocol["statusModule"]["overallStatus"] = "ACTIVE_NOT_RECRUITING"
    protocol["designModule"]["enrollmentInfo"] = {"count": 260, "type": "ESTIMATED"}
    protocol["sponsorCollaboratorsModule"] = {
        "leadSponsor": {"name": "Étude <i>AG</i>", "class": "OTHER_GOV"}
    }
    later.setdefault("derivedSection", {})["miscInfoModule"] = {"versionHolder": "2024-05-01"}
    former = copy.deepcopy(later)
    former["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = 244
    former["derivedSection"]["miscInfoModule"]["versionHolder"] = "2020-01-31"
    files = []
    for slug, records in (("later", [later, study(OTHER)]), ("former", [former])):
        files.append(folder / f"{slug}.jsonl")
        files[-1].write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    build([FIRST, *files], releases=folder / "releases", settings=DEFAULTS, wanted=Wanted(("words", "sites")))


def _renumbered(one: dict[str, Any]) -> dict[str, Any]:
    one["protocolSection"]["identificationModule"]["nctId"] = SHARED
    return one
