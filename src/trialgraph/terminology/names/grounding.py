"""Grounding: which terms a printed name means, and by which step; else why it has no link.

First the curated concept files, then the index over whole releases (:mod:`.ontology_index`). The whole name is tried
before any part of it, and an exact term before a broader one. Nothing is linked by similarity.
Rules and measurements: decisions/0028-grounding.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Final

from trialgraph.terminology.lexicon import Concept, lexicon
from trialgraph.terminology.names.intervention_names import Rewritten, rewritten
from trialgraph.terminology.names.modifiers import (
    Stripped,
    fits,
    is_empty,
    is_form,
    is_safe,
    names_a_kind,
    narrower_words,
    stripped,
)
from trialgraph.terminology.names.name_forms import equivalents, is_short, tidy, variants
from trialgraph.terminology.names.name_parts import negated, parts, with_shared_end, without_denied
from trialgraph.terminology.names.ontology_index import Match, index_recipe, ontology_index
from trialgraph.terminology.names.term_links import (
    CURATED,
    INDEXED,
    PREFERRED,
    Ambiguity,
    Field,
    Grounding,
    Relation,
    Step,
    TermLink,
    chosen,
    mention_of,
    preferred,
)

__all__ = ["Ambiguity", "Field", "Grounding", "Step", "TermLink", "ground", "mention_of"]


_LONGEST: Final = 250
_BRACKET: Final = re.compile(r"(?P<name>[^()]+?) *[(](?P<inner>[^()]+)[)]")
_TRANSPLANTATION: Final = re.compile(r"(?P<cells>[\w -]+?) (?:transplantations?|transplants?)", re.IGNORECASE)
_INFECTION: Final = re.compile(r"(?P<name>.+?)[ -](?:virus )?infections?", re.IGNORECASE)
_GENUS: Final = re.compile(r"(?P<name>.+?) (?P<genus>diseases?|disorders?|syndromes?)", re.IGNORECASE)
_INFECTIOUS: Final = "MONDO:0005550"
# Of so many names without the words around them other words are tried too.
_FEW: Final = 6
# An abbreviation of so few letters means something else in each specialty.
_TOO_SHORT: Final = 3


def ground(text: str, field: Field, legend: Mapping[str, str] | None = None) -> Grounding:
    """The terms that a printed name means.

    :param field: what kind of name it is
    :param legend: abbreviations to what the source says they stand for
    """
    return _ground(text, field, legend) if legend else _plainly(text, field)


@lru_cache(maxsize=2048)
def _plainly(text: str, field: Field) -> Grounding:
    return _ground(text, field, {})


def _ground(text: str, field: Field, legend: Mapping[str, str]) -> Grounding:
    name = tidy(text[: _LONGEST * 4])
    if not name or len(name) > _LONGEST:  # a sentence, which no term is called
        return Grounding(text, unlinked=(name,) if name else ())
    if found := _one(name, field, legend):
        return _grounding(text, [found])
    if negated(name):
        return Grounding(text, negated=(name,))
    kept, denied = without_denied(name)
    if denied:
        found = _one(kept, field, legend) or _narrowed(kept, field, legend)
        outcomes: list[TermLink | Ambiguity | str] = [
            _broader(found, (denied,)) if isinstance(found, TermLink) else found or kept
        ]
        return _grounding(text, outcomes, [denied])
    if found := _narrowed(name, field, legend) or _reworded(name, field, legend):
        return _grounding(text, [found])
    return _several(text, name, field, legend)


def _several(text: str, name: str, field: Field, legend: Mapping[str, str]) -> Grounding:
    """The links of the parts of a name: none where a part may only narrow another ("Cluster headache, episodic")."""
    best = Grounding(text, unlinked=(name,))
    for first, last in with_shared_end(name):
        both = [_one(one, field, legend) for one in (first, last)]
        both[1] = both[1] or _narrowed(last, field, legend)
        if all(isinstance(one, TermLink) for one in both):
            return _grounding(text, [one for one in both if one])
    for pieces in parts(name, field):
        denials = [piece for piece in pieces.names if negated(piece)]
        outcomes: list[TermLink | Ambiguity | str] = [
            _one(piece, field, legend)
            or _narrowed(piece, field, legend)
            or _reworded(piece, field, legend)
            or piece
            for piece in pieces.names
            if piece not in denials and not is_empty(piece, field)
        ]
        if outcomes and not any(isinstance(one, str) for one in outcomes):
            return _grounding(text, outcomes, denials)
        if outcomes and not pieces.all_or_none and not best.links:
            best = _grounding(text, _without_shared_end(outcomes), denials)
    return best


def _without_shared_end(outcomes: list[TermLink | Ambiguity | str]) -> list[TermLink | Ambiguity | str]:
    """Without the links of parts whose end may stand in a longer last part: "blood and tumor sample collection"."""
    last = outcomes[-1]
    if not isinstance(last, str):
        return outcomes
    longest = len(last.split())
    return [
        one.words if isinstance(one, TermLink) and len(one.words.split()) < longest else one
        for one in outcomes
    ]


def _broader(link: TermLink, modifiers: tuple[str, ...]) -> TermLink:
    return replace(link, relation="broader", modifiers=(*link.modifiers, *modifiers))


def _grounding(
    text: str, outcomes: Sequence[TermLink | Ambiguity | str], denials: Iterable[str] = ()
) -> Grounding:
    links: dict[str, TermLink] = {}
    for one in outcomes:
        if isinstance(one, TermLink):
            links.setdefault(one.curie, one)
    return Grounding(
        text,
        tuple(links.values()),
        tuple(denials),
        tuple(one for one in outcomes if isinstance(one, Ambiguity)),
        tuple(one for one in outcomes if isinstance(one, str)),
    )


def _narrowed(text: str, field: Field, legend: Mapping[str, str]) -> TermLink | Ambiguity | None:
    """The link of a name without the words around it that do not change the thing."""
    for bare in stripped(text, field):
        found = _one(bare.name, field, legend)
        if isinstance(found, TermLink):
            if field == "intervention" and not fits(bare.empty + bare.modifiers, _kind(found)):
                continue
            # "Intrathecal injection" is one kind of injection; "methotrexate injection" is methotrexate.
            done = found.term is not None and found.term.fields == "p"
            more = (*bare.modifiers, *(word for word in bare.empty if done and is_form(word)))
            return _broader(found, more) if more else found
        if found:
            return found
    return None


def _kind(link: TermLink) -> str:
    """What a link of an intervention is: ``p`` done, ``c`` a cell, ``i`` another thing that is given."""
    if link.mention:
        return "c" if link.mention.concept.field == "cell_type" else "i"
    return link.term.fields if link.term else "i"


def _reworded(text: str, field: Field, legend: Mapping[str, str], depth: int = 2) -> TermLink | None:
    """The link of a name in other words or another order, or of what is given in the name of an intervention."""
    if found := _varied(text, field, legend):
        return found
    if field == "disease":
        return _beside_bracket(text, legend) or _infection(text, legend) or _without_genus(text, legend)
    names = (Stripped(text, (), ()), *islice(stripped(text, field), _FEW))
    for bare in names:
        for plain in rewritten(bare.name):
            found = _of_plain(plain, field, legend, depth)
            if found and fits(bare.empty + bare.modifiers, _kind(found)):
                return _broader(found, bare.modifiers) if bare.modifiers else found
    for bare in names[1:]:
        found = _varied(bare.name, field, legend)
        if found and fits(bare.empty + bare.modifiers, _kind(found)):
            return _broader(found, bare.modifiers) if bare.modifiers else found
    return None


def _of_plain(plain: Rewritten, field: Field, legend: Mapping[str, str], depth: int) -> TermLink | None:
    """The link of what is given, if it may be taken for that; broader where words that say more of it were left out."""
    found = (
        _one(plain.name, field, legend)
        or _narrowed(plain.name, field, legend)
        or (_reworded(plain.name, field, legend, depth - 1) if depth else None)
    )
    if not isinstance(found, TermLink) or not _stands_for(found, plain):
        return None
    more = plain.modifiers and not _is_same(found, plain.modifiers)
    return _broader(found, plain.modifiers) if more else found


def _varied(text: str, field: Field, legend: Mapping[str, str]) -> TermLink | None:
    """The link of a name in other words or another order: where words are exchanged, no unscoped synonym."""
    for form in variants(text):
        found = _one(form.name, field, legend)
        if isinstance(found, TermLink) and not (form.exchanged and found.step == "unscoped synonym unique"):
            return found
    return None


def _stands_for(link: TermLink, plain: Rewritten) -> bool:
    """Whether the name may be taken for that: what is done is a kind of its own; "MSC-derived" has to name a cell."""
    if plain.only and _kind(link) == "p":
        return False
    source = _one(plain.source, "intervention", {}) or _narrowed(plain.source, "intervention", {})
    return not plain.source or (isinstance(source, TermLink) and _kind(source) == "c")


def _is_same(link: TermLink, words: tuple[str, ...]) -> bool:
    """Whether words in brackets are another name of the thing before them: "Humira (adalimumab)"."""
    other = _one(words[0], "intervention", {}) if words else None
    return isinstance(other, TermLink) and other.curie == link.curie


def _infection(text: str, legend: Mapping[str, str]) -> TermLink | None:
    """The infectious disease of "COVID-19 infection"; a burn is none, so a "burn infection" is no burn."""
    said = _INFECTION.fullmatch(text)
    index = ontology_index()
    found = _one(said["name"], "disease", legend) if said and index else None
    if not isinstance(found, TermLink) or index is None:
        return None
    todo, seen = [found.curie], set[str]()
    while todo:
        curie = todo.pop()
        if curie == _INFECTIOUS:
            return _broader(found, ("infection",))
        term = index.find(curie) if curie not in seen else None
        seen.add(curie)
        todo += term.parents if term else ()
    return None


def _without_genus(text: str, legend: Mapping[str, str]) -> TermLink | None:
    """The disease of "fibromyalgia syndrome", which is nobody's name."""
    said = _GENUS.fullmatch(text)
    found = _one(said["name"], "disease", legend) if said else None
    return _broader(found, (said["genus"],)) if said and isinstance(found, TermLink) else None


def _beside_bracket(text: str, legend: Mapping[str, str]) -> TermLink | None:
    """The disease whose name has a bracket that says more of it: "osteoarthritis (knee)" is knee osteoarthritis."""
    found = _BRACKET.fullmatch(text)
    if not found or not is_safe(found["inner"]):
        return None
    whole = _one(f"{found['inner']} {found['name']}", "disease", legend)
    name = whole or _one(found["name"], "disease", legend)
    if not isinstance(name, TermLink):
        return None
    return name if whole else _broader(name, (found["inner"],))


def _one(text: str, field: Field, legend: Mapping[str, str]) -> TermLink | Ambiguity | None:
    """The link of the whole of a name in one of its equivalent forms; an ambiguity where the name has several."""
    for form in equivalents(text, legend):
        if found := _curated(form, field):
            return found
    doubt: Ambiguity | None = None
    # The names that the field's own ontology has come first, however a name is turned round.
    for own in (True, False) if field == "disease" else (False,):
        for form in equivalents(text, legend):
            found = _indexed(form, field, own)
            if isinstance(found, TermLink):
                return found
            doubt = doubt or found
    if field == "intervention" and (found := _transplantation(text)):
        return found
    return doubt


def _transplantation(text: str) -> TermLink | None:
    """The link of "MSC transplantation" by the name that the curated list has for the cells."""
    said = _TRANSPLANTATION.fullmatch(text)
    if said is None:
        return None
    cells = _curated(said["cells"], "intervention")
    label = cells.label if isinstance(cells, TermLink) else said["cells"]
    found = _indexed(f"{label} transplantation", "intervention", False)
    return found if isinstance(found, TermLink) else None


def _curated(form: str, field: Field) -> TermLink | Ambiguity | None:
    words = lexicon()
    for kind in CURATED[field]:
        if several := words.candidates(kind, form):
            return Ambiguity(form, tuple((c.curie, c.label) for c in several))
        mention = words.lookup(kind, form)
        # "HSCT" has to do with the cell; it is something done.
        if mention and mention.mapping.predicate != "skos:relatedMatch":
            concept = mention.concept
            line = mention.mapping
            return TermLink(
                form, _term_of(concept, field), concept.label, line.subject, "curated", "exact", (), line.release,
                mention=mention,
            )  # fmt: skip
    return None


def _term_of(concept: Concept, field: Field) -> str:
    """The term that a curated concept exactly is, in the order of the field, else the concept's own id."""
    order = (*PREFERRED[field], "NCIT")
    ranked = {term.partition(":")[0]: term for term in reversed(concept.exact)}
    return next((ranked[prefix] for prefix in order if prefix in ranked), concept.curie)


def _indexed(form: str, field: Field, own: bool) -> TermLink | Ambiguity | None:
    index = ontology_index()
    if index is None:
        return None
    generic = index_recipe()["generic"]
    matches = tuple(m for m in index.lookup(form, INDEXED[field]) if m.term.curie not in generic)
    if not matches:
        return None
    best = chosen(matches, field)
    best = preferred(best, matches, field) if best else None
    if own and (best is None or best.term.ontology != PREFERRED[field][0]):
        return None
    if best is None or (is_short(form) and _doubtful(form, field, matches)):
        return Ambiguity(form, tuple(dict.fromkeys((m.term.curie, m.term.label) for m in matches)))
    term = best.term
    step: Step = "unscoped synonym unique" if best.scope == "unscoped synonym" else best.scope
    exact = step == "exact synonym" and field == "intervention"
    if step != "label" and not exact and names_a_kind(term.label, form, field):
        return Ambiguity(form, ((term.curie, term.label),))
    more = narrower_words(best.name, term.label) if step != "label" else ()
    relation: Relation = "broader" if more else "exact"
    return TermLink(
        form, term.curie, term.label, best.name, step, relation, more, index.releases[term.ontology], term
    )


def _doubtful(form: str, field: Field, matches: tuple[Match, ...]) -> bool:
    """Whether an abbreviation alone is too little: few letters, or another thing has it in any field.

    "EDSS" is a synonym of a disease in MONDO, and to the concept files a scale.
    """
    letters = sum(c.isalpha() for c in form.rstrip("s"))
    if letters <= _TOO_SHORT and not any(c.isdigit() for c in form):
        return True
    words = lexicon()
    if any(words.lookup(kind, form) for kind in words.lines if kind not in CURATED[field]):
        return True
    index = ontology_index()
    everywhere = index.lookup(form, "dipct") if index else matches
    return len({match.term.thing for match in everywhere}) > 1
