"""Trials in the Biolink model: nodes and edges as KGX tables and JSON lines, in one archive.

``docs/exports.md`` lists what Biolink cannot express, which is left out rather than bent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import NamedNode

from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import DCTERMS, TG, concept
from trialgraph.release.exports.archive import packed, tar_gz
from trialgraph.release.exports.facts import Facts

__all__ = ["EDGE_COLUMNS", "KNOWLEDGE_SOURCE", "NODE_COLUMNS", "kgx"]

KNOWLEDGE_SOURCE: Final = "infores:trialgraph"
#: Columns of the tables, in their order; what is a list there is joined by ``|``.
NODE_COLUMNS: Final = (
    *("id", "category", "name", "iri", "xref", "provided_by", "clinical_trial_phase"),
    *("clinical_trial_enrollment", "clinical_trial_start_date", "clinical_trial_overall_status"),
    *("clinical_trial_brief_title", "clinical_trial_conditions", "has_drug", "has_device", "has_procedure"),
)
EDGE_COLUMNS: Final = (
    *("id", "category", "subject", "predicate", "object", "knowledge_level", "agent_type"),
    *(
        "primary_knowledge_source",
        "publications",
        "has_supporting_studies",
        "has_evidence",
        "supporting_text",
    ),
    *("original_object",),
)
_ASSOCIATION: Final = "biolink:Association"
_TESTED: Final = "biolink:ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation"
_PHASES: Final = {
    frozenset({"1"}): "clinical_trial_phase_1",
    frozenset({"1", "2"}): "clinical_trial_phase_1_to_2",
    frozenset({"2"}): "clinical_trial_phase_2",
    frozenset({"2", "3"}): "clinical_trial_phase_2_to_3",
    frozenset({"3"}): "clinical_trial_phase_3",
    frozenset({"4"}): "clinical_trial_phase_4",
}
_PARTS: Final = {concept(f"phase-{n}"): n for n in "1234"}
#: Where Biolink's status is that of ours; ``ongoing`` is none of its.
_STATUSES: Final = {
    concept(f"status-{name}"): name.replace("-", "_").upper()
    for name in (
        *("active-not-recruiting", "completed", "enrolling-by-invitation", "not-yet-recruiting"),
        *("recruiting", "suspended", "terminated", "unknown", "withdrawn"),
    )
}
#: What holds the thing itself beside the treatment, which is what a trial tests.
_HOLDS: Final = {
    TG.Device: ("has_device", "biolink:Device"),
    TG.Procedure: ("has_procedure", "biolink:Procedure"),
}
_DRUGS: Final = frozenset({TG.DrugProduct, TG.BiologicProduct})

Record = Mapping[str, Any]


def kgx(facts: Facts, trials: Sequence[NamedNode]) -> Iterator[bytes]:
    """A ``.tar.gz`` of ``trialgraph_nodes`` and ``trialgraph_edges``, each as ``.tsv`` and ``.jsonl``.

    :param trials: those that were chosen
    """
    return packed(lambda folder: _written(folder, facts, trials), tar_gz)


def _written(folder: Path, facts: Facts, trials: Sequence[NamedNode]) -> list[Path]:
    with ExitStack() as stack:
        tables = {
            name: _Table(folder / f"trialgraph_{name}", columns, stack)
            for name, columns in (("nodes", NODE_COLUMNS), ("edges", EDGE_COLUMNS))
        }
        maker = _Maker(facts, tables["nodes"], tables["edges"])
        for trial in trials:
            maker.trial(trial)
    return sorted(folder.iterdir())


class _Table:
    """Records in two files, each record once by its id."""

    def __init__(self, stem: Path, columns: Sequence[str], stack: ExitStack) -> None:
        def opened(suffix: str) -> IO[str]:
            path = stem.with_suffix(suffix)
            return stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))

        self.columns, self.tsv, self.jsonl = columns, opened(".tsv"), opened(".jsonl")
        self.seen: set[int] = set()
        self.tsv.write("\t".join(columns) + "\n")

    def write(self, record: Record) -> bool:
        """Whether there was none of that id yet."""
        # 16 bytes of a hash for each, as a build of millions of edges would keep all ids otherwise.
        key = uuid5(NAMESPACE_URL, record["id"]).int
        if key in self.seen:
            return False
        self.seen.add(key)
        stated = {name: record[name] for name in self.columns if record.get(name) not in (None, "", [])}
        self.tsv.write("\t".join(_cell(stated.get(name, "")) for name in self.columns) + "\n")
        self.jsonl.write(json.dumps(stated, ensure_ascii=False) + "\n")
        return True


def _cell(value: Any) -> str:
    """A cell of KGX's TSV, which has neither quotes nor escapes: what would end a cell or an item is replaced."""
    items = list(value) if isinstance(value, list | dict) else [str(value)]
    return "|".join(" ".join(item.split()).replace("|", "¦") for item in items)


class _Maker:
    """Nodes and edges of one trial after another."""

    def __init__(self, facts: Facts, nodes: _Table, edges: _Table) -> None:
        self.facts, self.nodes, self.edges = facts, nodes, edges

    def trial(self, trial: NamedNode) -> None:
        reports = self.facts.nodes(trial, TG.hasReport)
        self.nodes.write(self._trial_node(trial, reports))
        for report in reports:
            tested = self._tested(report)
            for product in tested:
                self._product(product)
            for condition in self.facts.nodes(report, TG.condition):
                for disease in self.facts.nodes(condition, TG.disease):
                    self._term(disease, "biolink:Disease")
                    for product in tested:
                        self._trial_edge(trial, report, product, condition, disease)

    def _trial_node(self, trial: NamedNode, reports: Sequence[NamedNode]) -> Record:
        facts = self.facts
        enrolled = self._agreed(reports, TG.enrolledTotal)
        registered = [compressed(node.value) for node in facts.nodes(trial, TG.registeredAs)]
        return {
            **self._node(trial, "biolink:ClinicalTrial"),
            "xref": registered,
            "clinical_trial_phase": self._phase(trial),
            "clinical_trial_conditions": [
                compressed(node.value) for node in facts.nodes(trial, TG.hasReport, TG.condition, TG.disease)
            ],
            **{
                column: self._agreed(reports, predicate)
                for column, predicate in (
                    ("clinical_trial_start_date", TG.startDate),
                    ("clinical_trial_brief_title", TG.studyTitle),
                )
            },
            "clinical_trial_enrollment": int(enrolled) if enrolled else None,
            "clinical_trial_overall_status": self._status(reports),
        }

    def _agreed(self, reports: Sequence[NamedNode], predicate: NamedNode) -> str:
        """What the reports of a trial state, where they agree: a node of KGX has one value."""
        stated = {value for report in reports for value in self.facts.texts(report, predicate)}
        return stated.pop() if len(stated) == 1 else ""

    def _status(self, reports: Sequence[NamedNode]) -> str:
        stated = {node for report in reports for node in self.facts.nodes(report, TG.recruitmentStatus)}
        return _STATUSES.get(stated.pop(), "") if len(stated) == 1 else ""

    def _phase(self, trial: NamedNode) -> str:
        phases = self.facts.nodes(trial, TG.trialPhase)
        found = {
            frozenset(_PARTS[part] for part in self.facts.nodes(phase, TG.hasPhasePart) if part in _PARTS)
            for phase in phases
        }
        return _PHASES.get(found.pop(), "") if len(found) == 1 else ""

    def _tested(self, report: NamedNode) -> list[NamedNode]:
        """The products that are given, without those that only control arms receive."""
        facts = self.facts
        arms = facts.nodes(report, TG.hasArm)
        by_control: set[NamedNode] = set()
        by_others: set[NamedNode] = set()
        for arm in arms:
            received = by_control if TG.ControlArm in facts.kinds(arm) else by_others
            received |= set(facts.nodes(arm, TG.receives))
        given = [one for one in facts.interventions(report) if one not in by_control - by_others]
        return list(dict.fromkeys(p for one in given for p in facts.nodes(one, TG.ofProduct)))

    def _product(self, product: NamedNode) -> None:
        facts, kinds = self.facts, self.facts.kinds(product)
        category = "biolink:Drug" if kinds & _DRUGS else "biolink:Treatment"
        node: dict[str, Any] = {
            **self._node(product, category),
            "xref": [compressed(made.value) for made in facts.nodes(product, TG.substance)],
        }
        for kind in _HOLDS.keys() & kinds:
            # Biolink's treatment is what is tested; the device or the procedure is what it has.
            column, held = _HOLDS[kind]
            thing = {**self._node(product, held), "id": f"{compressed(product.value)}#thing"}
            self.nodes.write({**thing, "iri": ""})
            node[column] = [thing["id"]]
        if not self.nodes.write(node):
            return
        for predicate, category, property_ in (
            ("biolink:has_part", "biolink:Cell", TG.cellType),
            ("biolink:derives_from", "biolink:GrossAnatomicalStructure", TG.tissueSource),
        ):
            for value in facts.nodes(product, property_):
                self._term(value, category)
                self._edge(product, predicate, value, product, [product], {"category": [_ASSOCIATION]})

    def _trial_edge(
        self,
        trial: NamedNode,
        report: NamedNode,
        product: NamedNode,
        condition: NamedNode,
        disease: NamedNode,
    ) -> None:
        study = compressed(trial.value)
        self._edge(
            product,
            "biolink:in_clinical_trials_for",
            disease,
            report,
            [product, condition],
            {
                "category": [_TESTED],
                "has_supporting_studies": {study: {"id": study, "category": ["biolink:Study"]}},
                "publications": self._publications(report),
                "original_object": self.facts.text(condition, TG.asReported),
            },
        )

    def _edge(
        self,
        subject: NamedNode,
        predicate: str,
        value: NamedNode,
        where: NamedNode,
        read: Sequence[NamedNode],
        more: Record,
    ) -> None:
        """One edge.

        :param where: what states it: with the ends its identity
        :param read: the nodes whose readings are its evidence
        """
        readings = list(dict.fromkeys(made for node in read for made in self.facts.nodes(node, TG.readFrom)))
        ends = [compressed(node.value) for node in (subject, value)]
        self.edges.write(
            {
                "id": uuid5(NAMESPACE_URL, " ".join((where.value, ends[0], predicate, ends[1]))).urn,
                "subject": ends[0],
                "predicate": predicate,
                "object": ends[1],
                "knowledge_level": "knowledge_assertion",
                "agent_type": "text_mining_agent",
                "primary_knowledge_source": KNOWLEDGE_SOURCE,
                "has_evidence": [compressed(node.value) for node in readings],
                "supporting_text": list(
                    dict.fromkeys(text for node in readings for text in self.facts.texts(node, TG.verbatim))
                ),
                **more,
            }
        )

    def _publications(self, report: NamedNode) -> list[str]:
        found = self.facts.nodes(report, TG.fromSource, DCTERMS.source)
        return [compressed(node.value).replace("doi:", "DOI:", 1) for node in found]

    def _term(self, node: NamedNode, category: str) -> None:
        self.nodes.write(self._node(node, category))

    def _node(self, node: NamedNode, category: str) -> dict[str, Any]:
        return {
            "id": compressed(node.value),
            "category": [category],
            "name": self.facts.label(node),
            "iri": node.value,
            "provided_by": [KNOWLEDGE_SOURCE],
        }
