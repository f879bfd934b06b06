"""Why a quad was added or removed: the source, a decision, a rule, a mapping, the ontology, the program.

A reason is what the two releases themselves show: the checksum of a source, another rule or mapping at a reading of the
same row, a decision on it. Where several hold, the first of :data:`REASONS` is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from trialgraph.rdf import iris
from trialgraph.rdf.lines import in_line, split
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.diff.merged import BOTH, Sign

__all__ = ["REASONS", "Reasons"]

#: What is told as a reason, the first that holds first.
REASONS: Final = (
    "source added", "source removed", "source changed", "curation", "rule", "mapping", "ontology release", "ontology",
    "program", "not known",
)  # fmt: skip
#: So many rows are kept apart; beyond, a source's reasons are told of all its rows.
_MOST_ROWS: Final = 200_000
_OF_SOURCE: Final = frozenset(
    kind.encode()
    for kind in (
        "source", "table", "column", "row", "cell", "report", "reading", "arm", "condition", "conflict", "curation",
        "dose", "finding", "intervention", "mechanism-claim", "planned-outcome", "product", "trial", "comparison",
        "change", "same-trial", "arm-intervention", "effect", "record", "reference", "claim", "level",
    )
)  # fmt: skip
#: Of these, source and row of a second report stand behind those of the first.
_OF_TWO: Final = frozenset({b"comparison", b"same-trial"})
_RULE, _MAPPING, _TRIAL = in_line(TG.byRule), in_line(TG.byMapping), in_line(TG.aboutTrial)

Place = tuple[bytes, bytes]


@dataclass(slots=True)
class Reasons:
    """The reasons of the changes between two releases.

    Call :meth:`note` with each line of a first pass, then :meth:`of` with the lines of a second one, in order.

    :param old: the manifest of the old release
    :param new: that of the new one
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    _rows: dict[Place, set[str]] = field(default_factory=dict)
    _trials: dict[bytes, str] = field(default_factory=dict)
    _checksums: tuple[dict[bytes, str], dict[bytes, str]] = field(init=False)
    _of_program: str = field(init=False)
    _place: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Read both manifests once."""
        self._checksums = _checksums(self.old), _checksums(self.new)
        self._of_program = _of_program(self.old, self.new)
        of_base = re.escape(iris.base().encode())
        part = rb"[^/>]+"
        self._place = re.compile(
            rb"<%s(?P<kind>[a-z-]+)/(?P<source>%s)(?:/(?P<row>%s)(?:/(?P<source2>%s)/(?P<row2>%s))?)?[^>]*>"
            % (of_base, part, part, part, part)
        )

    def of_row(self, slug: str, row: str) -> str:
        """The reason of changed values of a row or record."""
        return self._of_place(iris.encode(slug).encode(), iris.encode(row).encode())

    def note(self, sign: Sign, line: bytes) -> None:
        """See a line of the first pass."""
        if sign == BOTH:
            return
        subject, predicate, _, _ = split(line)
        m = self._place.match(subject)
        if m is None or m["kind"] not in _OF_SOURCE:
            return
        if m["kind"] == b"curation":
            self._mark(m, "curation")
        elif predicate == _RULE:
            self._mark(m, "rule")
        elif predicate == _MAPPING:
            self._mark(m, "mapping")

    def _mark(self, m: re.Match[bytes], reason: str) -> None:
        place = (m["source"], m["row"] or b"")
        if place not in self._rows and len(self._rows) >= _MOST_ROWS:
            place = (m["source"], b"")
        self._rows.setdefault(place, set()).add(reason)

    def of(self, sign: Sign, line: bytes) -> str:
        """The reason of a changed line; empty for one that both have."""
        subject, predicate, value, graph = split(line)
        if sign == BOTH:
            if predicate == _TRIAL:
                self._reports_on(subject, value)
            return ""
        found = self._of_graph(graph)
        if found:
            return found
        if predicate == _TRIAL:
            self._reports_on(subject, value)
        m = self._place.match(subject)
        if subject in self._trials:
            return self._trials[subject]
        if m is not None and m["kind"] in _OF_SOURCE:
            found = self._of_place(m["source"], m["row"] or b"")
            if m["kind"] in _OF_TWO and m["source2"]:
                found = min(found, self._of_place(m["source2"], m["row2"]), key=REASONS.index)
            return found
        return "rule" if m is not None and m["kind"] == b"rule" else self._of_any_source()

    def _of_any_source(self) -> str:
        """The reason of what belongs to no source alone: what several share, and what is counted over all."""
        slugs = sorted(self._checksums[0].keys() | self._checksums[1].keys())
        found = {self._of_place(slug, b"") for slug in slugs}
        found |= {reason for marks in self._rows.values() for reason in marks}
        return min(found, key=REASONS.index, default=self._of_program)

    def _reports_on(self, report: bytes, trial: bytes) -> None:
        """Remember the reason of a report's changes for its trial, whose shortcuts follow from it."""
        m = self._place.match(report)
        if m is not None and len(self._trials) < _MOST_ROWS:
            found = self._of_place(m["source"], m["row"] or b"")
            known = self._trials.get(trial, REASONS[-1])
            self._trials[trial] = min(found, known, key=REASONS.index)

    def _of_graph(self, graph: bytes) -> str:
        name = graph.rsplit(b"/", 1)[-1].rstrip(b">").decode()
        return {"module": "ontology release", "ontology": "ontology", "mappings": "mapping"}.get(name, "")

    def _of_place(self, source: bytes, row: bytes) -> str:
        before, after = (known.get(source) for known in self._checksums)
        if before != after:
            return (
                "source added" if before is None else "source removed" if after is None else "source changed"
            )
        marks = self._rows.get((source, row), set()) | self._rows.get((source, b""), set())
        return next((reason for reason in REASONS if reason in marks), self._of_program)


def _of_program(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What differs for all of a release."""
    changed = _changed_inputs(old, new)
    if any(name.startswith("ontology/concepts/") for name in changed):
        return "mapping"
    if any(name.startswith(("ontology/module", "ontology/index")) for name in changed):
        return "ontology release"
    if changed:
        return "ontology"
    return "not known" if all(old.get(key) == new.get(key) for key in ("version", "engines")) else "program"


def _checksums(manifest: Mapping[str, Any]) -> dict[bytes, str]:
    """The checksum of each source, by its slug as it stands in IRIs."""
    return {iris.encode(source["slug"]).encode(): source["sha256"] for source in manifest["built_from"]}


def _changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[str]:
    before, after = old.get("inputs", {}), new.get("inputs", {})
    names = before.keys() | after.keys()
    return [name for name in names if before.get(name) != after.get(name) and name.startswith("ontology/")]
