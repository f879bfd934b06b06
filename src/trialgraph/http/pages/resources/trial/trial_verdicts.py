"""The comparisons of a trial's reports, field by field, in words: verdict, severity, note."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.base.readable import count
from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.pages.resources.trial.trial_reports import ReportColumn
from trialgraph.http.site import site
from trialgraph.query.results import Term
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept

__all__ = ["PairVerdict", "TrialVerdicts", "gathered", "read_verdicts"]

#: By field the row of the page that it stands in.
_ROWS: Final[Mapping[str, str]] = {
    "n_total": "Patients",
    "n_treatment": "Treated",
    "n_control": "Control",
    "phase": "Phase",
    "disease": "Disease",
    "tissue_sources": "Cells",
    "donor_type": "Cells",
    "product": "Product code",
    "routes": "Route",
    "dose": "Dose",
    "follow_up_months": "Follow-up",
    "results_status": "Result",
    "status": "Recruitment status",
    "primary_outcomes": "Primary outcomes",
}
#: What a field is called where several stand in one row.
_PARTS: Final[Mapping[str, str]] = {"tissue_sources": "tissue", "donor_type": "donor"}
_DIFFERS: Final = concept("verdict-differs").value
_AGREES: Final = concept("verdict-agrees").value
_ONE_SIDE: Final[Mapping[str, str]] = {
    concept("verdict-only-left").value: "left",
    concept("verdict-only-right").value: "right",
}
_MAJOR: Final = concept("difference-major").value
#: Verdicts of one row that are shown; the rest is counted.
_SHOWN: Final = 8
_FOUND: Final = """
SELECT ?comparison ?field ?verdict ?severity ?left ?right ?leftValue ?rightValue ?note {
  ?comparison tg:comparesTrial ME ; tg:comparedField ?field ; tg:verdict ?verdict ; tg:leftReport ?left ;
              tg:rightReport ?right .
  OPTIONAL { ?comparison tg:differenceSeverity ?severity }
  OPTIONAL { ?comparison tg:leftValue ?leftValue }
  OPTIONAL { ?comparison tg:rightValue ?rightValue }
  OPTIONAL { ?comparison rdfs:comment ?note }
} ORDER BY ?field ?comparison LIMIT MOST"""


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """A verdict on a field of two reports, or the same one on several pairs.

    :param mark: class of the mark: ``differs``, ``minor``, ``agrees``, ``time``, ``one``
    :param words: ``differs, major``
    :param pair: the two reports; empty where the trial has no others
    :param note: why, or what a reader should know of it
    :param href: the comparison itself; empty for several
    """

    mark: str
    words: str
    pair: str
    note: str
    href: str

    @property
    def differs(self) -> bool:
        """Whether the sides differ."""
        return self.mark in ("differs", "minor")


@dataclass(frozen=True, slots=True)
class TrialVerdicts:
    """The comparisons of a trial.

    :param by_row: by the title of a row of the page
    :param others: by the IRI of a report the values of fields that no row shows, by the title of their row
    :param counts: how many comparisons there are with each mark
    :param pairs: there are several pairs of reports, so that a field is compared more than once
    :param left_out: there are more than the page looks at
    """

    by_row: Mapping[str, Sequence[PairVerdict]]
    others: Mapping[str, Mapping[str, str]]
    counts: Mapping[str, int]
    left_out: bool = False
    pairs: bool = False

    @property
    def sentence(self) -> str:
        """What they say together; empty where there are none."""
        total = sum(self.counts.values())
        if not total:
            return ""
        differ = self.counts.get("differs", 0) + self.counts.get("minor", 0)
        major = self.counts.get("differs", 0)
        agree = self.counts.get("agrees", 0)
        words = f"{count(agree)} {'agrees' if agree == 1 else 'agree'}, "
        words += f"{count(differ)} {'differs' if differ == 1 else 'differ'}"
        words += f" ({count(major)} major)" if major else ""
        rest = total - differ - agree
        words += f", {count(rest)} cannot be compared or stand on one side only" if rest else ""
        if self.pairs:
            return f"{count(total)} {'comparison' if total == 1 else 'comparisons'} of fields of two reports: {words}."
        return f"{count(total)} {'field' if total == 1 else 'fields'} compared: {words}."


def read_verdicts(trial: str, reports: Sequence[ReportColumn]) -> TrialVerdicts:
    """The comparisons of a trial's reports.

    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    most = site().settings.page_triples // 10
    found = select_rows(_FOUND.replace("ME", str(NamedNode(trial))).replace("MOST", str(most)))
    names = {report.iri: report.name for report in reports}
    outside = {
        iri for row in found for side in ("left", "right") if (iri := iri_of(row[side])) not in names
    }  # of a trial that a reviewer holds to be the same
    labels = site().labels(NamedNode(iri) for iri in outside)
    names |= {iri: labels.get(iri, "another trial’s report") for iri in outside}
    several = len(names) > 2
    held: dict[str, list[PairVerdict]] = defaultdict(list)
    others: dict[str, dict[str, str]] = defaultdict(dict)
    for row in found:
        field, left, right = text_of(row["field"]), iri_of(row["left"]), iri_of(row["right"])
        one = _verdict(row, names[left], names[right], several=several)
        if field in _ROWS:
            part = _PARTS.get(field, "")
            title = _ROWS[field]
        else:
            part, title = "", in_words(field)[:1].upper() + in_words(field)[1:]
            for report, side in ((left, "leftValue"), (right, "rightValue")):
                others[title].setdefault(report, spelled_out(text_of(row.get(side))))
        held[title].append(
            PairVerdict(one.mark, f"{part}: {one.words}" if part else one.words, one.pair, one.note, one.href)
        )
    counts = Counter(one.mark for made in held.values() for one in made)
    by_row = {title: gathered(made) for title, made in held.items()}
    return TrialVerdicts(by_row, others, counts, len(found) == most, several)


def _verdict(row: Mapping[str, Term], left: str, right: str, *, several: bool) -> PairVerdict:
    verdict, severity = (text_of(row.get(name)) for name in ("verdict", "severity"))
    note = spelled_out(text_of(row.get("note")))
    pair = f"{left} and {right}" if several else ""
    href = address(iri_of(row["comparison"]))
    if verdict == _DIFFERS:
        mark, words = ("differs", "differs, major") if severity == _MAJOR else ("minor", "differs, minor")
    elif verdict == _AGREES:
        mark, words = "agrees", "agrees"
    elif verdict in _ONE_SIDE:
        has, lacks = (left, right) if _ONE_SIDE[verdict] == "left" else (right, left)
        mark, words = "one", f"only in {has}"
        pair = f"not in {lacks}" if several else ""
    else:
        mark, words = "time", "not comparable"
    return PairVerdict(mark, words, pair, note, href)


def gathered(verdicts: Sequence[PairVerdict]) -> list[PairVerdict]:
    """Differences first; what is alike and without a note is one line with the number of its pairs."""
    order = {"differs": 0, "minor": 1, "time": 2, "agrees": 3, "one": 4}
    alone: list[PairVerdict] = []
    alike: dict[tuple[str, str], list[PairVerdict]] = defaultdict(list)
    for one in sorted(verdicts, key=lambda one: order[one.mark]):
        if one.pair and not one.differs and not one.note:
            alike[one.mark, one.words].append(one)
        else:
            alone.append(one)
    made = alone[:_SHOWN]
    for (mark, words), held in alike.items():
        pair = held[0].pair if len(held) == 1 else f"{len(held)} pairs"
        made.append(PairVerdict(mark, words, pair, "", held[0].href if len(held) == 1 else ""))
    if more := alone[_SHOWN:]:
        differ = sum(one.differs for one in more)
        words = f"{len(more)} more" + (f", {differ} of which differ" if differ else "")
        made.append(PairVerdict("differs" if differ else "one", words, "", "", ""))
    return sorted(made, key=lambda one: order[one.mark])
