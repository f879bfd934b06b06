"""Abbreviations of several meanings: resolved by the source's own legend, then by the row's other cells, else not.

A reader leaves an abbreviation that is recorded as ambiguous (``ontology/concepts/ambiguous.tsv``) without a link. Here
the context decides, or nothing does, and the conflict ``ambiguous-abbreviation`` says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.extract.columns.administration.route import AMBIGUOUS as UNCLEAR
from trialgraph.model.reading import Reading, Rule, rule
from trialgraph.model.report import Condition, Intervention, PlannedOutcome, Product, Report
from trialgraph.rdf.vocabulary import RDFS, TG, expand
from trialgraph.terminology.lexicon import Concept, Mention, lexicon, normalise
from trialgraph.terminology.names.grounding import ground, mention_of
from trialgraph.terminology.ontology import triples_of

__all__ = ["RESOLVED", "resolved"]

LEGEND: Final = rule(
    "legend.abbreviation",
    "An ambiguous abbreviation that the table's footnotes or caption spell out means what they say, where that is one "
    "of its meanings.",
    example="AD", gives="Alzheimer disease", counter_example="DM",
)  # fmt: skip
MADE_FOR: Final = rule(
    "context.made-for-disease",
    "An ambiguous abbreviation of an instrument means the one that was made for the row's disease or a broader one, by "
    "the outcome ladder, where just one was.",
    example="CDAI", gives="Clinical Disease Activity Index", counter_example="NRS",
)  # fmt: skip

SPELLED_OUT: Final = rule(
    "legend.spelled-out",
    "An abbreviation that names nothing by itself means what the table's footnotes or caption spell out, where that is "
    "the name of a disease.",
    example="HS", gives="hidradenitis suppurativa", counter_example="AD",
)  # fmt: skip

OVERRULED: Final = rule(
    "legend.own-meaning",
    "An abbreviation that the table's footnotes or caption explain means what they say, whatever it usually means; it "
    "has no link where nobody knows their words.",
    example="MS", gives="mitral valve stenosis", counter_example="SLE",
)  # fmt: skip

# Diseases in which an abbreviation is as likely another route: intratracheal, intratumoral; intramyocardial.
_OF_OTHER_ORGANS: Final = {
    "IT": re.compile(
        r"carcinoma|cancer|tumou?r|neoplasm|malignan|gli?oma|blastoma|melanoma|sarcoma|lung|pulmon|respirat|bronch|pneumon"
        r"|covid|asthma",
        re.IGNORECASE,
    ),
    "IM": re.compile(r"cardi|heart|coronary|ventric|ischa?emic heart", re.IGNORECASE),
}
# So many letters tell words apart, whatever their endings.
_STEM: Final = 5

#: Ids of the rules by which an abbreviation is no longer ambiguous.
RESOLVED: Final = frozenset({LEGEND.id, MADE_FOR.id, SPELLED_OUT.id})


class _Context:
    """What decides between meanings, and the readings that it has linked.

    :param legend: abbreviations to what the table's legend says of them
    """

    def __init__(self, legend: Mapping[str, str], report: Report) -> None:
        self.legend = legend
        self.diseases = [expand(c.disease.curie) for c in report.conditions if c.disease]
        self.disease_names = "; ".join(
            f"{c.disease.label if c.disease else ''}; {c.as_reported}" for c in report.conditions
        )
        self.changed: dict[Reading, Reading] = {}

    def read(self, field: str, reading: Reading) -> Reading | None:
        """The reading linked to the one meaning that the context leaves, or None."""
        words = reading.verbatim.strip()
        if not lexicon().candidates(field, words):
            return None
        by_legend = self._spelled_out(field, words)
        mention = by_legend or (self._made_for(words) if field == "outcome" else None)
        if mention is None:
            return None
        by: Rule = LEGEND if by_legend else MADE_FOR
        self.changed[reading] = replace(reading, mention=mention, rule=by.id)
        return self.changed[reading]

    def spelled_out(self, reading: Reading) -> Reading | None:
        """The reading of an abbreviation that is unknown, linked to the disease that the legend names; or None."""
        words = reading.verbatim.strip()
        if words not in self.legend or lexicon().candidates("disease", words):
            return None
        links = ground(words, "disease", self.legend).links
        if (
            len(links) != 1
            or links[0].relation != "exact"
            or not links[0].curie.startswith(("MONDO:", "tgc:"))
        ):
            return None
        self.changed[reading] = replace(reading, mention=mention_of(links[0], "disease"), rule=SPELLED_OUT.id)
        return self.changed[reading]

    def overruled(self, field: str, reading: Reading, concept: Concept) -> Reading | None:
        """The reading of an abbreviation that the legend explains as something else than it usually is; or None.

        It is linked to what the legend names; where nothing knows that, and it has no word in common with the usual
        meaning, it is not linked.
        """
        spelled_out = self.legend.get(reading.verbatim.strip())
        if spelled_out is None or reading.mention is None:
            return None
        mention = lexicon().lookup(field, spelled_out)
        if mention is None and field == "disease":
            links = ground(spelled_out, "disease", self.legend).links
            exact = [
                link
                for link in links
                if link.relation == "exact" and link.curie.startswith(("MONDO:", "tgc:"))
            ]
            mention = mention_of(exact[0], "disease") if len(links) == len(exact) == 1 else None
        if mention is None and _shares_a_word(spelled_out, concept.label):
            return None
        if mention and mention.concept.curie == concept.curie:
            return None
        self.changed[reading] = replace(reading, mention=mention, rule=OVERRULED.id)
        return self.changed[reading]

    def contradicted(self, reading: Reading) -> Reading | None:
        """The reading of a route's abbreviation of another organ than the row's disease, without a link; or None."""
        if not _OF_OTHER_ORGANS[reading.verbatim.strip(" .").upper()].search(self.disease_names):
            return None
        self.changed[reading] = replace(reading, mention=None, rule=UNCLEAR.id)
        return self.changed[reading]

    def _spelled_out(self, field: str, words: str) -> Mention | None:
        spelled_out = self.legend.get(words)
        mention = lexicon().lookup(field, spelled_out) if spelled_out else None
        if mention is None:
            return None
        meanings = lexicon().candidates(field, words)
        named = {normalise(meaning.label) for meaning in meanings}
        terms = {meaning.curie for meaning in meanings if meaning.curie}
        fits = (
            not terms.isdisjoint((mention.concept.id, *mention.concept.exact))
            or normalise(mention.concept.label) in named
        )
        return mention if fits else None

    def _made_for(self, words: str) -> Mention | None:
        above = {broader for disease in self.diseases for broader in _above(disease)}
        mentions = (lexicon().lookup("outcome", c.label) for c in lexicon().candidates("outcome", words))
        fitting = [m for m in mentions if m and _diseases().get(expand(m.concept.curie), set()) & above]
        return fitting[0] if len(fitting) == 1 else None


@cache
def _diseases() -> Mapping[NamedNode, set[NamedNode]]:
    """The diseases that each instrument of the outcome ladder was made for."""
    return _links("ladder", TG.madeFor)


@cache
def _broader() -> Mapping[NamedNode, set[NamedNode]]:
    return _links("module", RDFS.subClassOf)


def _links(graph: str, predicate: NamedNode) -> Mapping[NamedNode, set[NamedNode]]:
    made: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in triples_of(graph):
        subject, target = triple.subject, triple.object
        if triple.predicate == predicate and isinstance(subject, NamedNode) and isinstance(target, NamedNode):
            made[subject].add(target)
    return made


def _above(disease: NamedNode) -> set[NamedNode]:
    """A disease and all that is broader."""
    seen, todo = set[NamedNode](), [disease]
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += _broader().get(one, ())
    return seen


def resolved(report: Report, legend: Mapping[str, str]) -> Report:
    """The report with those of its ambiguous abbreviations linked that the legend or the row decides."""
    found = _Context(legend, report)
    made = replace(
        report,
        conditions=tuple(_condition(condition, found) for condition in report.conditions),
        products=tuple(_product(product, found) for product in report.products),
        interventions=tuple(
            replace(given, routes=tuple(_routes(given, found))) for given in report.interventions
        ),
        outcomes=tuple(
            replace(
                _outcome(item, found), analytes=tuple(_outcome(analyte, found) for analyte in item.analytes)
            )
            for item in report.outcomes
        ),
    )
    return replace(made, readings=tuple(found.changed.get(reading, reading) for reading in report.readings))


def _shares_a_word(one: str, other: str) -> bool:
    """Whether two names have a word of some length in common, or the beginning of one."""
    words = [{word[:_STEM] for word in re.findall(r"[a-z]{4,}", name.lower())} for name in (one, other)]
    return bool(words[0] & words[1])


def _condition(condition: Condition, found: _Context) -> Condition:
    if condition.disease:
        own = found.overruled("disease", condition.reading, condition.disease)
        return replace(condition, disease=_concept(own), reading=own) if own else condition
    linked = found.read("disease", condition.reading) or found.spelled_out(condition.reading)
    if linked is None:
        return condition
    return replace(condition, disease=_concept(linked), reading=linked)


def _product(product: Product, found: _Context) -> Product:
    if product.cell_type and (own := found.overruled("cell_type", product.reading, product.cell_type)):
        kind = _concept(own)
        return replace(
            product, cell_type=kind, tissue=lexicon().tissue_of(kind) if kind else None, reading=own
        )
    if product.cell_type or not (linked := found.read("cell_type", product.reading)):
        return product
    cell = _concept(linked)
    tissue = product.tissue or (lexicon().tissue_of(cell) if cell else None)
    return replace(product, cell_type=cell, tissue=tissue, reading=linked)


def _routes(given: Intervention, found: _Context) -> Iterator[tuple[Concept | None, Reading]]:
    for route, reading in given.routes:
        linked = found.overruled("route", reading, route) if route else found.read("route", reading)
        if route and linked is None and reading.verbatim.strip(" .").upper() in _OF_OTHER_ORGANS:
            linked = found.contradicted(reading)
        yield (_concept(linked), linked) if linked else (route, reading)


def _outcome(item: PlannedOutcome, found: _Context) -> PlannedOutcome:
    if item.concept or not (linked := found.read("outcome", item.reading)):
        return item
    return replace(item, concept=_concept(linked), reading=linked)


def _concept(linked: Reading) -> Concept | None:
    return linked.mention.concept if linked.mention else None
