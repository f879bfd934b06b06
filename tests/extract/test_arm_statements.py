"""Arms and what each receives: stated as the source has it, and no triple of it may get lost."""

from __future__ import annotations

from functools import cache
from typing import Final

import pytest
from pyoxigraph import Quad, QuerySolutions, Store

from tests.made_table import MadeTable, made_table, violations_without
from trialgraph.rdf.vocabulary import TG, compact
from trialgraph.release.graphs import ontology_quads

ROWS: Final = (
    "Phase I/IIUC-MSCsRA63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)UC-MSC transplantation, with some patients "
    "receiving recombinant human IFN-γ 1 × 106 cells/kg 1 dose3ImmunomodulationACR20Safe and effectiveNCT09000011[1]",
    "Phase IIUC-MSCsRA40 (20 UC-MSC + prednisone, 20 prednisone alone)1 × 106 cells/kg, IV infusion12Immunomodulation"
    "DAS28Safe and effectiveNCT09000012[2]",
    "Phase IIUC-MSCsRA40 (15 low-dose, 15 high-dose, 10 placebo)1 or 2 × 106 cells/kg, IV infusion12Immunomodulation"
    "DAS28Safe and effectiveNCT09000013[3]",
    "Phase IIUC-MSCsRA30 (MSC group 16, control group 14)1 × 106 cells/kg, IV infusion12ImmunomodulationDAS28"
    "Safe and effectiveNCT09000014[4]",
)
#: The arm rests on the readings of its name; what it receives need not.
LAWFUL: Final = {("own", "tg:readFrom")}
WHO: Final = """
SELECT ?label (GROUP_CONCAT(DISTINCT ?what ; separator=" + ") AS ?given) WHERE {
  ?trial rdfs:label ?trialLabel ; tg:hasReport/tg:hasArm ?arm .
  ?arm tg:asReported ?label ; tg:receives/(tg:ofProduct|tg:combinedWith) ?product .
  { ?product tg:cellType/rdfs:label ?what } UNION { ?product tg:substance/rdfs:label ?what }
  UNION { ?product a tg:DrugProduct ; tg:readFrom/tg:verbatim ?what FILTER NOT EXISTS { ?product tg:substance ?any } }
} GROUP BY ?arm ?label ORDER BY ?arm"""


@cache
def table() -> MadeTable:
    return made_table(ROWS)


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    made.extend({Quad(q.subject, q.predicate, q.object) for q in table().quads | ontology_quads()})
    return made


def asked(store: Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query("PREFIX tg: <https://w3id.org/trialgraph/ontology/> "
                         "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>" + query)  # fmt: skip
    assert isinstance(answer, QuerySolutions)
    return [tuple(term.value for term in row) for row in answer]


def test_the_graph_is_sound() -> None:
    assert table().violations() == set()


def test_each_arm_receives_what_its_name_says(store: Store) -> None:
    given = {label: set(what.split(" + ")) for label, what in asked(store, WHO)}
    cells = "mesenchymal stem cell of umbilical cord"
    assert given == {
        "MSC monotherapy group": {cells},
        "MSC + IFN-γ group": {cells, "recombinant human interferon gamma"},
        "UC-MSC + prednisone": {cells, "prednisone"},
        "prednisone alone": {"prednisone"},
        "low-dose": {cells},
        "high-dose": {cells},
        "placebo": {"placebo"},
        "MSC group": {cells},
    }


def test_an_arm_of_one_dose_has_that_dose(store: Store) -> None:
    doses = asked(
        store,
        "SELECT ?label ?low { ?arm tg:asReported ?label ; tg:receives/tg:hasDoseLevel/tg:doseLow ?low "
        'FILTER (CONTAINS(?label, "-dose")) } ORDER BY ?label',
    )
    assert doses == [("high-dose", "2000000"), ("low-dose", "1000000")]


def test_the_arms_of_a_report_add_up_to_its_groups(store: Store) -> None:
    sums = asked(
        store,
        "SELECT (SUM(?n) AS ?sum) ?total { ?r tg:enrolledTotal ?total ; tg:hasArm/tg:enrolled ?n } "
        "GROUP BY ?r ?total ORDER BY ?r",
    )
    assert [one == other for one, other in sums] == [True] * len(ROWS)


def _ways() -> dict[tuple[str, str], Quad]:
    """For each property of an intervention that only an arm receives, and of its drug, the first triple."""
    held = sorted(table().quads, key=str)
    reported = {q.object for q in held if q.predicate == TG.hasIntervention}
    own = {q.object for q in held if q.predicate == TG.receives and q.object not in reported}
    drugs = {q.object for q in held if q.predicate in (TG.ofProduct, TG.combinedWith) and q.subject in own}
    drugs &= {q.subject for q in held if q.object == TG.DrugProduct}
    found: dict[tuple[str, str], Quad] = {}
    for quad in held:
        kind = "own" if quad.subject in own else "drug" if quad.subject in drugs else "arm"
        if kind != "arm" or quad.predicate == TG.receives:
            found.setdefault((kind, compact(quad.predicate.value)), quad)
    return {way: quad for way, quad in found.items() if way not in LAWFUL}


def test_no_triple_of_it_may_get_lost() -> None:
    found = violations_without(ROWS, list(_ways().values()))
    assert [way for way, lines in zip(_ways(), found, strict=True) if not lines] == []
