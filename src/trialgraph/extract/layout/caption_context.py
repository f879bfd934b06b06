"""What a caption or a note states once for all rows: disease, cells, route, country, phase, status.

A caption is cut into phrases at the words that only join them ("trials of", "in patients with"). A phrase counts where
the reader of one column reads all of it as one thing; a field that two phrases state is stated by none, as "RCTs of
MSC in RA and OA" gives no row both diseases. Of notes only sentences that speak of all trials count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.columns import column_of
from trialgraph.extract.layout.grid_context import reads_whole
from trialgraph.extract.text.leftovers import leftovers
from trialgraph.extract.text.legend import read_legend
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model.report import Product
from trialgraph.model.table import Cell, NonCellText
from trialgraph.terminology.lexicon import lexicon

__all__ = ["StatedBeside", "context_cells", "stated_once"]

_FIELDS: Final = ("disease", "cell source", "administration", "phase", "status", "countries")
# A caption that is longer is a paragraph.
_MOST_CHARS: Final = 600
_MOST_WORDS: Final = 10
# Words that join phrases of a caption, and say nothing of a trial themselves.
_JOINING: Final = re.compile(
    r"[.;:()\[\]—–]|\s-\s|,(?=\s*(?:\d|all\b))|\b(?:supplementary|(?:table"
    r"|fig(?:ure)?)(?: no\.?)? ?s?\d+[a-z]?|table|the|(?-i:a)|an|of|in|for|with|using|by|on|at|from|to"
    r"|via|through|as|against|during|between|since|until|after|before|under|who|which|that|is|are|was|were"
    r"|been|be|has|have|had"
    r"|trials?|studies|study|rcts?|clinical|controlled|randomi[sz]ed|registered|published|included|selected"
    r"|available|recent|currently|current"
    r"|investigating|evaluating|assessing|examining|exploring|testing|involving|treat|treating|treated|treatments?|prevent|preventing|prevention|prophylaxis"
    r"|therapy|therapies"
    r"|therapeutic|therapeutics|management|use|application|applications|efficacy|safety|effects?"
    r"|effectiveness|outcomes?|results?"
    r"|characteristics|summary|summaries|overview|list|details|description|main|key|baseline|design|features"
    r"|data|information"
    r"|patients?|participants?|subjects?|adults?|children|people|individuals|human|all|each|based"
    r"|derived(?= (?:therap|treat))"
    r"|conducted|performed|carried|out|given|administered|received|delivered|injected|infused|transplanted"
    r"|used|only|reported"
    r"|identified|clinicaltrials\.gov|review|reviewed|systematic|meta-analysis|meta-analyses|search|database"
    r"|gene(?= (?:therap|edit|transfer|replace|augment))|biologics?|biologicals?|related|associated"
    r"|reports?|this|these|(?:first|second|third|fourth|fifth|next)[ -]generation|[A-Za-z0-9-]+-(?:targeted"
    r"|targeting|specific"
    r"|directed))\b",
    re.IGNORECASE,
)  # fmt: skip
_OPEN_END: Final = re.compile(
    r"^(?:and|or|vs\.?|versus|plus|non|without|except|,|/|&)\b|(?:\b(?:and|or|vs\.?|versus|plus|non)|[,/&])$",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"\b(?:and|or|vs|versus|plus|combined)\b|[/&+]", re.IGNORECASE)
# Two names of one cell.
_ONE_CELL: Final = re.compile(r"stem ?/ ?stromal|stromal ?/ ?stem|stem \(stromal\)", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[^.;]+(?:\.(?=\S)[^.;]+)*")
_ALL: Final = re.compile(r"\ball\b|\bevery\b|\beach (?:trial|study|patient)\b", re.IGNORECASE)
_SOME: Final = re.compile(
    r"\b(?:except|unless|but|not|or|other than|apart from|most|some|otherwise|either)\b", re.IGNORECASE
)

_TARGET: Final = re.compile(
    r"(?:\b(?:targeting|targeted (?:at|to|against)|directed (?:at|against))\s+(?:the )?"
    r"|\b[Aa]nti-)(?P<target>[A-Z][\w-]{1,9})(?![\w-])"
    r"(?! (?:cells?|expressing))"
)
_SEVERITY: Final = re.compile(
    r"(?:\b(?:mild|moderate|severe|critical(?:ly ill)?|stable|active|refractory|advanced|early|late|cases?"
    r"|patients?|to|and|or)\b"
    r"|[\s/,;&–-])+",
    re.IGNORECASE,
)
_DONORS: Final = re.compile(r"\b(?:autologous|allogene?ic)\b", re.IGNORECASE)
_SAYING_WHOSE: Final = frozenset(["cell source", "administration", "product", "title"])
_DONOR: Final = re.compile(r"auto(?:logous|genic)?|allo(?:gene?ic)?|homologous", re.IGNORECASE)
_DISEASE_BEHIND: Final = re.compile(r" (?:disease|disorder|patients?)$", re.IGNORECASE)
_RANDOMIZED: Final = re.compile(
    r"(?<!non-)(?<!non )\b(?P<of>randomi[sz]ed(?: (?:controlled|clinical|double-blind(?:ed)?"
    r"|placebo-controlled),?)* trials|RCTs)\b",
    re.IGNORECASE,
)
_NOT_ALL_RANDOMIZED: Final = re.compile(
    r"\bnon-?\s?randomi|\bobservational|\bcohort|\bsingle-arm|\bopen-label|\bcase (?:series|reports?)|\b(?:and"
    r"|or) (?:other|un)",
    re.IGNORECASE,
)
_MORE: Final = re.compile(r"\s*(?:,|/|\+|and\b|or\b|&)\s*[A-Z]")
_STATING_STATUS: Final = frozenset(["phase", "conclusion", "outcomes", "registration", None])
_NAMES_DISEASE: Final = re.compile(
    r"\b(?:diseases?|conditions?|indications?|diagnos[ie]s|disorders?)\b"
    r"(?! *(?:stages?|status|severity|duration|activity|grades?|course|scores?|free|related|progress\w*"
    r"|control|responses?|remission|relapses?|onset|outcomes?|burden|characteristics"
    r"|history|models?))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedBeside:
    """A value that a text beside a table states for all of its rows.

    :param start: of the words in the text
    """

    field: str
    text: NonCellText
    start: int
    end: int


def stated_once(texts: Iterable[NonCellText]) -> tuple[StatedBeside, ...]:
    """What captions and notes state for all rows, one value of a field at most."""
    found: dict[str, list[StatedBeside]] = defaultdict(list)
    unclear: set[str] = set()
    texts = tuple(texts)
    legend = read_legend("", texts)
    for text in texts:
        for start, end in _scopes(text):
            for field, i, j in _phrases(text.text or "", start, end, unclear):
                found[field].append(StatedBeside(field, text, i, j))
            for i, j in _abbreviated(text.text or "", start, end, legend):
                found["disease"].append(StatedBeside("disease", text, i, j))
        if text.kind == "caption":
            found["allocation"] += (
                StatedBeside("allocation", text, *at) for at in _randomized(text.text or "")
            )
            found["target"] += (
                StatedBeside("target", text, *m.span("target")) for m in _targets(text.text or "")
            )
    return tuple(
        several[0]
        for field, several in found.items()
        if field not in unclear and len({_meaning(one) for one in several}) == 1
    )


def _abbreviated(text: str, start: int, end: int, legend: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Abbreviations of diseases that only the notes of a table spell out."""
    for m in re.finditer(r"(?<![\w-])[A-Z][A-Za-z0-9]{1,7}(?![\w-])", text[:end]):
        words = legend.get(m.group())
        if (
            m.start() >= start
            and words
            and reads_whole("disease", words)
            and not reads_whole("disease", m.group())
        ):
            yield m.span()


def _randomized(caption: str) -> list[tuple[int, int]]:
    """Where a caption says that its trials are randomized, and names no others."""
    m = _RANDOMIZED.search(caption)
    return [m.span("of")] if m and not _NOT_ALL_RANDOMIZED.search(caption) else []


def _targets(caption: str) -> list[re.Match[str]]:
    """The one target that a caption names: "CAR T cells targeting BCMA"; none where it names several."""
    found = [m for m in _TARGET.finditer(caption) if re.search(r"\d|[A-Z].*[A-Z]", m["target"])]
    return found if len(found) == 1 and not _MORE.match(caption, found[0].end()) else []


def _words(one: StatedBeside) -> str:
    return (one.text.text or "")[one.start : one.end].casefold()


def _meaning(one: StatedBeside) -> str:
    """What a value is, however it is written: "amyotrophic lateral sclerosis (ALS)"."""
    name = {"cell source": "cell_type"}.get(one.field, one.field)
    found = lexicon().lookup(name, _words(one)) or lexicon().lookup(
        name, (one.text.text or "")[one.start : one.end]
    )
    return found.concept.id if found else _words(one)


def _scopes(text: NonCellText) -> Iterator[tuple[int, int]]:
    """The stretches of a text that speak of all rows: a caption as a whole, of a note the sentences with "all"."""
    words = text.text or ""
    if len(words) > _MOST_CHARS:
        return
    if text.kind == "caption":
        yield 0, len(words)
    elif text.kind == "footnote" and not text.marks:
        for m in _SENTENCE.finditer(words):
            if _ALL.search(m.group()) and not _SOME.search(m.group()):
                yield m.span()


def _phrases(text: str, start: int, end: int, unclear: set[str]) -> Iterator[tuple[str, int, int]]:
    """The phrases that are one value of one field; fields that a phrase may state, too, are put into ``unclear``."""
    at = start
    for m in [*_JOINING.finditer(text, start, end), None]:
        stop = m.start() if m else end
        words = text[at:stop]
        first = at + len(words) - len(words.lstrip(" ,-"))
        last = first + len(text[first:stop].rstrip(" ,-"))
        if first < last:
            yield from _of_phrase(text, first, last, unclear)
        at = m.end() if m else end


def _of_phrase(text: str, first: int, last: int, unclear: set[str]) -> Iterator[tuple[str, int, int]]:
    words = text[first:last]
    if len(words.split()) > _MOST_WORDS:
        return
    open_end = bool(_OPEN_END.search(words))
    # Two values side by side: "intravenous UC-MSCs", "COVID-19 UC-MSC".
    for m in () if open_end else re.finditer(r"\s+", words):
        left = [field for field in _FIELDS if reads_whole(field, words[: m.start()])]
        right = [field for field in _FIELDS if reads_whole(field, words[m.end() :])]
        if len(left) == len(right) == 1 and left != right:
            yield left[0], first, first + m.start()
            yield right[0], first + m.end(), last
            return
    if not open_end and (tail := _DISEASE_BEHIND.search(words)) and not reads_whole("disease", words):
        last, words = first + tail.start(), words[: tail.start()]  # "multiple sclerosis disease"
    whole = [] if open_end else [field for field in _FIELDS if reads_whole(field, words)]
    if len(whole) == 1 and not _SEVERAL.search(_ONE_CELL.sub("stem", words)):
        yield whole[0], first, last
        return
    unclear.update(field for field in _FIELDS if _names(field, words))


def _names(field: str, words: str) -> bool:
    """Whether words hold a name of a field, beside others: "RA and OA"."""
    names = {"cell source": ("cell_type",), "administration": ("route",)}.get(field, (field,))
    return any(any(lexicon().find(name, words)) for name in names if name in lexicon().lines)


def context_cells(stated: Sequence[StatedBeside], cells: Sequence[Cell]) -> list[Cell]:
    """The values that a row takes over, as it states none of its own: cells with the address of the text."""
    made = []
    for one in stated:
        words = (one.text.text or "")[one.start : one.end]
        if _states_its_own(one.field, words, cells):
            made += _donor_alone(one, cells)
            continue
        key = f"{one.text.kind}-{one.field.replace(' ', '-')}"
        made.append(
            Cell(one.text.kind, one.field, key, 0, words, one.start, one.end, address=one.text.address)
        )  # fmt: skip
    return made


def _donor_alone(one: StatedBeside, cells: Sequence[Cell]) -> list[Cell]:
    """The donor that a caption states, for a row that names one product and says not whose it is."""
    text, column = one.text.text or "", column_of("cell source")
    donors = list(_DONORS.finditer(text))
    own = [cell for cell in cells if cell.field == "cell source" and cell.text]
    if one.field != "cell source" or len(donors) != 1 or not own or column is None:
        return []
    stated = [p for c in own for p in column.read([c.in_normal_form()]).parts["products"]]
    if len(stated) != 1 or any(_DONORS.search(c.text or "") for c in cells if c.field in _SAYING_WHOSE):
        return []
    start, end = donors[0].span()
    if not one.start <= start < end <= one.end:
        return []
    key = f"{one.text.kind}-cell-source"
    return [Cell(one.text.kind, "cell source", key, 0, text[start:end], start, end, address=one.text.address)]


def _is_a_cell(product: Product) -> bool:
    """Whether a product says which cells it is, and not only their tissue or their donor."""
    only_donor = product.donor is not None and bool(_DONOR.fullmatch(product.reading.verbatim.strip()))
    words = product.reading.verbatim.strip()
    only_tissue = product.tissue is not None and lexicon().lookup("tissue", words) is not None
    return product.cell_type is not None or not (only_tissue or only_donor)


def _has_tissue(words: str) -> bool:
    """Whether words name cells of a certain tissue."""
    return any(lexicon().tissue_of(mention.concept) for _, _, mention in lexicon().find("cell_type", words))


def _states_its_own(field: str, words: str, cells: Sequence[Cell]) -> bool:
    own = [cell for cell in cells if cell.field == field and cell.text]
    if field == "disease":  # "Severe" names none
        own = [cell for cell in own if not _SEVERITY.fullmatch(cell.text or "")]
    if field == "disease" and not own:  # a column that may name it, and is not read
        return any(c.field is None and c.text and _NAMES_DISEASE.search(c.header) for c in cells)
    if field == "status" and not own:  # "Phase I (recruiting)"
        return any(any(lexicon().find("status", c.text or "")) for c in cells if c.field in _STATING_STATUS)
    if field == "cell source":
        told = [c for c in cells if c.field in ("administration", "product") and c.text]
        here = {mention.concept.id for _, _, mention in lexicon().find("cell_type", words)}
        named = {m.concept.id for c in told for _, _, m in lexicon().find("cell_type", c.text or "")}
        column = column_of(field)
        assert column  # noqa: S101 - the field of a column
        own = [cell for cell in own if not says_nothing(cell.text or "")]
        stated = [p for c in own for p in column.read([c.in_normal_form()]).parts["products"]]
        # "Allogeneic" or "bone marrow" alone says of whom and of what the cells are, and not which.
        told_which = len(stated) > 1 or any(map(_is_a_cell, stated)) or (stated and _has_tissue(words))
        return bool(told_which) or not named <= here
    if field != "administration":
        return bool(own)
    column = column_of(field)
    assert column  # noqa: S101 - the field of a column
    for cell in own:
        normal = cell.in_normal_form()
        found = column.read([normal])
        (given,) = found.parts["interventions"]
        spans = [(r.start, r.end) for r in found.readings] + [(i, j) for _, i, j in found.covered]
        if given.routes or given.methods or cell.doubtful:
            return True
        if any(
            char.isalpha()
            for i, j in leftovers(cell.text or "", spans, column.filler)
            for char in (cell.text or "")[i:j]
        ):
            return True
    return False
