"""Codes of cell products: those of a review's rows, and those that stand in the names of a record's interventions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.comparisons.outcome import AGREES, Outcome, Stated, compare_sets, not_comparable
from trialgraph.extract.record_comparisons.pair import Pair, record_of
from trialgraph.extract.registries.prose.texts import texts_of
from trialgraph.model.comparison import Verdict
from trialgraph.model.record import RecordFact, RecordReport, facts_by_property
from trialgraph.model.report import TrialReport

__all__ = ["compare_codes", "state_codes"]

#: A product's code: capitals with a number in one word, as "CS20AT04", "Cx611", "BX-U001", "CYP-004".
_CODE: Final = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Z][A-Za-z]{0,6}-?[A-Z]{0,3}\d[\w-]{0,10}(?![\w-])"
)
#: Words of that shape that are none: markers, cytokines, scores, viruses, numbers of registries, doses.
_NO_CODE: Final = re.compile(
    r"(?:CD|IL-?|TNF|IFN|TGF|HLA|DAS|ACR|SF-?|COVID|SARS|NCT|ISRCTN|EUCTR|HbA|T|B|L|G|H|IgG?|FEV|PM|CO|VEGF|BMP|FGF|HIV|GVHD"
    r"|KOOS|MELD|Type|Day|Week|Group|Arm|Cohort|Phase|Stage|Grade|Dose|Visit|Part|Step|Level|P)-?\d.*|[A-Z]?\d+(?:[eE]\d+)?",
)
#: Where a record names what is given.
_NAMES: Final = ("name", "label", "otherName")


@dataclass(frozen=True, slots=True)
class Codes:
    """The product codes of a report.

    :param labels: as printed, by what tells codes apart: case, blanks and hyphens do not
    :param texts: of a record, all that it says of what is given, in the same form, each with its field
    """

    labels: dict[str, str]
    texts: tuple[tuple[str, RecordFact], ...] = ()


def _plain(code: str) -> str:
    return re.sub(r"[\W_]", "", code).casefold()


def state_codes(report: TrialReport) -> Stated | None:
    """The codes of the cell products of a report. Names of drugs and devices differ in wording alone."""
    record = record_of(report)
    if record is not None:
        return _of_record(record)
    coded = [p for p in report.products if p.kind == "cells" and p.code]
    found = {_plain(p.code): p.code for p in coded if p.code}
    readings = tuple(dict.fromkeys(p.reading for p in coded))
    return Stated(Codes(found), "|".join(found.values()), readings) if found else None


def _of_record(record: RecordReport) -> Stated | None:
    """A record has no field for them. Where it gives no cells nothing is taken for a code."""
    if not record.products:
        return None
    texts = texts_of(record.record, facts_by_property(record.facts))
    named = [(text, code) for text in texts if text.part in _NAMES for code in _codes_in(text.text)]
    labels = {_plain(code): code for _, code in named}
    facts = tuple(dict.fromkeys(text.fact for text, _ in named))
    said = tuple((_plain(text.text), text.fact) for text in texts)
    return Stated(Codes(labels, said), "|".join(labels.values()), (), printed=True, facts=facts)


def _codes_in(text: str) -> Iterator[str]:
    return (m[0] for m in _CODE.finditer(text) if not _NO_CODE.fullmatch(m[0]))


def compare_codes(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """Codes: a review's code that any text of the record has agrees; none in common is a difference."""
    one, other = left.value, right.value
    if len(pair.records) == 2:
        if not one.labels or not other.labels:
            return (
                not_comparable("one of the records names no code") if one.labels or other.labels else AGREES
            )
        return compare_sets(one.labels, other.labels)
    review, record = (one, other) if record_of(pair.right) else (other, one)
    places = {code: [fact for text, fact in record.texts if code in text] for code in review.labels}
    if all(places.values()):
        more = [label for code, label in record.labels.items() if code not in review.labels]
        found = tuple(dict.fromkeys(some[0] for some in places.values()))
        return Outcome("agrees", None, f"the registry names {', '.join(more)}, too" if more else "", found)
    if not record.labels:
        verdict: Verdict = "only left" if record_of(pair.right) else "only right"
        return Outcome(verdict, None, "no code was read in the names of the registry's interventions")
    return compare_sets(one.labels, other.labels)
