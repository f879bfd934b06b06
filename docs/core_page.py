"""The generated page on the core of the ontology."""

from __future__ import annotations

from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, SKOS, compact
from trialgraph.release.core import core_members
from trialgraph.terminology.ontology import triples_of

__all__ = ["core"]


def core() -> str:
    """The core of the ontology: its picture, its classes and properties, what is asked with it."""
    triples = list(triples_of("trialgraph"))
    known = {(t.subject, t.predicate): getattr(t.object, "value", "") for t in triples}
    classes = {t.subject for t in triples if t.predicate == RDF.type and t.object == OWL.Class}
    above = {t.subject: t.object for t in triples if t.predicate == RDFS.subClassOf}
    members = sorted(core_members(triples), key=str)
    lines = [CORE.strip(), ""]
    for title, of in (
        ("Classes", [m for m in members if m in classes]),
        ("Properties", [m for m in members if m not in classes]),
    ):
        lines += [f"## {title}", "", f"| {len(of)} {title.lower()} | meaning |", "|---|---|"]
        for term in of:
            kind = f", a kind of `{compact(above[term].value)}`" if above.get(term) in members else ""
            meaning = known[term, SKOS.definition].replace("|", "\\|")
            lines.append(f"| `{compact(term.value)}`{kind} | {meaning} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


CORE = """
# The core in five minutes

A **trial** is the study itself. What it is about is one step away: `tg:trialDisease`, `tg:trialCellType`,
`tg:trialRoute` and so on lead from the trial to a class of MONDO, CL or UBERON, or to a concept with a label.
Numbers belong to a **report**, which is what one **source** says of the trial: patients, follow-up, **arms**,
**findings**, and the **interventions** with their **products** and **dose levels**. Two sources that disagree are
two reports of one trial, and both are kept.

![The core as a class diagram: from trial to report, and from there to source, arms, findings, interventions,
products and doses](pictures/core.svg)

The picture and the tables are generated from the ontology, where `oboInOwl:inSubset tg:core` marks these terms.

```sh
trialgraph export -f turtle --core -o core.ttl
```

The file is one `owl:Ontology` with version, licence and title, and needs nothing beside it: facts, labels, and all
that is above each value. Three questions that it answers, in any SPARQL engine:

```sparql
# Trials of a demyelinating disease, the kinds of it included
?trial tg:trialDisease/rdfs:subClassOf* obo:MONDO_0002562 .
# Trials of phase 2, those of phase 1/2 included
?trial tg:trialPhase/tg:hasPhasePart tgc:phase-2 .
# Patients, and doses with their units, by report
?trial tg:hasReport ?report . ?report tg:enrolledTotal ?patients .
OPTIONAL { ?report tg:hasIntervention/tg:hasDoseLevel ?dose . ?dose tg:doseLow ?low ; tg:ucumCode ?unit }
```

Not in the core, but in the whole graph: where each value was read (`trialgraph explain`), conflicts and curation,
qualifiers and sites of a disease, planned outcomes one by one, what an arm receives, directions and values of
findings, claims of mechanisms, donor and code of a product, and what each measure means. `docs/ontology.md`
describes all of it.
"""
