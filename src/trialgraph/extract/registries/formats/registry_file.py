"""A registry's file to its records before they are read, in its order, one in memory at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.extract.registries.formats.containers import Packed, Text, beginning, texts_in
from trialgraph.extract.registries.formats.csv_rows import CsvRow, csv_rows, header_of
from trialgraph.extract.registries.formats.ctgov_csv import COLUMNS_OF_SITE, study_of_row
from trialgraph.extract.registries.formats.ictrp import (
    COLUMNS_OF_PORTAL,
    clean,
    field_of_column,
    trial_of_fields,
)
from trialgraph.extract.registries.formats.ictrp_xml import XmlTrial, xml_trials
from trialgraph.extract.registries.formats.json_stream import JsonRecord, json_records
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.place import Scheme
from trialgraph.model.record import Problem

__all__ = ["RawRecord", "is_registry_file", "raw_records"]

_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*(?:[\[{\]]|$)|\{\s*(?:[\"}]|$))")
# Records behind a comment, or in Python's quotation marks: what is wrong with them is told record by record.
_STUDY: Final = re.compile(rb"[{,]\s*[\"']protocolSection[\"']\s*:")
_XML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<[?!].{0,4000}?)?<(?:Trials_downloaded_from_ICTRP|trials)[\s/>]", re.DOTALL
)
_VERSIONS: Final = "clinicaltrials_gov_versions"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_ID: Final = re.compile(r"NCT\d{8}", re.IGNORECASE | re.ASCII)
# So many of a registry's own columns make its CSV: a table of trials may have some of them.
_FEWEST_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record before it is read.

    :param mapping: name of the mapping file of its fields
    :param value: the record in the shape of that file
    :param identifier: number by which states of one record are known
    :param version: of its data, as it is written; empty where it says none
    :param problem: why it cannot be read; then there is no value
    :param copy_of: registry that it is a copy from
    :param unclear: fields that cannot be taken apart with certainty, each with why: no value is taken from them
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
    scheme: Scheme = "pointer"
    base: str = ""
    row: int = 0
    header: tuple[str, ...] = field(default=())
    copy_of: str = ""
    unclear: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """``file:line`` or ``file:member``, for messages."""
        return f"{self.file}:{self.member or self.line}"


def is_registry_file(path: str | Path, settings: Settings = DEFAULTS) -> bool:
    """Whether a file, or standard input (``-``), is one of a registry, by its content."""
    return bool(_kind(beginning(path, settings)))


def _kind(head: bytes) -> str:
    if head.startswith(_UTF_16):
        return "utf-16" if _kind(head[2:].replace(b"\0", b"")) else ""
    if _JSON.match(head) or _STUDY.search(head):
        return "json"
    if _XML.match(head):
        return "xml"
    names = header_of(head)
    if "NCT Number" in names and len(names & COLUMNS_OF_SITE) >= _FEWEST_COLUMNS:
        return "site csv"
    portal = {name.replace(" ", "_").casefold() for name in names}
    return "portal csv" if "trialid" in portal and len(portal & COLUMNS_OF_PORTAL) >= _FEWEST_COLUMNS else ""


def raw_records(path: str | Path, settings: Settings, held: bytes | None = None) -> Iterator[RawRecord]:
    """The records of a file, those that cannot be read among them.

    :param held: its bytes, where they are in memory
    :raises InputError: the file cannot be read at all
    """
    file = "-" if str(path) == "-" else Path(path).name
    for text in texts_in(path, settings, held):
        empty = bool(text.member)
        try:
            for raw in _of_text(file, text, settings):
                empty = False
                yield raw
            if empty:
                yield _unread(file, 0, text.member, "", "no record of a study", "there is no record in it")
        except Packed as error:
            yield _unread(file, 0, text.member, "", "damaged archive", str(error))


def _of_text(file: str, text: Text, settings: Settings) -> Iterator[RawRecord]:
    if text.why:
        yield _unread(file, 0, text.member, "", "damaged archive", text.why)
        return
    head = text.read(1 << 16)
    begun = io.BytesIO(head)

    def read(most: int) -> bytes:
        return begun.read(most) or text.read(most)

    kind, most = _kind(head), settings.record_chars
    if kind == "utf-16":
        yield _unread(file, 0, text.member, "", "not UTF-8", "it is UTF-16, not UTF-8")
    elif kind == "xml":
        for trial in xml_trials(read, most):
            yield _raw_trial(file, text.member, trial)
    elif kind in ("site csv", "portal csv"):
        for row in csv_rows(read, most):
            yield _raw_row(file, text.member, row, kind)
    else:
        for found in json_records(read, most):
            yield _raw_study(file, text.member, found)


def _raw_study(file: str, member: str, found: JsonRecord) -> RawRecord:
    if found.reason:
        return _unread(file, found.line, member, found.named, found.reason, found.what)
    study = found.value
    if (
        isinstance(study, dict)
        and "protocolSection" not in study
        and {"nctId", "version", "date"} <= study.keys()
    ):
        return _version(RawRecord(file, found.line, member, _VERSIONS, study, found.sha256, "", ""))
    if not isinstance(study, dict) or not isinstance(study.get("protocolSection"), dict):
        what = "it has no protocolSection" if isinstance(study, dict) else "it is no object"
        return _unread(file, found.line, member, "", "no record of a study", what)
    return _study(RawRecord(file, found.line, member, "clinicaltrials_gov", study, found.sha256, "", ""))


def _version(raw: RawRecord) -> RawRecord:
    """A dated version of a record: a record of its own, beside the others of its study."""
    number, version = _text_at(raw.value, "nctId").strip().upper(), raw.value["version"]
    if not _ID.fullmatch(number) or not isinstance(version, int):
        named = f"{number[:20]!r} with version {str(version)[:20]!r} is no version of a record"
        return _unread(raw.file, raw.line, raw.member, number[:20], "no registration number", named)
    return replace(raw, identifier=f"{number} version {version}", version=_text_at(raw.value, "date"))


def _study(raw: RawRecord) -> RawRecord:
    """A study with its number and the date of its data; unread where it has no number."""
    number = _text_at(raw.value, "protocolSection", "identificationModule", "nctId").strip()
    if not _ID.fullmatch(number) or number[3:] == "0" * 8:
        named = f"{number[:20]!r} is no number of ClinicalTrials.gov" if number else "it has no nctId"
        return _unread(raw.file, raw.line, raw.member, number[:20], "no registration number", named)
    version = _text_at(raw.value, "derivedSection", "miscInfoModule", "versionHolder")
    return replace(raw, identifier=number.upper(), version=version)


def _raw_row(file: str, member: str, row: CsvRow, kind: str) -> RawRecord:
    if row.reason:
        named = row.cells.get("NCT Number") or row.cells.get("TrialID") or ""
        return _unread(file, row.line, member, named[:30], row.reason, row.why)
    raw = RawRecord(
        file, row.line, member, "clinicaltrials_gov", {}, row.sha256, "", "", scheme="csv", row=row.number,
        header=row.header,
    )  # fmt: skip
    if kind == "site csv":
        study, unclear = study_of_row(row.cells)
        return _study(replace(raw, value=study, unclear=unclear))
    known = field_of_column()
    texts = _together(
        (known.get(name.replace(" ", "_").casefold(), name), [cell]) for name, cell in row.cells.items()
    )
    header = tuple(
        known.get(name.replace(" ", "_").casefold(), name).replace("_", " ") for name in row.header
    )
    return _trial(replace(raw, mapping="ictrp", header=header), texts)


def _raw_trial(file: str, member: str, trial: XmlTrial) -> RawRecord:
    if trial.reason:
        return _unread(file, trial.line, member, "", trial.reason, trial.why)
    raw = RawRecord(
        file, trial.line, member, "ictrp", {}, trial.sha256, "", "", scheme="xpath", base=trial.base
    )
    if trial.base.startswith("/trials/"):
        names = {"main/target_size": "Target_size"}
        for line in field_mapping("ictrp").lines.values():
            names.setdefault(line.who, line.path.split("/")[1])
        fields = _together(
            (names.get(path, path.split("/")[0]), texts) for path, texts in trial.texts.items()
        )
    else:
        known = field_of_column()
        fields = _together((known.get(path.casefold(), path), texts) for path, texts in trial.texts.items())
    return _trial(raw, fields)


def _together(pairs: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    """All texts of each field, by whatever spelling of its name they stand."""
    made: dict[str, list[str]] = {}
    for name, texts in pairs:
        made.setdefault(name, []).extend(texts)
    return made


def _trial(raw: RawRecord, fields: Mapping[str, Sequence[str]]) -> RawRecord:
    numbers = list(dict.fromkeys(filter(None, map(clean, fields.get("TrialID", ())))))
    number = "".join(numbers[:1])
    if len(numbers) > 1:
        named = f"it has several numbers of a trial ({', '.join(one[:30] for one in numbers[:3])})"
        return _unread(raw.file, raw.line, raw.member, number[:30], "several registration numbers", named)
    found = list(find_numbers(number))
    if len(found) != 1 or found[0].end - found[0].start != len(number):
        named = f"{number[:30]!r} is no number of a registry" if number else "it has no TrialID"
        return _unread(raw.file, raw.line, raw.member, number[:30], "no registration number", named)
    value, unclear = trial_of_fields(fields)
    version = str(value.get("Last_Refreshed_on", ""))
    return replace(
        raw, value=value, identifier=number, version=version, copy_of=found[0].register, unclear=unclear
    )


def _text_at(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _unread(file: str, line: int, member: str, identifier: str, reason: str, what: str) -> RawRecord:
    where = f"{file}:{member or line}" if member or line else file
    problem = Problem(where, identifier, reason, what, "it is left out", refused=True)
    return RawRecord(file, line, member, "", {}, "", identifier, "", problem)
