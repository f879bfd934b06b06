"""A record in the shapes in which a registry, its site and the portal give it out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape, unescape

__all__ = ["csv_of", "json_shapes", "packed", "portal_csv_of", "xml_of", "zipped"]


def json_shapes(one: Any, other: Any) -> dict[str, str]:
    """Two records as JSON in each shape, by its name; a record that is changed keeps what is no Unicode."""
    texts = [json.dumps(record, ensure_ascii=False) for record in (one, other)]
    return {
        "record": texts[0],
        "page": '{"totalCount": 2, "studies": [' + ",".join(texts) + '], "nextPageToken": "abc"}',
        "array": "[" + ",\n".join(texts) + "]",
        "lines": "\n".join(texts) + "\n",
    }


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def packed(data: bytes) -> bytes:
    """The same in gzip."""
    return gzip.compress(data, compresslevel=1)


def text_at(one: Any, path: str) -> str:
    """The text or number at a place; empty where there is none."""
    for key in path.split("/"):
        one = one.get(key) if isinstance(one, dict) else None
    return "" if one is None else str(one)


def list_at(one: Any, path: str) -> list[Any]:
    """The list at a place; empty where there is none."""
    for key in path.split("/"):
        one = one.get(key) if isinstance(one, dict) else None
    return one or []


def typed(thing: Any, type_: str) -> str:
    """An intervention with its type before its name, as both write it."""
    return f"{type_}: {thing['name']}" if type_ else str(thing["name"])


def address(site: Any) -> str:
    """A site as the CSV writes it."""
    return ", ".join(site[key] for key in ("facility", "city", "state", "zip", "country") if site.get(key))


def csv_of(one: Any) -> str:
    """The record as a file of the site's download."""
    p = one["protocolSection"]
    who = ", ".join(list_at(p, "designModule/designInfo/maskingInfo/whoMasked"))
    design = {
        "Allocation": "allocation", "Intervention Model": "interventionModel",
        "Observational Model": "observationalModel", "Time Perspective": "timePerspective",
        "Masking": "maskingInfo/masking", "Primary Purpose": "primaryPurpose",
    }  # fmt: skip
    parts = {name: text_at(p, f"designModule/designInfo/{path}") for name, path in design.items()}
    parts["Masking"] += f" ({who})" if who else ""
    ids = [one["id"] for one in list_at(p, "identificationModule/secondaryIdInfos")]
    things = list_at(p, "armsInterventionsModule/interventions")
    row = {
        "Study Results": "YES" if one.get("hasResults") else "NO",
        "Conditions": "|".join(list_at(p, "conditionsModule/conditions")),
        "Interventions": "|".join(typed(thing, thing.get("type", "")) for thing in things),
        "Collaborators": "|".join(c["name"] for c in list_at(p, "sponsorCollaboratorsModule/collaborators")),
        "Phases": "|".join(list_at(p, "designModule/phases")),
        "Study Design": "|".join(f"{name}: {value}" for name, value in parts.items()),
        "Other IDs": "|".join([text_at(p, "identificationModule/orgStudyIdInfo/id"), *ids]),
        "Locations": "|".join(map(address, list_at(p, "contactsLocationsModule/locations"))),
    }
    plain = {
        "NCT Number": "identificationModule/nctId", "Study Title": "identificationModule/briefTitle",
        "Acronym": "identificationModule/acronym", "Study Status": "statusModule/overallStatus",
        "Sponsor": "sponsorCollaboratorsModule/leadSponsor/name", "Sex": "eligibilityModule/sex",
        "Enrollment": "designModule/enrollmentInfo/count", "Study Type": "designModule/studyType",
        "Funder Type": "sponsorCollaboratorsModule/leadSponsor/class",
        "Start Date": "statusModule/startDateStruct/date",
        "Primary Completion Date": "statusModule/primaryCompletionDateStruct/date",
        "Completion Date": "statusModule/completionDateStruct/date",
        "First Posted": "statusModule/studyFirstPostDateStruct/date",
        "Results First Posted": "statusModule/resultsFirstPostDateStruct/date",
        "Last Update Posted": "statusModule/lastUpdatePostDateStruct/date",
    }  # fmt: skip
    row |= {name: text_at(p, path) for name, path in plain.items()}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()


def in_words(code: str) -> str:
    """A word of an enumeration as the portal writes it."""
    return "N/A" if code == "NA" else code.replace("_", " ").capitalize()


def xml_of(one: Any) -> str:
    """The record as the portal exports what it has from the registry."""
    p = one["protocolSection"]
    who = ", ".join(map(in_words, list_at(p, "designModule/designInfo/maskingInfo/whoMasked")))
    design = {
        "Allocation": "allocation", "Intervention model": "interventionModel", "Primary purpose": "primaryPurpose",
        "Masking": "maskingInfo/masking",
    }  # fmt: skip
    parts = {name: in_words(text_at(p, f"designModule/designInfo/{path}")) for name, path in design.items()}
    parts["Intervention model"] += " Assignment" if parts["Intervention model"] else ""
    parts["Masking"] += f" ({who})" if who else ""
    phases = [
        in_words(phase).title().replace("Phase", "Phase ") for phase in list_at(p, "designModule/phases")
    ]
    things = list_at(p, "armsInterventionsModule/interventions")
    trial = {
        "Last_Refreshed_on": "24 August 2026",
        "Secondary_Sponsor": ";".join(
            c["name"] for c in list_at(p, "sponsorCollaboratorsModule/collaborators")
        ),
        "Source_Register": "ClinicalTrials.gov",
        "Inclusion_agemin": text_at(p, "eligibilityModule/minimumAge") or "N/A",
        "Inclusion_agemax": text_at(p, "eligibilityModule/maximumAge") or "N/A",
        "Inclusion_gender": text_at(p, "eligibilityModule/sex").capitalize(),
        "Study_type": in_words(text_at(p, "designModule/studyType")),
        "Study_design": "".join(f"{name}: {value}. " for name, value in parts.items() if value),
        "Phase": "/".join(phases),
        "Countries": ";".join(
            s["country"] for s in list_at(p, "contactsLocationsModule/locations") if s.get("country")
        ),
        "Condition": ";".join(list_at(p, "conditionsModule/conditions")),
        "Intervention": ";".join(typed(thing, in_words(thing.get("type", ""))) for thing in things),
        "Primary_outcome": ";".join(o["measure"] for o in list_at(p, "outcomesModule/primaryOutcomes")),
        "Secondary_outcome": ";".join(o["measure"] for o in list_at(p, "outcomesModule/secondaryOutcomes")),
    }
    plain = {
        "TrialID": "identificationModule/nctId", "Public_title": "identificationModule/briefTitle",
        "Scientific_title": "identificationModule/officialTitle", "Acronym": "identificationModule/acronym",
        "Primary_sponsor": "sponsorCollaboratorsModule/leadSponsor/name",
        "Date_enrollement": "statusModule/startDateStruct/date", "Target_size": "designModule/enrollmentInfo/count",
    }  # fmt: skip
    trial |= {name: text_at(p, path) for name, path in plain.items()}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in trial.items())
    return f"<Trials_downloaded_from_ICTRP><Trial>{inner}</Trial></Trials_downloaded_from_ICTRP>"


def portal_csv_of(one: Any) -> str:
    """The same as a row of the portal's CSV."""
    inner = xml_of(one)
    fields = re.findall(r"<(\w+)>([^<]*)</\1>", inner[inner.index("<Trial>") + len("<Trial>") :])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name.replace("_", " ") if name != "TrialID" else name for name, _ in fields])
    writer.writerow([unescape(value) for _, value in fields])
    return text.getvalue()
