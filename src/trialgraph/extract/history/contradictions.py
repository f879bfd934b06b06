"""A record to what it says against itself: conflicts of their own kinds, each with the values and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from trialgraph.base.readable import amount
from trialgraph.extract.columns.phase import PHASE, read_phase
from trialgraph.extract.history.timing import order_of_dates
from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.extract.record_comparisons.series import JoinedTrial
from trialgraph.extract.registries.prose.doses import read_doses
from trialgraph.extract.registries.prose.products import read_prose_products
from trialgraph.extract.registries.prose.texts import (
    ProseText,
    cell_in_normal_form,
    part_of,
    sentences,
    texts_of,
)
from trialgraph.model.reading import Reading, Rule, read
from trialgraph.model.record import RecordFact, RecordReport, facts_by_property
from trialgraph.model.report import Conflict, DoseLevel

__all__ = ["CONTRADICTION_COLUMNS", "CONTRADICTION_KINDS", "contradiction_lines", "contradictions"]

CONTRADICTION_KINDS: Final[dict[str, str]] = {
    "masking-against-title": "The title names another masking than the field.",
    "phase-against-title": "The title names another phase than the field.",
    "completed-with-planned-count": "The trial is completed, and its number of patients is an estimate.",
    "withdrawn-with-patients": "The trial was withdrawn before anybody took part, and patients are counted.",
    "dates-out-of-order": "A date is before one that it cannot be before.",
    "baseline-against-enrolment": "More patients are counted at baseline than were enrolled.",
    "arms-against-enrolment": "The sizes of all arms, as their texts say, do not make the number of patients.",
    "text-against-enrolment": "A text says that another number of patients was enrolled.",
    "doses-of-two-texts": "Two texts of the record give different doses on the same basis.",
}
#: The columns of contradictions, in their order.
CONTRADICTION_COLUMNS: Final = ("trial", "kind", "severity", "what", "source", "record", "as_of", "locations")
#: The step from a field of a record to a value that competes in a conflict.
FIELD: Final = Rule(
    "record.field", "The value of a field of the record, as it stands there.",
    example='"masking": "NONE"', gives="none", counter_example="Triple Blind, in a title",
)  # fmt: skip
SAID: Final = Rule(
    "record.said", "Words of a record's text that say what one of its fields says, too.",
    example="Triple Blind", gives="triple", counter_example='"masking": "TRIPLE"',
)  # fmt: skip

_MASKING: Final = re.compile(
    r"\b(?P<how>single|double|triple|quadruple)[- ]?(?:blind(?:ed)?|mask(?:ed)?)\b"
    r"|\b(?P<open>open[- ]label(?:l?ed)?)\b",
    re.IGNORECASE,
)
#: How many parties are masked, at least and at most, by what a title says: a double-blind trial may mask more than two.
_MASKED: Final = {"open": (0, 0), "single": (1, 1), "double": (2, 4), "triple": (3, 4), "quadruple": (4, 4)}
_PARTIES: Final = ("none", "single", "double", "triple", "quadruple")
_WORDS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_ENROLLED: Final = re.compile(
    rf"(?<![\w.,/-])(?P<n>\d{{1,4}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))}) (?:[\w-]+ ){{0,2}}?"
    r"(?:patients|subjects|participants|volunteers|individuals) (?:have been|had been|were|was) (?:finally )?"
    r"(?:enrolled|recruited|included)\b"
    r"(?! (?:in|into|to) (?:each|the (?:control|placebo|treatment|first|second)|arm|group|cohort))",
    re.IGNORECASE,
)
#: An enrolment of a part, of another study, or of a point in time.
_OF_OTHERS: Final = re.compile(
    r"\b(?:each|cohort|group|arm|first|so far|to date|previous|phase|pilot|another|additional"
    r"|of (?:the|these|which|whom))\b",
    re.IGNORECASE,
)
_PER_VOLUME: Final = re.compile(
    r"\W*(?:[\w-]+ ){0,3}?(?:(?:per|in|/) ?(?:a |each )?(?:[\d.]+ ?)?|/)(?:m ?l|cc|millilit(?:er|re)s?|µl)\b",
    re.IGNORECASE,
)
_OF_SEVERAL: Final = re.compile(
    r"\b(?:each|both|per (?:site|side|injection|knee|eye|joint))\b", re.IGNORECASE
)
#: Pairs of dates of which the first is not after the second.
_IN_ORDER: Final = (
    ("startDate", "primaryCompletionDate"), ("startDate", "completionDate"),
    ("primaryCompletionDate", "completionDate"), ("firstSubmitted", "firstPosted"),
    ("firstSubmitted", "lastUpdateSubmitted"), ("firstPosted", "lastUpdatePosted"),
    ("resultsFirstSubmitted", "resultsFirstPosted"), ("firstPosted", "resultsFirstPosted"),
)  # fmt: skip


def contradictions(record: RecordReport) -> tuple[Conflict, ...]:
    """What a record says against itself. What only its texts say is found where its report has their words.

    None is repaired, and none is preferred: each is open.
    """
    return tuple(
        conflict
        for find in (_masking, _phase, _count_type, _dates, _baseline, _arms, _text, _doses)
        for conflict in find(record)
    )


def contradiction_lines(trial: JoinedTrial) -> Iterator[tuple[str, ...]]:
    """What the latest states of a trial's records say against themselves, as lines of :data:`CONTRADICTION_COLUMNS`."""
    for *_, record in trial.series:
        for one in contradictions(record):
            places = " ".join(dict.fromkeys(f"{record.record.where}#{r.cell.address}" for r in one.competing))
            yield (
                trial.key, one.kind, one.severity, one.message, record.source, record.record.identifier,
                as_of(record), places,
            )  # fmt: skip


def _conflict(
    kind: str, field: str, message: str, *competing: Reading, severity: str = "warning"
) -> Conflict:
    weight: Final = "error" if severity == "error" else "warning"
    return Conflict(kind, (field,), message, weight, competing, None)


def _field(record: RecordReport, fact: RecordFact, name: str) -> Reading:
    cell = cell_in_normal_form(record.record, fact)
    value = fact.value if isinstance(fact.value, (int, Decimal, str)) else str(fact.value)
    return read(cell, name, (0, len(cell.text or "")), value, FIELD)


def _fact(record: RecordReport, name: str, node: str = "study") -> RecordFact | None:
    return next(iter(record.of(node, name)), None)


# ---- fields against the title


def _titles(record: RecordReport) -> Iterator[RecordFact]:
    for name in ("officialTitle", "studyTitle"):
        yield from record.of("study", name)


def _masking(record: RecordReport) -> Iterator[Conflict]:
    fact = _fact(record, "masking")
    if fact is None or fact.value not in _PARTIES:
        return
    masked = _PARTIES.index(str(fact.value))
    for title in _titles(record):
        cell = cell_in_normal_form(record.record, title)
        found = list(_MASKING.finditer(cell.text or ""))
        if len({m[0].casefold() for m in found}) != 1:
            continue  # a trial of two parts, or nothing said
        how = (found[0]["how"] or "open").casefold()
        low, high = _MASKED[how]
        if not low <= masked <= high:
            said = read(cell, "masking", found[0].span(), how, SAID)
            message = f"the title says {said.verbatim!r}, the field {fact.value}"
            yield _conflict(
                "masking-against-title", "masking", message, _field(record, fact, "masking"), said
            )
            return


def _phase(record: RecordReport) -> Iterator[Conflict]:
    facts = list(record.of("study", "registeredPhase"))
    stated = {"0" if fact.value == "early 1" else str(fact.value) for fact in facts}
    if not stated or not stated <= {"0", "1", "2", "3", "4"}:
        return
    for title in _titles(record):
        cell = cell_in_normal_form(record.record, title)
        found = [read_phase(part_of(cell, *m.span())).reading for m in PHASE.finditer(cell.text or "")]
        phases = [
            set(re.findall(r"[0-4]", str(reading.value))) for reading in found if reading and reading.value
        ]
        lettered = found and found[0] and re.search(r"[a-c]", str(found[0].value))
        if lettered and phases and phases[0] < stated:
            continue  # the registry has no 2a: what is registered as 1/2 may be one
        if len(phases) == 1 and found[0] and phases[0] != stated:
            message = f"the title says {found[0].verbatim!r}, the field {'/'.join(sorted(stated))}"
            yield _conflict(
                "phase-against-title",
                "phase",
                message,
                *(_field(record, f, "phase") for f in facts),
                found[0],
            )
            return


# ---- counts


def _count_type(record: RecordReport) -> Iterator[Conflict]:
    status, kind, count = (
        _fact(record, name) for name in ("recruitmentStatus", "enrolmentType", "enrolledTotal")
    )
    if status and kind and status.value == "completed" and kind.value == "estimated":
        competing = (_field(record, one, "n_total") for one in (status, kind))
        yield _conflict(
            "completed-with-planned-count", "patients", "the trial is completed, its number of patients estimated",
            *competing,
        )  # fmt: skip
    if status and count and status.value == "withdrawn" and isinstance(count.value, int) and count.value > 0:
        competing = (_field(record, one, "n_total") for one in (status, count))
        if not kind or kind.value == "actual":
            message = f"the trial was withdrawn, and {count.value} patients are counted"
            yield _conflict("withdrawn-with-patients", "patients", message, *competing, severity="error")


def _dates(record: RecordReport) -> Iterator[Conflict]:
    for first, second in _IN_ORDER:
        one, other = _fact(record, first), _fact(record, second)
        if one is None or other is None or order_of_dates(str(one.value), str(other.value)) != "after":
            continue
        message = f"{_spaced(first)} {one.value} is after {_spaced(second)} {other.value}"
        yield _conflict(
            "dates-out-of-order", "dates", message, _field(record, one, "date"), _field(record, other, "date"),
            severity="error",
        )  # fmt: skip


def _spaced(name: str) -> str:
    return re.sub(r"(?=[A-Z])", " ", name).lower()


def _baseline(record: RecordReport) -> Iterator[Conflict]:
    """Groups overlap, so that only the one that is called the total counts."""
    count = _fact(record, "enrolledTotal")
    ids = {fact.node: str(fact.value) for fact in record.of("baseline-group", "id")}
    totals = {
        ids.get(f.node) for f in record.of("baseline-group", "title") if str(f.value).casefold() == "total"
    }
    units = {fact.node[1]: str(fact.value).casefold() for fact in record.of("baseline-size", "units")}
    groups = {fact.node: str(fact.value) for fact in record.of("baseline-group-size", "groupId")}
    for fact in record.of("baseline-group-size", "value"):
        text = str(fact.value).replace(",", "")
        if (
            groups.get(fact.node) not in totals
            or units.get(fact.node[1][:1]) != "participants"
            or not text.isdigit()
        ):
            continue
        if count and isinstance(count.value, int) and int(text) > count.value:
            message = f"{text} participants at baseline, {count.value} enrolled"
            yield _conflict(
                "baseline-against-enrolment", "patients", message, _field(record, count, "n_total"),
                _field(record, fact, "n_total"), severity="error",
            )  # fmt: skip


def _arms(record: RecordReport) -> Iterator[Conflict]:
    count = _fact(record, "enrolledTotal")
    sizes = [arm.enrolled for arm in record.arms]
    known = [size for size in sizes if size is not None]
    if count is None or len(known) < 2 or len(known) < len(sizes) or sum(known) == count.value:
        return
    if not isinstance(count.value, int) or sum(known) * 2 <= count.value:
        return  # so few are a part of the patients, or a number of something else
    message = f"{' + '.join(map(str, known))} = {sum(known)}, not {count.value}"
    readings = (arm.reading for arm in record.arms)
    yield _conflict(
        "arms-against-enrolment", "patients", message, _field(record, count, "n_total"), *readings
    )


def _text(record: RecordReport) -> Iterator[Conflict]:
    count, kind = _fact(record, "enrolledTotal"), _fact(record, "enrolmentType")
    if count is None or kind is None or kind.value != "actual":
        return
    for text in _texts(record, "summary", "description"):
        for part in sentences(text):
            m = _ENROLLED.search(part.text)
            if m is None or _OF_OTHERS.search(part.text):
                continue
            word = m["n"].lower()
            number = _WORDS.index(word) + 1 if word in _WORDS else int(word)
            if number and number != count.value:
                said = read(part.cell, "n_total", m.span("n"), number, SAID)
                message = f"a text says that {number} patients were enrolled, the field says {count.value}"
                competing = (_field(record, count, "n_total"), said)
                yield _conflict("text-against-enrolment", "patients", message, *competing)
                return


# ---- doses


def _texts(record: RecordReport, *kinds: str) -> list[ProseText]:
    texts = texts_of(record.record, facts_by_property(record.facts))
    return [text for text in texts if text.kind in kinds]


def _doses(record: RecordReport) -> Iterator[Conflict]:
    """The doses of the arms and interventions against those of the summaries, where both give one on a basis."""
    if not record.products:
        return  # of drugs and devices nothing is read
    texts = tuple(_texts(record, "intervention", "arm", "title", "summary", "description"))
    found = read_prose_products(texts)
    if not found.products:
        return
    read_of = [
        read_doses(tuple(text for text in texts if text.kind in kinds), found.about)[0]
        for kinds in (("intervention",), ("arm",), ("title",), ("summary",), ("description",))
    ]
    stated = [kept for levels in read_of if (kept := tuple(level for level in levels if _is_whole(level)))]
    for n, one in enumerate(stated):
        for other in stated[n + 1 :]:
            if pair := _apart(one, other):
                message = (
                    f"{' and '.join(amount(end) for end in pair[2:])} cells on the same basis in two texts"
                )
                yield _conflict(
                    "doses-of-two-texts", "administration", message, pair[0].reading, pair[1].reading
                )
                return


def _is_whole(level: DoseLevel) -> bool:
    """Whether a level is a dose, and neither a concentration nor what one of several places gets."""
    cell = level.reading.cell
    text, start, end = cell.text or "", cell.local(level.reading.start), cell.local(level.reading.end)
    return not (_PER_VOLUME.match(text, end) or _OF_SEVERAL.search(text, max(0, start - 60), start))


def _apart(
    one: Sequence[DoseLevel], other: Sequence[DoseLevel]
) -> tuple[DoseLevel, DoseLevel, Decimal, Decimal] | None:
    """A level of each side on one basis, where no end of either side is within the other's."""
    for basis in {level.basis for level in one} & {level.basis for level in other}:
        sides = [[level for level in side if level.basis == basis] for side in (one, other)]
        ends = [
            [end for level in side for end in (level.low, level.high) if end is not None] for side in sides
        ]
        if all(ends) and (max(ends[0]) < min(ends[1]) or max(ends[1]) < min(ends[0])):
            return sides[0][0], sides[1][0], ends[0][0], ends[1][0]
    return None
