"""Known pitfalls of querying the graph, each with a query that demonstrates it on the seed release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["PITFALLS", "Pitfall"]


@dataclass(frozen=True, slots=True)
class Pitfall:
    """A mistake that a plausible query makes.

    :param text: what happens, and what to do instead
    :param pattern: the body of an ASK that is true where it can happen
    """

    title: str
    text: str
    pattern: str

    @property
    def query(self) -> str:
        """The ASK, with its prefixes."""
        used = (p for p in PREFIXES if f" {p}:" in f" {self.pattern}".replace("/", " ").replace("(", " "))
        return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in used) + f"ASK {{ {self.pattern} }}"


PITFALLS: Final = (
    Pitfall(
        "Shortcuts of a trial lose pairing",
        "tg:trialDisease, tg:trialTissueSource, tg:trialRoute and the like are unions over the reports and their "
        "products. A trial with two tissues and two doses does not say by them which dose was of which tissue: "
        "go down by tg:hasReport, tg:hasIntervention, tg:ofProduct and tg:hasDoseLevel.",
        "?trial tg:trialTissueSource ?one , ?other . FILTER (?one != ?other)",
    ),
    Pitfall(
        "Numbers stand on reports, not on trials",
        "tg:enrolledTotal, tg:enrolledTreatment and tg:enrolledControl are what one source says of a trial. Two "
        "sources make two reports of one trial: count trials, and do not add up patients over its reports.",
        "?trial tg:hasReport ?report . ?report tg:enrolledTotal ?n . "
        "FILTER NOT EXISTS { ?trial tg:enrolledTotal ?m }",
    ),
    Pitfall(
        "A number may be one of two competing readings",
        "Where a source contradicts itself, the report holds the preferred reading and the conflict holds both: "
        "NCT01663116 is read as 39 patients treated where the source prints 392. tg:hasConflict leads there.",
        "?conflict tg:hasCompetingReading ?reading ; tg:inReport ?report . ?reading tg:value 392 . "
        "?report tg:enrolledTreatment 39",
    ),
    Pitfall(
        "Lupus nephritis is not below systemic lupus erythematosus in MONDO",
        "MONDO files lupus nephritis (MONDO:0005556) under nephritis. rdfs:subClassOf* from "
        "systemic lupus erythematosus (MONDO:0007915) misses its trials: ask for the reviewed scope, "
        "?trial tg:inScope/tg:standsBeside MONDO:0007915, as questions and the list of trials do.",
        "?trial tg:trialDisease MONDO:0005556 . "
        "FILTER NOT EXISTS { MONDO:0005556 rdfs:subClassOf* MONDO:0007915 }",
    ),
    Pitfall(
        "Mesenchymal stem cells have several terms",
        "Few trials have the general term CL:0000134 itself; most have that of a tissue, one a term of ours. Ask "
        "for tg:trialCellType/rdfs:subClassOf* CL:0000134. That tree is the Cell Ontology's: endothelial "
        "progenitor cells are below it, which a reviewed scope (tg:Scope) leaves out.",
        "?trial tg:trialCellType ?cell . ?cell rdfs:subClassOf* CL:0000134 . FILTER (?cell != CL:0000134)",
    ),
    Pitfall(
        "Doses are only comparable in one unit and on one basis",
        "tg:doseLow and tg:doseHigh are in tg:doseUnit (cells, mg, …), per kilogram, per patient or per joint: group "
        "by tg:doseUnit and tg:doseBasis before you compare. A range is one dose level with low and high, a list is "
        "several levels.",
        "?one tg:doseBasis tgc:per-kilogram . ?other tg:doseBasis tgc:per-patient",
    ),
    Pitfall(
        "A trial of phase 1/2 is found by its parts",
        "tg:trialPhase is the phase as printed: tgc:phase-2 itself misses the trials of phase 1/2. Ask for "
        "tg:trialPhase/tg:hasPhasePart tgc:phase-2; each phase is a part of itself.",
        "?trial tg:trialPhase ?phase . ?phase tg:hasPhasePart tgc:phase-2 . FILTER (?phase != tgc:phase-2)",
    ),
    Pitfall(
        "Not stated, not applicable and absent are three different states",
        "A report without tg:phase says why in tg:phaseStatus; likewise tg:doseStatus. tg:enrolledControl is 0 "
        "where the source says 0 and absent where it says nothing: use OPTIONAL, and do not take absent for 0.",
        "?report tg:phaseStatus tgc:phase-not-stated . FILTER NOT EXISTS { ?report tg:phase ?phase }",
    ),
    Pitfall(
        "Terms of other ontologies are values, not types",
        "Nothing has rdf:type MONDO:… or CL:…: write ?condition tg:disease MONDO:0008383 or ?trial tg:trialDisease "
        "MONDO:0008383. The labels of those terms are rdfs:label, their tree is rdfs:subClassOf.",
        "?condition tg:disease MONDO:0008383 . FILTER NOT EXISTS { ?anything a MONDO:0008383 }",
    ),
    Pitfall(
        "Some values are concepts of ours",
        "Diseases, cell types and tissues are terms of MONDO, CL and UBERON, and a tgc: concept stands where those "
        "have none. Every other value is a tgc: concept: a filter on an NCIT or EFO prefix finds nothing. Ask "
        "for tg:trialRoute/skos:exactMatch NCIT:C38276, or for any field tg:trialConcept/skos:exactMatch.",
        "?trial tg:trialOutcome ?outcome . ?outcome a skos:Concept ; skos:closeMatch|skos:broadMatch ?near",
    ),
    Pitfall(
        "Claims and findings are what a report prints",
        "tg:MechanismClaim and tg:Finding say what a review claims, not what is so. A finding has the direction of "
        "the value and the direction of benefit apart: a decreased disease score is favourable.",
        "?finding tg:valueDirection tgc:decreased ; tg:benefit tgc:favourable",
    ),
    Pitfall(
        "GRAPH counts a triple of two graphs twice",
        "The default graph is the merge of all graphs, each triple once. GRAPH ?g { … } gives a triple once for "
        "each graph that it stands in: COUNT(DISTINCT …), or leave GRAPH out.",
        "GRAPH ?one { ?s ?p ?o } GRAPH ?other { ?s ?p ?o } FILTER (?one != ?other)",
    ),
)
