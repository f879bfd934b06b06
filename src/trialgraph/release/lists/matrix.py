"""Where the evidence is: trials and patients by disease and tissue source, with the counts of the list of trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trialgraph.rdf.vocabulary import compact
from trialgraph.release.lists.facet_sets import TrialIndex
from trialgraph.release.lists.facets import NONE

__all__ = ["EvidenceCell", "EvidenceMatrix", "MatrixRow", "evidence_matrix", "ranked_diseases"]

#: From these numbers of patients on a cell is darker.
STEPS: Final = (30, 100)


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """Trials of a disease with cells of a tissue.

    :param tissue: IRI of the tissue, or :data:`~trialgraph.release.lists.facets.NONE`
    :param patients: each trial counted once, with the largest total that a report of it gives
    :param step: 1 to 3 by the number of patients; 0 where there is no trial
    """

    tissue: str
    trials: int
    patients: int
    step: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A disease, with all that is narrower.

    :param narrower: the row above holds its trials, too
    """

    disease: str
    label: str
    narrower: bool
    cells: tuple[EvidenceCell, ...]


@dataclass(frozen=True, slots=True)
class EvidenceMatrix:
    """The matrix.

    :param columns: IRI and label of each tissue
    :param several: trials that gave cells of several tissues, and count in each
    :param hidden: diseases without a row, since there are too many
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
    several: int
    hidden: int


def ranked_diseases(index: TrialIndex) -> list[tuple[str, list[str]]]:
    """The diseases of the trials, most trials first, each with those whose trials all have it, too."""
    sets = index.bits["disease"]
    direct = index.values["disease"].direct
    ranked = sorted(direct, key=lambda v: (-sets[v].bit_count(), index.labels.get(v, v)))
    made: dict[str, list[str]] = {}
    for value in ranked:
        over = next((other for other in made if sets[value] & ~sets[other] == 0), None)
        if over is None:
            made[value] = []
        else:
            made[over].append(value)
    return list(made.items())


def evidence_matrix(index: TrialIndex, most_rows: int = 12, most_columns: int = 7) -> EvidenceMatrix:
    """The matrix of a release.

    :param most_rows: the most diseases that have a row
    :param most_columns: likewise tissues, those with the most trials
    """
    tissues = index.bits["tissue"]
    named = sorted((v for v in tissues if v != NONE), key=lambda v: (-tissues[v].bit_count(), v))[
        :most_columns
    ]
    columns = [*named, *([NONE] if tissues.get(NONE) else [])]
    lines = [(v, v != over) for over, under in ranked_diseases(index) for v in (over, *under)]
    rows = tuple(
        MatrixRow(
            disease,
            index.labels.get(disease) or compact(disease),
            narrower,
            tuple(_cell(index, disease, tissue) for tissue in columns),
        )
        for disease, narrower in lines[:most_rows]
    )
    return EvidenceMatrix(
        tuple((v, "tissue not stated" if v == NONE else index.labels.get(v) or compact(v)) for v in columns),
        rows,
        sum(len(trial.values.get("tissue", ())) > 1 for trial in index.trials),
        max(len(lines) - most_rows, 0),
    )


def _cell(index: TrialIndex, disease: str, tissue: str) -> EvidenceCell:
    held = index.listed(index.fit({"disease": [disease], "tissue": [tissue]}))
    patients = sum(max(trial.patients, default=0) for trial in held)
    step = 1 + sum(patients >= least for least in STEPS) if held else 0
    return EvidenceCell(tissue, len(held), patients, step)
