"""A registry's file to reports and problems, in its order, one record in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from trialgraph.base.settings import Settings
from trialgraph.extract.registries.containers import Packed, Text, beginning, texts
from trialgraph.extract.registries.facts import RecordFacts, record_facts
from trialgraph.extract.registries.json_stream import Found, json_records
from trialgraph.extract.registries.study import record_report
from trialgraph.model.record import Layer, PartialDate, Problem, Record, RecordReport

__all__ = ["RawRecord", "is_registry_file", "raw_records", "read_record"]

_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*(?:[\[{\]]|$)|\{\s*(?:[\"}]|$))")
_ID: Final = re.compile(r"NCT\d{8}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record before it is read.

    :param where: ``file:line`` or ``file:member``
    :param mapping: name of the mapping file of its fields
    :param version: of its data, as it is written; empty where it says none
    :param problem: why it cannot be read; then there is no value
    """

    file: str
    line: int
    member: str
    mapping: str
    value: Mapping[str, Any]
    sha256: str
    identifier: str
    version: str
    problem: Problem | None = None


def is_registry_file(path: str | Path) -> bool:
    """Whether a file is one of a registry, by its content."""
    return _JSON.match(beginning(path)) is not None


def raw_records(path: str | Path, settings: Settings) -> Iterator[RawRecord]:
    """The records of a file, those that cannot be read among them.

    :raises InputError: the file cannot be read at all
    """
    file = "-" if str(path) == "-" else Path(path).name
    for text in texts(path, settings):
        try:
            yield from _of_text(file, text, settings)
        except Packed as error:
            yield _unread(file, 0, text.member, "", "damaged archive", str(error))


def _of_text(file: str, text: Text, settings: Settings) -> Iterator[RawRecord]:
    if text.why:
        yield _unread(file, 0, text.member, "", "damaged archive", text.why)
        return
    for found in json_records(text.read, settings.record_chars):
        yield _raw_study(file, text.member, found)


def _raw_study(file: str, member: str, found: Found) -> RawRecord:
    if found.reason:
        return _unread(file, found.line, member, found.named, found.reason, found.what)
    study = found.value
    if not isinstance(study, dict) or not isinstance(study.get("protocolSection"), dict):
        what = "it has no protocolSection" if isinstance(study, dict) else "it is no object"
        return _unread(file, found.line, member, "", "no record of a study", what)
    number = _text_at(study, "protocolSection", "identificationModule", "nctId").strip()
    if not _ID.fullmatch(number) or number[3:] == "0" * 8:
        named = f"{number[:20]!r} is no number of ClinicalTrials.gov" if number else "it has no nctId"
        return _unread(file, found.line, member, number[:20], "no registration number", named)
    version = _text_at(study, "derivedSection", "miscInfoModule", "versionHolder")
    return RawRecord(
        file, found.line, member, "clinicaltrials_gov", study, found.sha256, number.upper(), version
    )


def _text_at(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _unread(file: str, line: int, member: str, identifier: str, reason: str, what: str) -> RawRecord:
    where = f"{file}:{member or line}"
    problem = Problem(where, identifier, reason, what, "it is left out", refused=True)
    return RawRecord(file, line, member, "", {}, "", identifier, "", problem)


def read_record(
    source: str, raw: RawRecord, layers: Iterable[Layer] = ("core",)
) -> tuple[RecordReport, list[Problem]]:
    """The report of a record that can be read, and the values in it that cannot.

    :param source: slug of the source
    """
    found: RecordFacts = record_facts(raw.mapping, raw.value, layers)
    version = next((f.value for f in found.facts if f.line.property == "dataVersion"), None)
    record = Record(
        registry=found.facts[0].line.registry,
        identifier=raw.identifier,
        data_version=version if isinstance(version, PartialDate) else None,
        file=raw.file,
        line=0 if raw.member else raw.line,
        member=raw.member,
        sha256=raw.sha256,
    )
    problems = [
        Problem(record.where, record.identifier, wrong.reason, f"{place}: {wrong.what}", "it states nothing")
        for place, wrong in found.problems
    ]
    return record_report(source, record, found.facts, sorted(found.unknown.items())), problems
