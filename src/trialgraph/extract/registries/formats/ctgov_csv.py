"""A row of the CSV that the site of ClinicalTrials.gov gives for a search, in the shape of its JSON.

The columns join what the JSON keeps apart. What can be taken apart with certainty is; an outcome's measure, description
and time frame, joined by commas that may stand in each of them, are only counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from trialgraph.extract.registries.formats.csv_lists import (
    Unclear,
    country_of_place,
    items,
    places,
    typed_items,
)
from trialgraph.extract.registries.values import code

__all__ = ["COLUMNS_OF_SITE", "study_of_row"]

#: Columns by which the file is known.
COLUMNS_OF_SITE: Final = frozenset(
    {"Study Title", "Study URL", "Study Status", "Study Results", "Conditions", "Interventions", "Sponsor", "Phases",
     "Enrollment", "Funder Type", "Study Type", "Study Design", "Other IDs", "First Posted", "Last Update Posted"}
)  # fmt: skip
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WRITTEN_DATE: Final = re.compile(r"(?P<month>[A-Za-z]+) (?:(?P<day>\d{1,2}), )?(?P<year>\d{4})")
_AGES: Final = re.compile(
    r"(?:(?P<low>\d+ \w+) (?:to (?P<high>\d+ \w+)|and older)|up to (?P<top>\d+ \w+)|child[\w ,]*|all)?\s*"
    r"(?:\((?P<groups>[^)]*)\))?",
    re.IGNORECASE,
)
_DESIGN: Final[Mapping[str, tuple[str, ...]]] = {
    "allocation": ("allocation",),
    "intervention model": ("interventionModel",),
    "primary purpose": ("primaryPurpose",),
    "masking": ("maskingInfo", "masking"),
    "observational model": ("observationalModel",),
    "time perspective": ("timePerspective",),
}
_WHO: Final = re.compile(r"(?P<masking>[^()]*)(?:\((?P<who>[^)]*)\))?")


def study_of_row(cells: Mapping[str, str]) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """The study that a row is about, as the JSON has it, without what the row does not say.

    :returns: the study, and the columns whose text cannot be taken apart with certainty, each with why
    """
    made: dict[str, Any] = {"protocolSection": {}}
    unclear: list[tuple[str, str]] = []
    for column, put in _PUT.items():
        if text := cells.get(column, "").strip():
            try:
                put(made, text)
            except Unclear as error:
                unclear.append((column, str(error)))
    return made, tuple(unclear)


def _set(made: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split("/")
    for key in way:
        made = made.setdefault(key, {})
    made[last] = value


_P: Final = "protocolSection/"
Put = Callable[[dict[str, Any], str], None]


def _as(path: str, change: Callable[[str], Any] = str) -> Put:
    return lambda made, text: _set(made, path, change(text))


def _codes(text: str) -> list[str]:
    return [code(part) for part in items(text)]


def _date(text: str) -> str:
    m = _WRITTEN_DATE.fullmatch(text)
    if m is None or m["month"].lower() not in _MONTHS:
        return text
    month = f"{m['year']}-{_MONTHS.index(m['month'].lower()) + 1:02d}"
    return f"{month}-{int(m['day']):02d}" if m["day"] else month


def _count(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,15}", text, re.ASCII) else text


def _results(made: dict[str, Any], text: str) -> None:
    if code(text) in ("YES", "HAS_RESULTS"):
        made["hasResults"] = True
    elif code(text) in ("NO", "NO_RESULTS_AVAILABLE"):
        made["hasResults"] = False


def _ids(made: dict[str, Any], text: str) -> None:
    first, *others = items(text) or [text]
    _set(made, _P + "identificationModule/orgStudyIdInfo/id", first)
    if others:
        _set(made, _P + "identificationModule/secondaryIdInfos", [{"id": other} for other in others])


def _intervention(text: str) -> dict[str, str]:
    kind, colon, name = text.partition(":")
    if colon and re.fullmatch(r"[A-Za-z_ ]{4,25}", kind):
        return {"type": code(kind), "name": name.strip()}
    return {"name": text}


def _funder(made: dict[str, Any], text: str) -> None:
    if "|" not in text:  # of several it does not say whose
        _set(made, _P + "sponsorCollaboratorsModule/leadSponsor/class", code(text))


def _ages(made: dict[str, Any], text: str) -> None:
    m = _AGES.fullmatch(text)
    module = _P + "eligibilityModule/"
    groups = m["groups"] if m and m["groups"] else "" if m and (m["low"] or m["top"]) else text
    known = [code(part) for part in re.split(r"[,|]", groups) if part.strip()]
    if known:
        _set(made, module + "stdAges", known)
    for path, age in (("minimumAge", m and m["low"]), ("maximumAge", m and (m["high"] or m["top"]))):
        if age:
            _set(made, module + path, age)


def _design(made: dict[str, Any], text: str) -> None:
    for part in filter(str.strip, text.split("|")):
        name, _, value = part.partition(":")
        if name.strip().lower() not in _DESIGN:
            raise Unclear(f"{part[:60]!r} is no part of a design that is known")
        if not value.strip():
            continue
        path = "/".join(_DESIGN[name.strip().lower()])
        m = _WHO.fullmatch(value.strip())
        open_label = "open label" in value.lower()
        words = value if m is None or open_label else m["masking"]
        _set(made, f"{_P}designModule/designInfo/{path}", code(words))
        if m and m["who"] and not open_label:
            who = [code(one) for one in m["who"].split(",")]
            _set(made, _P + "designModule/designInfo/maskingInfo/whoMasked", who)


def _sites(made: dict[str, Any], text: str) -> None:
    countries = [{"country": country_of_place(place)} for place in places(text)]
    _set(made, _P + "contactsLocationsModule/locations", countries)


_PUT: Final[Mapping[str, Put]] = {
    "NCT Number": _as(_P + "identificationModule/nctId"),
    "Study Title": _as(_P + "identificationModule/briefTitle"),
    "Acronym": _as(_P + "identificationModule/acronym"),
    "Other IDs": _ids,
    "Study Status": _as(_P + "statusModule/overallStatus", code),
    "Start Date": _as(_P + "statusModule/startDateStruct/date", _date),
    "Primary Completion Date": _as(_P + "statusModule/primaryCompletionDateStruct/date", _date),
    "Completion Date": _as(_P + "statusModule/completionDateStruct/date", _date),
    "First Posted": _as(_P + "statusModule/studyFirstPostDateStruct/date", _date),
    "Results First Posted": _as(_P + "statusModule/resultsFirstPostDateStruct/date", _date),
    "Last Update Posted": _as(_P + "statusModule/lastUpdatePostDateStruct/date", _date),
    "Study Results": _results,
    "Brief Summary": _as(_P + "descriptionModule/briefSummary"),
    "Conditions": _as(_P + "conditionsModule/conditions", items),
    "Interventions": _as(
        _P + "armsInterventionsModule/interventions",
        lambda text: [_intervention(part) for part in typed_items(text)],
    ),
    "Primary Outcome Measures": _as(
        _P + "outcomesModule/primaryOutcomes", lambda text: [{} for _ in items(text)]
    ),
    "Secondary Outcome Measures": _as(
        _P + "outcomesModule/secondaryOutcomes", lambda text: [{} for _ in items(text)]
    ),
    "Other Outcome Measures": _as(
        _P + "outcomesModule/otherOutcomes", lambda text: [{} for _ in items(text)]
    ),
    "Sponsor": _as(_P + "sponsorCollaboratorsModule/leadSponsor/name"),
    "Funder Type": _funder,
    "Collaborators": _as(
        _P + "sponsorCollaboratorsModule/collaborators",
        lambda text: [{"name": part} for part in items(text)],
    ),
    "Sex": _as(_P + "eligibilityModule/sex", code),
    "Age": _ages,
    "Phases": _as(_P + "designModule/phases", _codes),
    "Enrollment": _as(_P + "designModule/enrollmentInfo/count", _count),
    "Study Type": _as(_P + "designModule/studyType", code),
    "Study Design": _design,
    "Locations": _sites,
}
