"""Roles that the cells of a column tell whatever its heading says, where no other column of the table has them.

A registry's number, a dose of cells and an age behind a number of patients have shapes of their own: a column whose
heading nobody knows ("Study details", "Amount and sessions") is told by them, and one whose cells hold a second thing
("120 (18-70 years old)", "BM-MSC (1 × 10^6 cells/kg)") gets its field, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from trialgraph.base.normal_form import normal_form
from trialgraph.extract.columns import column_of
from trialgraph.extract.columns.administration.count import read_count
from trialgraph.extract.columns.administration.dose import DOSE
from trialgraph.extract.columns.phase import PHASE
from trialgraph.extract.layout.column_roles import ASSIGNED, Role, share_of
from trialgraph.extract.layout.grid_context import reads_whole
from trialgraph.extract.text.patterns import REGISTRATION, says_nothing
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import lexicon

__all__ = ["with_contents"]

_MOST: Final = 0.6
_SOME: Final = 0.3
_CONFIDENCE: Final = 0.9
# What a table has where a column of the administration has doses of cells.
_DOSES: Final = "doses"
# A line that begins with a registry's number, alone or before something else that is parted from it.
_NUMBERED: Final = re.compile(
    rf"(?:^|\n|[;,(.] ?"
    rf"|(?<!\bof)(?<!\bto)(?<!\bin)(?<!\bfrom)(?<!\bwith)(?<!\bsee)\s)\s*(?:{REGISTRATION.pattern})(?!\w)"
)
_CELLS: Final = re.compile(r"\bcells?\b|MSCs?\b|/ ?kg|per kg", re.IGNORECASE)
_AGES: Final = re.compile(
    r"\d(?: \w+)?[ (\n;,].*(?:\d ?(?:years?|yrs?|y\.?o\.?)\b|\bages?\b|\baged\b)", re.IGNORECASE | re.DOTALL
)
_SIZE: Final = re.compile(r"\b[nN] ?= ?\d")
_CITATION: Final = re.compile(r"[^\s\[] ?\[\d{1,3}(?:[,–-] ?\d{1,3})*\]")
_ONLY_CITED: Final = re.compile(r"\s*\[\d{1,3}(?:[,–-] ?\d{1,3})*\]\s*")
# Columns in which diseases are not what is treated, and words are not of the trial.
_NO_DISEASES: Final = re.compile(
    r"adverse|toxic|side effect|complicat|comorbid|caus|outcome|result|response|histor|previous|prior"
    r"|baseline|risk|death"
    r"|mortal|exclu|inclu|\bgenes?\b|mutation|etiolog|aetiolog|symptom|safety|finding|conclusion|model|animal|background"
    r"|concomitant|secondary|donor|event|control|comparator|note|comment|stage|grade|severity",
    re.IGNORECASE,
)
_DONOR: Final = re.compile(
    r"auto(?:logous)?|allo(?:gene?ic)?|(?:autologous|allogene?ic) (?:cells?|donors?)", re.IGNORECASE
)
_A_NAME: Final = 100
_FEW_WORDS: Final = 7
_PLACE: Final = re.compile(
    r"institut|investigator|cent(?:er|re)\b|hospital|universit|location|site|affiliation|organi[sz]ation"
    r"|city|team|group leader",
    re.IGNORECASE,
)
_CITED_AUTHOR: Final = re.compile(r"[^\W\d]{2,}.{0,60}(?:\[\d{1,3}\]|\bet al\b)")
_IN_PARENTHESES: Final = re.compile(r"\(([^()]{2,60})\)")
# Columns in which a registry's number is the trial's own, and not one that it is compared with.
_NUMBERING: Final = frozenset(["reference", "title", "status"])
_FEW: Final = 0.2
_STATING_PHASES: Final = frozenset(["status", "registration", "title"])
# What a registry's number may stand beside, in a column of something else.
_BESIDE_NUMBERS: Final = frozenset(["registration", "reference", "title", "status", "sponsor", "phase"])
_KEPT: Final = 1.0
_PLACED: Final = frozenset(["registration", "sponsor", "reference", "title"])
_CITED: Final = frozenset(
    ["registration", "title", "phase", "disease", "cell source", "product", "countries"]
)
# Doses of what is given before the cells, and outcomes at a dose.
_OTHER_DOSES: Final = re.compile(
    r"condition|lymphodeplet|outcome|result|response|toxicit|adverse|safety|efficacy|background|prior|previous|control",
    re.IGNORECASE,
)
_OF_DOSES: Final = re.compile(r"\bdos(?:e|es|age|ages|ing)\b", re.IGNORECASE)
_OF_CELLS: Final = re.compile(r"cell|msc|treg|graft|stem|stromal|product|therap|intervention", re.IGNORECASE)
_OF_GROUPS: Final = re.compile(r"(?:study |treatment |trial )?(?:groups?|arms?|cohorts?)", re.IGNORECASE)


def with_contents(
    headers: Sequence[str], roles: Sequence[Role], samples: Sequence[Sequence[str]]
) -> list[Role]:
    """The roles of the columns, with what only their cells tell.

    :param samples: of each column, texts of its cells
    """
    sure = {field for role in roles if not role.by_last_words for field in role.fields}
    made = [Role() if role.by_last_words and sure & {*role.fields} else role for role in roles]
    texts = [
        [normal_form(text).text for text in dict.fromkeys(column) if text.strip() and not says_nothing(text)]
        for column in samples
    ]
    for n, sample in enumerate(texts):
        if made[n].why == ASSIGNED or not sample:
            continue
        held = {field for role in made for field in role.fields}
        if any("administration" in role.fields and _gives(texts[k]) for k, role in enumerate(made)):
            held.add(_DOSES)
        made[n] = _of_column(headers[n], made[n], sample, held)
    return made


def _of_column(header: str, role: Role, sample: Sequence[str], held: set[str]) -> Role:
    numbered = "registration" not in held and _share(_NUMBERED, sample) >= _MOST
    if numbered and role.confidence < _KEPT and not _BESIDE_NUMBERS & {*role.fields}:
        role = Role()  # "Number of clinical trial"
    if role.fields == ("product",) and _share_of(_is_route, sample) >= _MOST:
        return Role(("administration",), _CONFIDENCE, "most of its cells are routes")
    if role.fields == ("product",) and "cell source" not in held and _share_of(_names_cells, sample) >= _MOST:
        return Role(("cell source",), _CONFIDENCE, "most of its cells name cells")
    if not role.fields:
        role = _unknown(header, sample, held)
        if role.fields != ("registration",):
            return role
    for field, why, told in _beside(role.fields, held):
        if told(sample):
            role = _also(role, field, why)
    return role


def _beside(
    fields: tuple[str, ...], held: set[str]
) -> Iterator[tuple[str, str, Callable[[Sequence[str]], bool]]]:
    """What may stand beside the first field of a column: the field, how it is told, and by what."""
    first, alone = fields[0], len(fields) == 1
    possible = (
        (first in _NUMBERING, "registration", "numbers of registries", _at_least(_FEW, _NUMBERED.search)),
        (first in _CITED, "reference", "numbers of references", _at_least(_MOST, _CITATION.search)),
        (first == "registration", "reference", "a reference alone", _at_least(0.01, _ONLY_CITED.fullmatch)),
        (first == "dose frequency", "administration", "numbers of doses", _at_least(_SOME, _counts_doses)),
        (first in _PLACED, "countries", "countries in parentheses", _at_least(_MOST, _has_country)),
        (first in _STATING_PHASES, "phase", "the phase", _at_least(_MOST, PHASE.search)),
        (first == "phase" and alone, "masking", "the masking", _at_least(_MOST, partial(_names, "masking"))),
        (
            first == "phase" and alone,
            "allocation",
            "the allocation",
            _at_least(_MOST, partial(_names, "allocation")),
        ),
        (first == "phase", "status", "the status behind the phase", _at_least(_MOST, _has_status)),
        (
            first == "patients" and alone,
            "age",
            "ages behind the number of patients",
            _at_least(_MOST, _AGES.search),
        ),
    )
    for fits, field, what, told in possible:
        if fits and (field not in held or first == "dose frequency"):
            yield field, f"its cells have {what}", told
    if first == "cell source" and alone and _DOSES not in held:
        yield "administration", "its cells have doses of cells", _gives


def _unknown(header: str, sample: Sequence[str], held: set[str]) -> Role:
    """The role of a column whose heading nobody knows."""
    if "registration" not in held and _share(_NUMBERED, sample) >= _MOST:
        phase = "phase" not in held and _share(PHASE, sample) >= _MOST
        fields = ("registration", "phase") if phase else ("registration",)
        return Role(fields, _CONFIDENCE, "most of its cells have a registry's number")
    if by_words := _of_certain_words(header, sample, held):
        return by_words
    if "reference" not in held and _share(_CITED_AUTHOR, sample) >= _MOST:
        return Role(("reference",), _CONFIDENCE, "most of its cells have an author and a reference")
    if "countries" not in held and _PLACE.search(header) and _share_of(_ends_in_country, sample) >= _MOST:
        return Role(("countries",), _CONFIDENCE, "most of its cells end in a country")
    if _OTHER_DOSES.search(header):
        return Role()
    told = DOSE.search if _OF_DOSES.search(header) else _has_dose
    if _DOSES not in held and sum(bool(told(text)) for text in sample) >= _MOST * len(sample):
        return Role(("administration",), _CONFIDENCE, "most of its cells have a dose of cells")
    return _of_cells_or_groups(header, sample, held)


def _of_cells_or_groups(header: str, sample: Sequence[str], held: set[str]) -> Role:
    """The role of a column of cells, of their donors, or of groups with their sizes."""
    if "cell source" not in held and _OF_CELLS.search(header) and _share_of(_is_source, sample) >= _MOST:
        return Role(("cell source",), _CONFIDENCE, "most of its cells are sources of cells")
    if _share_of(_is_donor, sample) >= _MOST:
        return Role(("cell source",), _CONFIDENCE, "most of its cells are donors")
    if (
        "cell source" not in held
        and not _NO_DISEASES.search(header)
        and _share_of(_names_cells, sample) >= _MOST
    ):
        return Role(("cell source",), _CONFIDENCE, "most of its cells name cells")
    if "patients" not in held and _OF_GROUPS.fullmatch(header.strip()) and _share(_SIZE, sample) >= _MOST:
        return Role(("patients",), _CONFIDENCE, "most of its cells have the size of a group")
    return Role()


def _of_certain_words(header: str, sample: Sequence[str], held: set[str]) -> Role | None:
    """The role of a column whose cells have words that nothing else has: phases, statuses, routes, diseases."""
    if "phase" not in held and _share(PHASE, sample) >= _MOST:
        return Role(("phase",), _CONFIDENCE, "most of its cells name a phase")
    if _NO_DISEASES.search(header):
        return None
    if "status" not in held and len(sample) > 1 and _share_of(_is_status, sample) >= _MOST:
        return Role(("status",), _CONFIDENCE, "most of its cells are statuses of trials")
    if _share_of(_is_route, sample) >= _MOST:
        return Role(("administration",), _CONFIDENCE, "most of its cells are routes")
    if "disease" not in held and _share_of(_is_disease, sample) >= _MOST:
        return Role(("disease",), _CONFIDENCE, "most of its cells are names of diseases")
    return None


def _is_status(text: str) -> bool:
    return lexicon().lookup("status", text) is not None


def _is_route(text: str) -> bool:
    text = re.sub(
        r"\b(?:injection|infusion|delivery|administration|delivered|route)s?\b", "", text, flags=re.IGNORECASE
    ).strip()
    return len(text) > 1 and lexicon().lookup("route", text) is not None


def _is_disease(text: str) -> bool:
    return reads_whole("disease", text)


def _also(role: Role, field: str, why: str) -> Role:
    return replace(
        role,
        fields=(*role.fields, field),
        confidence=min(role.confidence, _CONFIDENCE),
        why="; ".join(filter(None, (role.why, why))),
    )


def _at_least(least: float, told: Callable[[str], object]) -> Callable[[Sequence[str]], bool]:
    return lambda sample: sum(bool(told(text)) for text in sample) >= least * len(sample)


def _share(pattern: re.Pattern[str], sample: Sequence[str]) -> float:
    return sum(bool(pattern.search(text)) for text in sample) / len(sample)


def _share_of(told: Callable[[str], bool], sample: Sequence[str]) -> float:
    return sum(map(told, sample)) / len(sample)


def _is_donor(text: str) -> bool:
    return _DONOR.fullmatch(text.strip()) is not None


def _names_cells(text: str) -> bool:
    """Whether a text begins or ends with the name of cells, and says not much more."""
    found = list(lexicon().find("cell_type", text)) if len(text) <= _A_NAME else []
    return bool(found) and (found[0][0] == 0 or len(text.split()) <= _FEW_WORDS)


def _is_source(text: str) -> bool:
    return _whole("cell source", text)


def _has_country(text: str) -> bool:
    return any(_whole("countries", m[1]) for m in _IN_PARENTHESES.finditer(text))


def _ends_in_country(text: str) -> bool:
    """Whether the last words of an address are a country."""
    last = re.split(r"[,;\n(]", text.strip(" .)"))
    return len(last) > 1 and _whole("countries", last[-1].strip())


def _counts_doses(text: str) -> bool:
    return read_count(Cell("", "administration", "sample", 1, text, 0, len(text))) is not None


def _has_status(text: str) -> bool:
    return any(lexicon().lookup("status", m[1].strip()) for m in _IN_PARENTHESES.finditer(text))


def _names(field: str, text: str) -> bool:
    column = column_of(field)
    return column is not None and bool(
        column.read([Cell("", field, "sample", 1, text, 0, len(text))]).readings
    )


def _whole(field: str, text: str) -> bool:
    column = column_of(field)
    return column is not None and share_of(column, [text]) == 1


def _gives(sample: Sequence[str]) -> bool:
    """Whether some of the cells have doses of cells."""
    return sum(map(_has_dose, sample)) >= max(1, _SOME * len(sample))


def _has_dose(text: str) -> bool:
    """Whether a text has a number of cells times a power of ten."""
    return any(m["word"] is None and _CELLS.search(text, m.end(), m.end() + 40) for m in DOSE.finditer(text))
