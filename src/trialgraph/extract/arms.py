"""What each arm receives, by its name: "32 MSC monotherapy group, 31 MSC + IFN-γ group".

A name is compared with what the report gives: its cells, the drugs beside them, its dose levels. An arm whose name
tells nothing receives the intervention as the source words it; a control arm receives only what its name says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.extract.text.groups import ANY_CELLS, is_control, is_denied
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import Arm, ArmDrug, ArmIntervention, Effect, Finding, Intervention, Product
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, Mention, fold, lexicon

__all__ = ["with_arms", "with_interventions"]

CELLS: Final = rule(
    "arm.cells",
    "A group whose name has the cells that the report gives, or a word for cells, receives them.",
    example="63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", gives="mesenchymal stem cell|mesenchymal stem cell",
    counter_example="30 (20 treated, 10 placebo)",
)  # fmt: skip
DRUG: Final = rule(
    "arm.drug",
    "A group receives the drugs in its name: those of the product file, those that the report gives beside the cells, "
    "and what stands behind \"+\" or \"plus\" in the name of one of its groups.",
    example="63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", gives="recombinant human interferon gamma",
    counter_example="30 (15 low-dose, 15 high-dose)",
)  # fmt: skip
DOSE: Final = rule(
    "arm.dose",
    "Where a report has as many single doses as its groups have words for them (low, medium, high), these are its "
    "doses in their order.",
    example="30 (15 low-dose, 15 high-dose)", gives="low|high", counter_example="30 (15 MSC, 15 placebo)",
)  # fmt: skip

_ADDED: Final = re.compile(r"(?:\+|\bplus\b|\b(?:in )?combin(?:ed|ation) with\b)\s*", re.IGNORECASE)
# Words of a name that are no drug.
_NO_DRUG: Final = re.compile(
    r"\b(?:groups?|arms?|cohorts?|alone|only|mono-?therapy|treated|treatment|therapy|patients?|low|medium|middle|high"
    r"|doses?|dosed?|standard|conventional|usual|routine|care|controls?|the|of|in|and|with|receiving|received)\b",
    re.IGNORECASE,
)
# Names by which nothing is known of what a group receives: any other word may be of something else that it receives.
_TELLS_NOTHING: Final = re.compile(
    r"(?:[\W\d]|\b(?:groups?|arms?|cohorts?|treated|treatment|therapy|interventions?|interventional|experimental|active|study"
    r"|verum|patients?|subjects?|participants?|cases?|low(?:er|est)?|medium|middle|mid|intermediate|moderate|high(?:er|est)?"
    r"|dos(?:es?|ed|age|ing)|levels?|single|multiple|repeated|one|two|three|first|second|third|early|late|receiving"
    r"|received|the|of|in|and|with|at|cells?|[A-Z]|[ivx]{1,4})\b)*",
    re.IGNORECASE,
)
# What a source says of some patients only, the others do not receive.
_SOME: Final = re.compile(
    r"\b(?:some|half|part|several|\d+ (?:of|patients|participants|subjects))\b[^.;,()]*$", re.IGNORECASE
)
_LEVEL: Final = re.compile(
    r"\b(?:(?P<low>low(?:er|est)?)|(?P<medium>medium|middle|mid|intermediate|moderate)|(?P<high>high(?:er|est)?))"
    r"[ -]?dos(?:e|es|ed|age)\b",
    re.IGNORECASE,
)
_ORDER: Final = ("low", "medium", "high")
_PLAIN: Final = "tgc:mesenchymal-stem-cell"

#: A drug as a report or a name has it: its concept, else its words.
_Drug = tuple[Concept | None, str]
_Place = tuple[int, int, Mention | None]


@dataclass(frozen=True, slots=True)
class Components:
    """What a report gives, for finding it in a text.

    :param drugs: those beside the cells, then those that only the name of an arm has
    """

    products: tuple[Product, ...]
    drugs: tuple[_Drug, ...]

    def cells(self, text: str) -> Iterator[tuple[_Place, tuple[int, ...]]]:
        """Each mention of cells, and the places of the products that it can mean, from 1; none where it is denied."""
        found: list[tuple[_Place, tuple[int, ...]]] = [
            ((m.start(), m.end(), None), (n,))
            for n, product in enumerate(self.products, start=1)
            if product.code
            for m in re.finditer(rf"(?<!\w){re.escape(product.code)}(?!\w)", text, re.IGNORECASE)
        ]
        for i, j, mention in lexicon().find("cell_type", text):
            fitting = (n for n, product in enumerate(self.products, start=1) if _is(mention, product))
            found.append(((i, j, mention), tuple(fitting)))
        if not found and (m := ANY_CELLS.search(text)):
            found.append(((m.start(), m.end(), None), tuple(range(1, len(self.products) + 1))))
        for place, places in found:
            yield place, () if is_denied(text, *place[:2]) else places

    def named_drugs(self, text: str) -> Iterator[tuple[_Place, int]]:
        """Each drug that a text names, and its place, from 1."""
        mentions = list(lexicon().find("product", text))
        for n, (concept, words) in enumerate(self.drugs, start=1):
            if concept:
                yield from (((i, j, m), n) for i, j, m in mentions if m.concept.id == concept.id)
            elif m := re.search(rf"(?<!\w){re.escape(fold(words))}(?!\w)", fold(text)):
                yield (m.start(), m.end(), None), n


def _is(mention: Mention, product: Product) -> bool:
    """Whether a name of cells can mean a product: the same cell, or one of them a mesenchymal stem cell as such."""
    own = product.cell_type
    if own is None:
        return False
    kinds = {_PLAIN, *(cell for cell in lexicon().tissues if cell.endswith("mesenchymal-stem-cell"))}
    if mention.concept.id == own.id:
        return True
    if mention.concept.id == _PLAIN:
        return own.id in kinds or own.label.endswith("mesenchymal stem cell")
    tissue = lexicon().tissue_of(mention.concept)
    return own.id == _PLAIN and (product.tissue is None or product.tissue == tissue)


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of an arm, and where it stands in a cell's text in normal form."""

    cell: Cell
    start: int
    text: str

    def read(self, name: str, place: _Place, value: str | None = None) -> Reading:
        i, j, mention = place
        by = {"arm_cells": CELLS, "arm_drug": DRUG, "arm_dose": DOSE}[name]
        words = self.text[i:j] if value is None else value
        return read(self.cell, name, (self.start + i, self.start + j), words, by, mention)


def components(products: Sequence[Product], given: Intervention, names: Sequence[str] = ()) -> Components:
    """What a report gives, with the drugs that only names of its arms have."""
    drugs: list[_Drug] = [(concept, reading.verbatim) for concept, reading in given.combined_with]
    for text in names:
        for concept, words in _drugs_in(text):
            same = {c.id for c, _ in drugs if c} if concept else {fold(w) for c, w in drugs if c is None}
            if (concept.id if concept else fold(words)) not in same:
                drugs.append((concept, words))
    return Components(tuple(products), tuple(drugs))


def _drugs_in(text: str) -> Iterator[_Drug]:
    """The drugs of the product file in a name, and words behind "+" that name no cells."""
    words = lexicon()
    for i, j, mention in words.find("product", text):
        # What no other ontology has is a code of cells.
        if any(not line.object.endswith("NoTermFound") for line in mention.concept.external):
            yield mention.concept, text[i:j]
    for part in _ADDED.split(text)[1:]:
        bare = " ".join(_NO_DRUG.sub(" ", part).split()).strip(" -,.;")
        known = any(next(words.find(name, part), None) for name in ("product", "cell_type"))
        if bare and bare in part and not known and any(c.isalpha() for c in bare):
            yield None, bare


def with_interventions(
    arms: Sequence[Arm], products: Sequence[Product], given: Intervention
) -> tuple[Arm, ...]:
    """The arms, each with what it receives by its name."""
    names = [_name(arm) for arm in arms]
    if not any(names):
        return tuple(arms)
    parts = components(products, given, [name.text for name in names if name])
    levels = _levels([name.text for name in names if name], given)
    found = [_find(arm, name, parts, levels) if name else arm for arm, name in zip(arms, names, strict=True)]
    apart = {drug.number for arm in found for drug in arm.drugs}
    for n, (_, reading) in enumerate(given.combined_with, start=1):
        if _SOME.search((reading.cell.text or "")[: reading.start - reading.cell.start]):
            apart.add(n)
    return tuple(
        _decided(arm, products, given, apart) if name else arm for arm, name in zip(found, names, strict=True)
    )


def _name(arm: Arm) -> _Name | None:
    if arm.label_at is None:
        return None
    cell = arm.reading.cell.in_normal_form()
    return _Name(cell, arm.label_at[0], (cell.text or "")[slice(*arm.label_at)])


def _levels(names: Sequence[str], given: Intervention) -> dict[str, int]:
    """The place of the dose level of each word for one, where there are as many single doses as such words."""
    named = {m.lastgroup for name in names for m in _LEVEL.finditer(name)}
    words = [word for word in _ORDER if word in named]
    doses = given.doses
    single = all(d.low is not None and d.low == d.high and d.basis == doses[0].basis for d in doses)
    if len(words) < 2 or len(words) != len({d.low for d in doses}) or len(doses) != len(words) or not single:
        return {}
    order = sorted(range(len(doses)), key=lambda k: doses[k].low or 0)
    return {word: order[k] + 1 for k, word in enumerate(words)}


def _find(arm: Arm, name: _Name, parts: Components, levels: dict[str, int]) -> Arm:
    """The arm with what its name says, as far as the report gives it."""
    cells = list(parts.cells(name.text))
    fitting = tuple(sorted({n for _, places in cells for n in places}))
    drugs: dict[int, ArmDrug] = {}
    for place, n in parts.named_drugs(name.text):
        drugs.setdefault(n, ArmDrug(n, parts.drugs[n - 1][0], name.read("arm_drug", place)))
    doses = {m.lastgroup: m for m in _LEVEL.finditer(name.text) if m.lastgroup in levels}
    readings = (
        *(name.read("arm_cells", place) for place, places in cells if places),
        *(drug.reading for drug in drugs.values()),
        *(name.read("arm_dose", (*m.span(), None), word) for word, m in doses.items()),
    )
    own = ArmIntervention(fitting, tuple(drugs.values()), tuple(sorted(levels[w] for w in doses if w)))
    denied = bool(cells) and all(is_denied(name.text, i, j) for (i, j, _), _ in cells)
    return replace(
        arm, own=own, drugs=own.drugs, cells_named=bool(cells), cells_denied=denied, named=readings
    )


def _decided(arm: Arm, products: Sequence[Product], given: Intervention, apart: set[int]) -> Arm:
    """The arm with the intervention as the source words it, with its own, or with none."""
    named = arm.own or ArmIntervention((), (), ())
    every = tuple(range(1, len(products) + 1))
    beside = tuple(range(1, len(given.combined_with) + 1))
    doses = tuple(range(1, len(given.doses) + 1))
    if arm.role == "control":
        own = named if named.products or named.drugs else None
        return replace(arm, own=own, as_reported=False)
    if not (arm.cells_named or named.drugs):
        if not _TELLS_NOTHING.fullmatch(arm.label or ""):
            return replace(arm, own=None, as_reported=False)
        own = ArmIntervention(every, tuple(_beside(given, apart)), named.doses or doses)
    else:
        own = replace(named, doses=(named.doses or doses) if named.products else ())
    numbers = tuple(drug.number for drug in own.drugs)
    whole = numbers == beside and own.products == every and own.doses in (doses, ())
    if whole and (products or not arm.cells_denied):
        return replace(arm, own=None, as_reported=True)
    return replace(arm, own=own if own.products or own.drugs else None, as_reported=False)


def _beside(given: Intervention, apart: set[int]) -> Iterator[ArmDrug]:
    """The drugs that the source gives beside the cells to all patients."""
    for n, (concept, reading) in enumerate(given.combined_with, start=1):
        if n not in apart:
            yield ArmDrug(n, concept, reading)


_OF_EVERY_ARM: Final = re.compile(r"\b(?:groups?|arms?|cohorts?|patients?|the)\b")
_TREATED: Final = re.compile(
    r"\b(?:treatment|treated|intervention|experimental|active|cell)\b", re.IGNORECASE
)


def with_arms(
    findings: Sequence[Finding], report_arms: Sequence[Arm], products: Sequence[Product], given: Intervention
) -> tuple[Finding, ...]:
    """The findings, each with the arms of the report that the words of its effect name."""
    names = [name.text for arm in report_arms if (name := _name(arm))]
    arms = _Arms(tuple(report_arms), components(products, given, names), len(given.combined_with))
    return tuple(replace(f, effect=_placed(f.effect, arms)) if f.effect else f for f in findings)


@dataclass(frozen=True, slots=True)
class _Arms:
    """The arms of a report, and what they may receive.

    :param beside: how many drugs the report gives beside the cells
    """

    arms: tuple[Arm, ...]
    parts: Components
    beside: int

    def received(self, arm: Arm) -> tuple[set[int], set[int]] | None:
        """The places of the products and drugs that an arm receives; None where the source does not say."""
        if arm.own:
            return set(arm.own.products), {drug.number for drug in arm.own.drugs}
        if arm.role == "treatment" and arm.as_reported:
            return set(range(1, len(self.parts.products) + 1)), set(range(1, self.beside + 1))
        return None

    def named(self, words: str) -> int | None:
        """The place of the one arm that words name, from 1, by its name, by what it receives, or by its role."""
        bare = _bare(words)
        by_name = [n for n, arm in enumerate(self.arms, start=1) if arm.label and _bare(arm.label) == bare]
        if len(by_name) == 1:
            return by_name[0]
        cells = {n for _, places in self.parts.cells(words) for n in places}
        drugs = {n for _, n in self.parts.named_drugs(words)}
        if cells or drugs:
            fitting = [n for n, arm in enumerate(self.arms, start=1) if self.received(arm) == (cells, drugs)]
            return fitting[0] if len(fitting) == 1 else self._only("treatment", cells and not drugs)
        if is_control(words):
            return self._only("control", True)
        return self._only("treatment", bool(_TREATED.search(words)))

    def _only(self, role: str, wanted: object) -> int | None:
        found = [n for n, arm in enumerate(self.arms, start=1) if arm.role == role]
        return found[0] if wanted and len(found) == 1 else None


def _bare(name: str) -> str:
    """The name of an arm without the words that every name may have."""
    return " ".join(_OF_EVERY_ARM.sub(" ", fold(name)).split())


def _placed(effect: Effect, arms: _Arms) -> Effect:
    """The effect with the arms that its words name, unless both would be the same one."""
    own = arms.named(effect.arm.verbatim) if effect.arm else None
    other = arms.named(effect.comparator_arm.verbatim) if effect.comparator_arm else None
    if own == other:
        return effect
    return replace(
        effect,
        in_arm=own,
        compared_with=other,
        arm=_as_arm(effect.arm, own),
        comparator_arm=_as_arm(effect.comparator_arm, other),
    )


def _as_arm(words: Reading | None, arm: int | None) -> Reading | None:
    """The reading of the words for an arm, as that of the arm where they name one."""
    return replace(words, name=words.name + "_number", value=arm) if words and arm else words
