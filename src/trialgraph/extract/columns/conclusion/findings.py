"""Conclusion: whether results are out, and what they say; direction of value and of benefit where stated.

A clause is a finding. "SLEDAI decreased" is a decreased value and, without a word of benefit in the clause,
no benefit: whether lower is better is the measure's business, not the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, Literal

from trialgraph.extract.columns.conclusion.effects import read_effect
from trialgraph.extract.columns.follow_up import DURATION, months
from trialgraph.extract.text.plausibility import MOST_MONTHS
from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.report import Finding, PlainValue, ResultsStatus
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["read_findings", "read_results_status", "read_status", "read_times"]

ONGOING: Final = rule(
    "results.ongoing",
    "The source says that the study is going on; that counts before anything else it says of results.",
    example="Study ongoing; results not yet published", gives="ongoing", counter_example="Results not yet published",
)  # fmt: skip
UNPUBLISHED: Final = rule(
    "results.not-published",
    "The source says that results are not published.",
    example="Results not yet published", gives="not published", counter_example="Safe and well tolerated",
)  # fmt: skip
PUBLISHED: Final = rule(
    "results.reported",
    "A conclusion that reports a result says that there are results: a finding with a measure, a direction or "
    "a judgement.",
    example="Safe and well tolerated", gives="published", counter_example="Study ongoing",
)  # fmt: skip
ENDED: Final = rule(
    "results.ended",
    "The source says that the study was terminated, suspended or withdrawn; that counts before results.",
    example="Terminated early due to slow enrollment", gives="terminated", counter_example="Safe and well tolerated",
)  # fmt: skip
STATE: Final = rule(
    "results.state-of-trial",
    "A sentence or clause that only says how far the trial has come is its recruitment status.",
    example="Study suspended", gives="suspended", counter_example="Effective and safe",
)  # fmt: skip
DIRECTED: Final = rule(
    "finding.directed",
    "A clause that says which way a measured value went is a finding with that direction, one "
    "for each measure it names.",
    example="TNF-α and IL-6 levels decreased", gives="decreased|decreased", counter_example="Safe and effective",
)  # fmt: skip
JUDGED: Final = rule(
    "finding.judged",
    "A clause that says good or bad of the treatment is a finding with that benefit; where it names no measure, on "
    "safety, tolerability or efficacy.",
    example="Safe and well tolerated", gives="favourable|favourable", counter_example="IL-6 levels decreased",
)  # fmt: skip
PLAIN: Final = rule(
    "finding.text",
    "A clause with neither is kept as its text alone.",
    example="Safe, regulation of the balance of inflammatory cytokines", gives="", counter_example="Safe and effective",
)  # fmt: skip
TIME: Final = rule(
    "finding.time",
    "A time named in a conclusion, in months.",
    example="no major safety concerns at 1 year", gives="12", counter_example="53.3% with MSC alone",
)  # fmt: skip
TIME_AT: Final = rule(
    "finding.time-at",
    "A numbered week, month or year named in a conclusion, in months.",
    example="Significant decrease in DAS28 score at week 4", gives="0.92", counter_example="for 48 weeks",
)  # fmt: skip

Value = Literal["increased", "decreased", "unchanged"]
Benefit = Literal["favourable", "unfavourable", "none"]

_ONGOING: Final = re.compile(
    r"\b(?:(?:on-?going|under ?way|in progress)(?=\s*(?:$|[^\w\s])|\s+(?:study|studies|trial|recruitment|enrolment|"
    r"enrollment|analys[ie]s|follow-up|and|but|at|in|with)\b)|(?:still |currently |now )?recruiting\b(?! of\b)|"
    r"not yet completed\b)",
    re.IGNORECASE,
)
_UNPUBLISHED: Final = re.compile(
    r"\b(?:(?:results?|data) (?:are |were |have |has )?(?:not|"
    r"un)[ -]?(?:yet )?(?:been )?(?:published|available|reported|posted|released)|"
    r"not yet published|unpublished|no (?:published )?results|results pending)\b",
    re.IGNORECASE,
)
_VALUE: Final[tuple[tuple[Value, re.Pattern[str]], ...]] = (
    ("unchanged", re.compile(r"\b(?:unchanged|neither (?:increas|decreas)\w+ nor (?:increas|decreas)\w+|"
                             r"no (?:significant )?(?:change|difference)s?|did not (?:change|differ)|"
                             r"remained stable|stable)\b", re.IGNORECASE)),
    ("decreased", re.compile(r"\b(?:decreas\w+|reduc\w+|lower(?:ed|ing)?|declin\w+|diminish\w+|fell|drop(?:ped)?)\b",
                             re.IGNORECASE)),
    ("increased", re.compile(r"\b(?:increas\w+|elevat\w+|higher|rose|ris(?:e|en|ing))\b", re.IGNORECASE)),
)  # fmt: skip
# "no reduction in EDSS" says of EDSS only that it did not fall.
_DENIED: Final = re.compile(
    r"\b(?:no|not|nor|without|never|failed to|fail to|lack of)"
    r"(?: (?!and\b|but\b|or\b|with\b)[\w-]+){0,2} $",
    re.IGNORECASE,
)
_NO_BENEFIT: Final = re.compile(
    r"\b(?:did not (?:\w+ly )?(?:show|achieve|reach|improve|respond)|"
    r"not (?:\w+ly )?(?:improv\w+|better)|failed to (?:show|improve)|"
    r"lack of (?:efficacy|effect|benefit|improvement)|"
    r"(?:efficacy|effectiveness|benefit|improvement) (?:was |were |could )?not\b|no (?:significant |"
    r"clinical )?(?:improvement|benefit|effect|remission|efficacy)|not effective|ineffective|"
    r"without (?:improvement|benefit|effect))\b",
    re.IGNORECASE,
)
_HARM: Final = re.compile(
    r"\b(?:worsen\w*|deteriorat\w*|serious adverse events? (?:were|was|occurred)|progress(?:ed|"
    r"ion) of (?:the )?disease|unsafe|not (?:safe|well[ -]tolerated)|poorly tolerated)\b",
    re.IGNORECASE,
)
_GOOD: Final = re.compile(
    r"\b(?:improv\w+|ameliorat\w+|effective\w*|efficacy|safe\b|(?:well|better)[ -]tolerated|"
    r"prolonged (?:clinical )?remission|better|benefi\w+|therapeutic effect|"
    r"no (?:\w+[ -]?){0,2}(?:toxicity|safety concerns|adverse events?|side effects?|complications?))",
    re.IGNORECASE,
)
_TREND: Final = re.compile(r"\b(?:trend|tended|tendency)\b", re.IGNORECASE)
# That two things go together says nothing of the treatment.
_CORRELATED: Final = re.compile(r"\b(?:correlat|associat)\w*", re.IGNORECASE)
_LIMITED: Final = re.compile(r"\blimited\b", re.IGNORECASE)
_VERB: Final = re.compile(
    r"\b(?:was|were|is|are|had|has|have|lasted|persisted|correlated|remained|observed|showed|"
    r"led|enhanced|suppress\w+|regulat\w+|modulat\w+|prolong\w*|limited)\b",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"\.\s+(?=[A-Z])|;\s*|,?\s+but\s+|,\s+(?:and\s+|with\s+)?|\s+(?:and|with)\s+")
_GIVEN: Final = re.compile(
    r"\b(?:therapy|treatment|combination|transplantation|infusions?)\s+(?:of|"
    r"with)\s+(?:(?!improv|increas|decreas|reduc|enhanc|was\b|led\b|show)[\w/+-]+\s*){1,8}",
    re.IGNORECASE,
)
_AT: Final = re.compile(
    r"\b(?P<unit>week|month|year|day)s? (?:\d+(?:\.\d+)?(?:, and |, | and | or | to |[-–]))*"
    r"(?P<number>\d{1,6}(?:\.\d{1,6})?)(?!\d)"
)
_ENDED: Final[tuple[tuple[ResultsStatus, re.Pattern[str]], ...]] = (
    ("terminated", re.compile(
        r"\b(?:(?:early |premature(?:ly)? )?terminated|(?:study|trial) (?:was |has been )?(?:stopped|discontinued)|"
        r"(?:stopped|discontinued|closed) (?:early|prematurely)|early termination)\b", re.IGNORECASE)),
    ("suspended", re.compile(r"\b(?:suspended|temporarily halted|on hold)\b", re.IGNORECASE)),
    ("withdrawn", re.compile(
        r"^\W*(?:study |trial )?(?:was |has been )?withdrawn\b|\b(?:study|trial) (?:was |has been )?withdrawn\b",
        re.IGNORECASE)),
)  # fmt: skip
# The state of the trial itself: a whole sentence or clause that says no more.
_STATE: Final = re.compile(
    r"(?:^|[.;,]\s*)(?:the )?(?:(?:study|trial) )?(?:(?:is|was|has been) )?(?:still |currently |now )?(?:early )?"
    r"(?P<state>recruiting|not yet recruiting|completed|suspended|withdrawn|terminated|discontinued|stopped)"
    r"(?=\s*(?:$|[.;,]|early|due|because|prematurely))",
    re.IGNORECASE,
)


def read_results_status(cell: Cell) -> tuple[ResultsStatus | None, Reading | None]:
    """What the source says of the study and its results; None where it says neither.

    There are results only where a finding with a measure, a direction or a judgement was read.
    """
    text = cell.text or ""
    words = lexicon()
    for status, pattern in _ENDED:
        if m := pattern.search(text):
            return status, read(cell, "results_status", m.span(), status, ENDED)
    if m := _ONGOING.search(text):
        known = words.lookup("conclusion", "ongoing")
        return "ongoing", read(cell, "results_status", m.span(), "ongoing", ONGOING, known)
    if m := _UNPUBLISHED.search(text):
        known = words.lookup("conclusion", "results not published")
        return "not published", read(cell, "results_status", m.span(), "not published", UNPUBLISHED, known)
    if _has_result(_findings(cell)):
        return "published", read(cell, "results_status", (0, len(text)), "published", PUBLISHED)
    return None, None


def read_findings(cell: Cell) -> tuple[Finding, ...]:
    """The findings of a conclusion, clause by clause; none where it reports no result."""
    text = cell.text or ""
    if any(p.search(text) for p in (_ONGOING, _UNPUBLISHED, *(pattern for _, pattern in _ENDED))):
        return ()
    found = _findings(cell)
    return found if _has_result(found) else ()


def _findings(cell: Cell) -> tuple[Finding, ...]:
    text = cell.text or ""
    return tuple(f for start, end in _clauses(text) for f in _clause(cell, text, start, end))


def _has_result(found: Iterable[Finding]) -> bool:
    return any(finding.measure or finding.value or finding.benefit for finding in found)


def read_status(cell: Cell) -> tuple[PlainValue, ...]:
    """The trial's own state, where the conclusion says that it recruits, was completed or ended."""
    text = cell.text or ""
    if not (m := _STATE.search(text)):
        return ()
    word = {"discontinued": "terminated", "stopped": "terminated"}.get(m["state"].lower(), m["state"])
    mention = lexicon().lookup("status", word)
    if mention is None:
        return ()
    return (PlainValue(mention.concept, read(cell, "status", m.span("state"), None, STATE, mention)),)


def read_times(cell: Cell) -> tuple[tuple[Decimal, Reading], ...]:
    """The times that a conclusion names, in months, in the order of the text."""
    text = cell.text or ""
    made: list[tuple[Decimal, Reading]] = []
    for m in DURATION.finditer(text):
        latest = re.findall(r"\d+(?:\.\d+)?", m["numbers"])[-1]
        value = months(latest, m["unit"])
        made.append((value, read(cell, "time", m.span(), value, TIME)))
    for m in _AT.finditer(text):
        value = months(m["number"], m["unit"])
        made.append((value, read(cell, "time", m.span(), value, TIME_AT)))
    return tuple(sorted((t for t in made if t[0] <= MOST_MONTHS), key=lambda pair: pair[1].start))


def _says(text: str) -> bool:
    """Whether a piece says something by itself: a direction, a judgement or a verb."""
    patterns = (_NO_BENEFIT, _HARM, _GOOD, _TREND, _VERB, *(p for _, p in _VALUE))
    return any(p.search(text) for p in patterns)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Pieces between breaks; a piece that says nothing by itself belongs to one of its neighbours."""
    pieces: list[list[int]] = []
    open_start: int | None = None
    for start, end, full_stop in _pieces(text):
        first = start if open_start is None or full_stop else open_start
        open_start = None
        silent = not _says(text[first:end])
        before = None if full_stop or not pieces else pieces[-1]
        if before and (
            _one_judgement(text, before, first, end)
            or (silent and _names_measure(text[before[0] : before[1]]))
        ):
            before[1] = end
        elif silent and end < len(text):
            open_start = first
        elif silent and before:
            before[1] = end
        else:
            pieces.append([first, end])
    for start, end in pieces:
        if trimmed := text[start:end].strip(" .,;"):
            at = text.index(trimmed, start)
            yield at, at + len(trimmed)


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Spans between breaks, and whether a sentence ended before each."""
    start, stopped = 0, True
    for m in _BREAK.finditer(text):
        if m.group().strip() == "with" and re.search(
            r"(?:correlated|associated|compared|consistent|treated)$", text[start : m.start()]
        ):
            continue
        yield start, m.start(), stopped
        start, stopped = m.end(), m.group().lstrip()[:1] in ".;"
    yield start, len(text), stopped


def _names_measure(text: str) -> bool:
    return next(lexicon().find("outcome", text), None) is not None


def _one_judgement(text: str, before: list[int], start: int, end: int) -> bool:
    """Whether two pieces are one judgement, as in "Safe and well tolerated": short, no measure in either."""
    piece, joint = text[start:end], text[before[1] : start].strip()
    both = text[before[0] : end]
    return joint == "and" and len(both) <= 40 and not _names_measure(piece) and not _value(both)


def _value(text: str) -> Value | None:
    for name, pattern in _VALUE:
        if (name == "unchanged" and pattern.search(text)) or _asserted(pattern, text):
            return name
    return None


def _asserted(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the words stand somewhere without a denial right before them."""
    return any(not _DENIED.search(text, 0, m.start()) for m in pattern.finditer(text))


def _benefit(text: str) -> Benefit | None:
    if _NO_BENEFIT.search(text):
        return "none"
    if _asserted(_HARM, text):
        return "unfavourable"
    return "favourable" if _GOOD.search(text) and not _LIMITED.search(text) else None


def _clause(cell: Cell, text: str, start: int, end: int) -> Iterator[Finding]:
    piece = text[start:end]
    value, benefit = _value(piece), None if _CORRELATED.search(piece) else _benefit(piece)
    by: Rule = DIRECTED if value else JUDGED if benefit else PLAIN
    reading = read(cell, "finding", (start, end), value or benefit, by)
    certainty: Literal["trend", "stated"] = "trend" if _TREND.search(piece) else "stated"
    # What is given is not what is measured: "the combination therapy of MSC and IFN-γ improved …".
    measured = _GIVEN.sub(lambda m: "\n" * len(m.group()), piece)
    found = list(lexicon().find("outcome", measured))
    places = [(start + i, start + j) for i, j, _ in found]
    at_months = _time_of(cell, start, end)
    named: dict[Concept, int] = {}
    for which, (_, _, mention) in enumerate(found):
        named.setdefault(mention.concept, which)
    for measure, which in named.items():
        effect = read_effect(cell, start, end, places, which)
        yield Finding(measure, value, benefit, certainty, reading, at_months, effect)
    for about in [] if named else _judged(piece) or [None]:
        yield Finding(about, value, benefit, certainty, reading, at_months)


# What a judgement is about where the clause names no measure.
_ABOUT: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\b(?:un)?safe\b|\bsafety\b", re.IGNORECASE), "safety"),
    (re.compile(r"\b(?:well|poorly|better)[ -]tolerated\b", re.IGNORECASE), "tolerability"),
    (re.compile(r"\b(?:in)?effective\b", re.IGNORECASE), "efficacy"),
)


def _judged(piece: str) -> list[Concept | None]:
    """Safety, tolerability and efficacy, as far as the words judge them."""
    found = (lexicon().lookup("outcome", name) for pattern, name in _ABOUT if pattern.search(piece))
    return [mention.concept for mention in found if mention]


def _time_of(cell: Cell, start: int, end: int) -> Decimal | None:
    """The one point in time that a clause names ("at 3 months", "at week 4"); a duration is none."""
    text = cell.text or ""
    points = {
        value
        for value, reading in read_times(cell)
        if start <= (i := cell.local(reading.start)) < end
        and (reading.rule == TIME_AT.id or re.search(r"\b(?:at|after)\s+$", text[:i]))
    }
    return points.pop() if len(points) == 1 else None
