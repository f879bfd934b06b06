"""Study phase: ``Phase Ib/IIa`` to ``1b/2a``; a dash is "not stated", which is not "not applicable"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Statement
from trialgraph.extract.text import patterns
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import PhaseStatus
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG, concept
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["COLUMN", "PHASE", "Phase", "read_phase"]

SINGLE: Final = rule(
    "phase.single",
    "One phase, Roman or Arabic, with its letter if it has one.",
    example="Phase Ia", gives="1a", counter_example="Phase I/II",
)  # fmt: skip
COMBINED: Final = rule(
    "phase.combined",
    "Two phases joined by a slash, a dash or a word are one combined phase.",
    example="Phase Ib/IIa", gives="1b/2a", counter_example="Phase II",
)  # fmt: skip
NOT_STATED: Final = rule(
    "phase.not-stated",
    "A dash, or words to that effect, says that the source does not state the phase.",
    example="-", gives="", counter_example="Not applicable",
)  # fmt: skip
NOT_APPLICABLE: Final = rule(
    "phase.not-applicable",
    "The source says that the study has no phase.",
    example="Not applicable", gives="", counter_example="-",
)  # fmt: skip

_STEP: Final = r"(?:IV|III[abc]?|II[abc]?|I[abc]?|0|[1-4][abc]?)"
PHASE: Final = re.compile(
    rf"(?P<early>[Ee]arly[ _-])?(?:[Pp]hases?|(?-i:P[Hh])\.?)[ _-]?(?P<first>{_STEP})(?: ?(?:/|-|–|\||and"
    rf"|to) ?(?:[Pp]hase ?)?(?P<last>{_STEP}))?",
    re.IGNORECASE,
)

# "Phase 1,2": two phases as a registry's export lists them, or on two lines, each with the word.
_LISTED: Final = re.compile(
    rf"(?: ?[,&] ?(?:[Pp]hase ?)?| ?[\n;,]? ?[Pp]hase ?)(?P<last>{_STEP})(?![\w.]|\s*[×x%]|\s+[a-z])"
)
# A phase without the word at the beginning of a cell, before what else the cell says: "I—open label", "2 (RCT)".
_LEADING: Final = re.compile(
    rf"\s*(?P<first>{_STEP})(?: ?(?:/|-|–|\||and|to) ?(?P<last>{_STEP}))?"
    r"(?=\s*(?:[—;(\[\n]|[-–](?=[a-z]{3})|\s[-–]\s"
    r"|, ?(?:non-?)?(?:randomi|open|double|single|multi|RCT|placebo|pilot|complet|recruit)))",
    re.IGNORECASE,
)
# Two phases without the word, as a list: "1, 2", "I; II".
_TWO: Final = re.compile(rf"(?P<first>{_STEP})(?: ?[,;] ?|\n)(?P<last>{_STEP})", re.IGNORECASE)
_ROMAN: Final = str.maketrans("ⅠⅡⅢⅣⅰⅱⅲⅳ", "12341234")
_ARABIC: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True, slots=True)
class Phase:
    """What a phase cell says. ``code`` is ``1``, ``1a``, ``1/2``, ``1b/2a`` …, None unless stated."""

    code: str | None
    status: PhaseStatus
    concept: Concept | None
    reading: Reading | None


def read_phase(cell: Cell) -> Phase:
    """Read a phase cell; an empty cell states no phase."""
    text = _spelled(cell.text or "")
    # "I/II" alone in a column of phases is a phase; the word is put before it to read it, and taken off the span.
    bare = PHASE.fullmatch(_with_word(text.strip()))
    if m := PHASE.search(text) or bare:
        second, end = _second(text, m)
        first, last = _step(m["first"]), _step(second) if second else None
        code = f"{first}/{last}" if last else first
        if m["early"]:
            code = "0"
        by_words = lexicon().lookup("phase", m.group()) if second == m["last"] else None
        mention = by_words or lexicon().lookup("phase", f"Phase {code}")
        at = (text.index(text.strip()), len(text.rstrip())) if m is bare else (m.start(), end)
        made = read(cell, "phase", at, code, COMBINED if last else SINGLE, mention)
        return Phase(code, "stated", mention.concept if mention else None, made)
    if (m := _LEADING.match(text)) and _neighbours(m["first"], m["last"]) and "phase" in cell.header.lower():
        first, last = _step(m["first"]), _step(m["last"]) if m["last"] else None
        code = f"{first}/{last}" if last else first
        mention = lexicon().lookup("phase", f"Phase {code}")
        made = read(cell, "phase", (m.start("first"), m.end()), code, COMBINED if last else SINGLE, mention)
        return Phase(code, "stated", mention.concept if mention else None, made)
    if patterns.NOT_APPLICABLE.fullmatch(text.strip()):
        return Phase(None, "not applicable", None, read(cell, "phase", (0, len(text)), None, NOT_APPLICABLE))
    if patterns.NOT_STATED.fullmatch(text.strip()):
        return Phase(None, "not stated", None, read(cell, "phase", (0, len(text)), None, NOT_STATED))
    return Phase(None, "unread" if text.strip() else "not stated", None, None)


def _with_word(text: str) -> str:
    """A phase without the word, with it: "Early 1", "1 & 2"."""
    if m := re.fullmatch(r"[Ee]arly (.*)", text):
        return f"Early Phase {m[1]}"
    if (m := _TWO.fullmatch(text)) and _neighbours(m["first"], m["last"]):
        return f"Phase {m['first']}{'/':{len(text) - len(m['first']) - len(m['last'])}}{m['last']}"
    return f"Phase {re.sub(r' ?& ?', '/', text, count=1)}"


def _second(text: str, m: re.Match[str]) -> tuple[str | None, int]:
    """The second phase of two, and where they end; a list of two ("Phase 1,2") is one combined phase, too."""
    if m["last"] or m.string != text:
        return m["last"], m.end()
    listed = _LISTED.match(text, m.end())
    return (listed["last"], listed.end()) if listed else (None, m.end())


def _spelled(text: str) -> str:
    """The text with the one-letter Roman numbers and the capitals of "PHASE" spelled out, character for character."""
    return text.translate(_ROMAN).replace("PHASE", "Phase")


def _step(text: str) -> str:
    stem = text.rstrip("abcABC")
    return _ARABIC.get(stem.lower(), stem) + text[len(stem) :].lower()


# What study-type columns hold besides a phase.
_DESIGN: Final = re.compile(
    r"(?:[Pp]ilot|[Rr]andomi[sz]ed|RCT|[Oo]pen[- ]label|[Ss]ingle[- ](?:arm|center|centre)|"
    r"[Cc]ase (?:report|series)|[Rr]etrospective|[Pp]rospective|[Cc]ohort|[Dd]ouble[- ]blind|"
    r"[Cc]linical (?:trial|study)|[Oo]bservational|[Ii]nterventional|"
    r"[Pp]re-?clinical)(?: (?:study|trial|clinical trial|controlled trial))?(?:, .{1,40})?"
)


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash
    if m := PHASE.fullmatch(text):
        return 9.0 if _neighbours(m["first"], m["last"]) else -2.0
    return 4.0 if _DESIGN.fullmatch(text) else WRONG


_STEPS: Final = ("0", "i", "ii", "iii", "iv")


def _neighbours(first: str, last: str | None) -> bool:
    """Whether two phases are one combined phase: I/II is, I/III is not ("Phase I/II" and "IV infusion")."""
    if last is None:
        return True
    low, high = (
        _STEPS.index(s) if s in _STEPS else int(s) for s in (t.lower().rstrip("abc") for t in (first, last))
    )
    return low < high <= low + 1


def _read(cells: Sequence[Cell]) -> Extracted:
    made = [read_phase(cell) for cell in cells] or [Phase(None, "not stated", None, None)]
    phase = next((one for one in made if one.status == "stated"), made[0])
    parts = {"phase": phase.code, "phase_status": phase.status, "phase_concept": phase.concept}
    return Extracted(parts, (phase.reading,) if phase.reading else ())


_STATUS: Final = {
    "stated": concept("phase-stated"),
    "not stated": concept("phase-not-stated"),
    "not applicable": concept("phase-not-applicable"),
    "unread": concept("phase-unread"),
}


def _triples(nodes: Nodes) -> Iterator[Triple]:
    report = nodes.report
    yield Triple(nodes.iri, TG.phaseStatus, _STATUS[report.phase_status])
    if report.phase_concept:
        yield Triple(nodes.iri, TG.phase, term(report.phase_concept))


def _whole(text: str) -> bool:
    return PHASE.fullmatch(text) is not None


COLUMN: Final = ColumnType(
    field="phase",
    order=10,
    headings=r"(?:(?:study|trial|clinical|clinical trial|research|development) )?(?:type|types|phase|phases"
    r"|design|designs)"
    r"(?: of (?:the )?(?:study|studies|trials?|research|clinical trials?|development))?"
    r"|(?:study|trial|clinical|clinical trial)(?:type|phase|design)|(?:study|trial) (?:design|type|phase) ?(?:/"
    r"|and|or|,|&) ?(?:study |trial )?"
    r"(?:phase|type|design)|phase ?(?:/|and|,|&) ?(?:study |trial )?(?:type|design)|design ?(?:/|and|,|&) ?phase"
    r"|nature of (?:the )?(?:study|trial)|methodology|methodological design|trial methodology|(?:clinical"
    r"|clinical trial|human) (?:stages?|phases?)"
    r"|stage of (?:the )?(?:trial|development)",
    shape=CellShape(empty=-2.0, longest=90, fits=whole_cell(_fit), most=9.0),
    read=_read,
    # Of a phase alone it matters which words say that there is none.
    reads_blank=True,
    flat=(
        FlatColumn(
            "phase", "1, 1a, 1/2, 1/2a, 1b/2a, 2 …; empty when not stated", lambda report: report.phase
        ),
    ),
    whole=_whole,
    filler=frozenset(["phase", "phases", "study", "trial", "clinical"]),
    triples=_triples,
    statements=(Statement("phase", TG.Report, TG.phase, "concept"),),
    gates=(
        # "-" and "not applicable" are readings of a phase, too, without a code or a concept.
        """?focus a tg:Reading ; tg:readsField "phase" ; tg:concept ?phase .
    FILTER NOT EXISTS { ?focus tg:value ?code }
    BIND ("a reading of phase without a value" AS ?message)""",
    ),
    patterns={"phase": PHASE},
)
