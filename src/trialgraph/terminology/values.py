"""From any id of a thing, in whatever vocabulary and spelling, to the IRI by which the data are asked for it."""

from __future__ import annotations

from pyoxigraph import NamedNode

from trialgraph.rdf.vocabulary import SPELLINGS, compact, expand
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["concept_named", "value_named"]


def value_named(name: str) -> NamedNode:
    """What to ask the data for: the value that is exactly what an id names, else the IRI as it is.

    ``DOID:2377`` and ``tgc:multiple-sclerosis`` give MONDO's term, ``NCIT:C38276`` gives ``tgc:intravenous``.

    :param name: a CURIE, or an IRI in a spelling of the ontology, of the Bioregistry or of identifiers.org
    :raises UsageError: it is neither
    """
    return expand(lexicon().value_of(_curie(name)))


def concept_named(name: str) -> Concept | None:
    """The concept that is exactly what an id names, if there is one.

    :raises UsageError: it is no id
    """
    return lexicon().concept_of(_curie(name))


def _curie(name: str) -> str:
    iri = expand(name).value
    for prefix, (_, spaces) in SPELLINGS.items():
        for space in spaces:
            known = f"{prefix}:{iri.removeprefix(space)}"
            if iri.startswith(space) and lexicon().concept_of(known):
                return known
    return compact(iri)
