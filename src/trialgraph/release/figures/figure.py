"""The figures: which saved question each one displays, its captions, and the call of the drawing process.

A figure has no numbers of its own. It shows the rows of a saved question, so its data, its query and its
picture cannot differ.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from trialgraph.base.errors import WorkerFailed
from trialgraph.base.readable import dose
from trialgraph.rdf.vocabulary import compact
from trialgraph.terminology.short_names import short_name_of

__all__ = ["FIGURES", "Drawn", "Figure", "Row", "draw_figures", "request_of"]

#: A row of the question: by column the text of the value, as in its CSV.
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure.

    :param slug: its name in addresses, and of its chart (:mod:`trialgraph.release.figures.drawing`)
    :param question: slug of the saved question that it shows
    :param says: what one mark means
    :param words: a row as a sentence, for those who hear the picture
    :param facets: the values under which the trials behind a row are listed; empty: the trial of the row
    """

    slug: str
    title: str
    says: str
    question: str
    words: Callable[[Row], str]
    facets: Mapping[str, str]


def _number(text: str) -> Decimal | None:
    """An end of a dose level; None for the end that a bound lacks."""
    return Decimal(text) if text else None


FIGURES: Final = (
    Figure(
        "evidence-map",
        "Where the evidence is: diseases and tissue sources",
        "A bubble for each disease and tissue source: its area is the patients, the number in it the trials.",
        "patients-by-disease-and-tissue",
        lambda row: (
            f"{row['diseaseLabel']}, {row['tissueLabel']}: {row['trials']} trials, {row['patients']} patients"
        ),
        {"disease": "disease", "tissue": "tissue"},
    ),
    Figure(
        "doses",
        "Doses per kilogram, by disease and tissue source",
        "Each mark is a dose level; marks at the same dose are stacked, and a line joins the ends of a range. A "
        "triangle is a bound: it points to the left for “up to”, to the right for “at least”. A red diamond is more "
        "than ten times, or less than a tenth of, the median of the other reports of its source.",
        "doses-by-disease-and-tissue",
        lambda row: (
            f"{row['trialLabel']}, {row['diseaseLabel']}, {row['tissueLabel']}: "
            f"{dose(_number(row['low']), _number(row['high']))} cells per kilogram"
            f"{', unusual' if row['outOfLine'] == 'true' else ''}"
        ),
        {},
    ),
    Figure(
        "phases",
        "How far along: phases by the status of results",
        "A bar for each phase, parted by what the source says of the results.",
        "trials-by-phase-and-status",
        lambda row: f"{row['phaseLabel']}, {row['statusLabel']}: {row['trials']} trials",
        {"phase": "phase", "results": "status"},
    ),
    Figure(
        "outcomes",
        "Which trial measures what",
        "A square where a report of the trial plans to measure it.",
        "trials-and-outcomes",
        lambda row: f"{row['trialLabel']}, {row['diseaseLabel']}, measures {row['measureLabel']}",
        {},
    ),
)

NUMBERS: Final = frozenset(("trials", "patients", "low", "high"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: wide and for narrow screens as SVG, and wide as PNG."""

    svg: str
    narrow: str
    png: bytes


def request_of(figure: Figure, rows: Sequence[Row], links: Sequence[str]) -> str:
    """What the drawing process is asked for: all that a picture depends on.

    :param links: for each row the address of the trials behind it, below the root of the site
    """
    marks = [_mark(figure, row, link) for row, link in zip(rows, links, strict=True)]
    return json.dumps({"chart": figure.slug, "rows": marks}, sort_keys=True)


def draw_figures(requests: Sequence[str], seconds: float) -> list[Drawn]:
    """The pictures that are asked for, drawn by one process, as its start takes longer than a picture.

    :param requests: of :func:`request_of`
    :param seconds: the most time that this may take
    :raises WorkerFailed: they were not drawn in that time, or one cannot be drawn
    """
    try:
        made = subprocess.run(
            [sys.executable, "-m", "trialgraph.release.figures.drawing"],
            input=f"[{','.join(requests)}]",
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise WorkerFailed("the picture could not be drawn", hint="its table and data are there") from error
    return [Drawn(one["svg"], one["narrow"], base64.b64decode(one["png"])) for one in json.loads(made.stdout)]


def _short_name(iri: str, label: str) -> str:
    """The short clinical name of a term, where it has one; else its label, or its CURIE."""
    if not iri:
        return label
    found = short_name_of(iri)
    return found.short if found else label or compact(iri)


def _mark(figure: Figure, row: Row, link: str) -> dict[str, Any]:
    """What the chart gets of a row."""
    marked: dict[str, Any] = {k: float(v) if k in NUMBERS and v else v for k, v in row.items()}
    flag = {"flag": "unusual" if row["outOfLine"] == "true" else "in line"} if "outOfLine" in row else {}
    short = {
        f"{name}Short": _short_name(row.get(name, ""), row[f"{name}Label"])
        for name in ("disease", "measure")
        if f"{name}Label" in row
    }
    if "trialLabel" in row:
        # a registry id, or the place in the source: the words of a mark have the whole name
        short["trialShort"] = row["trialLabel"].rpartition(", ")[2]
    return marked | flag | short | {"href": link, "words": figure.words(row)}
