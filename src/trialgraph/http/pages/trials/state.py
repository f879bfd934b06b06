"""The state of the table of trials in its address: what is chosen, by what it is sorted, which columns are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from flask import request, url_for

from trialgraph.base.errors import UsageError
from trialgraph.extract.registries.record_columns import every_column as columns_of_releases
from trialgraph.http.pages.links import page_number
from trialgraph.http.pages.trials.facet_values import facet_value
from trialgraph.release.lists.addresses import spelled, value_pairs
from trialgraph.release.lists.facets import ALL_FACETS

__all__ = [
    "COMPOSED",
    "DEFAULT",
    "SORTS",
    "State",
    "every_column",
    "list_address",
    "requested_state",
    "spelled",
]

#: Columns of the page that show several columns of ``trialgraph trials`` in one.
COMPOSED: Final = {
    "condition": ("disease_label", "qualifiers"),
    "cells": ("tissue_sources", "cell_types", "donor_type", "product"),
    "dose": ("dose_low", "dose_high", "dose_levels", "dose_unit", "combined_with"),
}
#: What the page shows unless the address names columns.
DEFAULT: Final = (
    "condition", "cells", "phase", "n_total", "n_treatment", "n_control", "dose", "routes", "follow_up_months",
    "outcomes", "results_status",
)  # fmt: skip
#: Orders by the names that they had before any column could be one.
SORTS: Final = {"label": "trial", "patients": "-n_total"}
_FACETS: Final = {facet.name: facet for facet in ALL_FACETS}
_OTHERS: Final = ("columns", "sort", "page", "cells")


@dataclass(frozen=True, slots=True)
class State:
    """What the address asks for.

    :param chosen: by facet the values, or :data:`~trialgraph.views.facets.NONE`
    :param sort: a column, with ``-`` before it from the highest; empty: the order of the sources
    :param columns: as the address names them; none: the default of the page, every column of a file
    :param notes: what is to be said of the values: that no trial has one, though it is known
    """

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def order(self) -> str:
        """The column of the table that it is sorted by."""
        return SORTS.get(self.sort, self.sort)

    def flat(self, others: Sequence[str]) -> list[str]:
        """The columns of ``trialgraph trials`` that a file has.

        :param others: those where the address names none
        """
        names = (one for name in self.columns or others for one in COMPOSED.get(name, (name,)))
        return list(dict.fromkeys(names))

    def address(self, suffix: str = "") -> str:
        """Its address; the same state has one."""
        pairs = value_pairs(self.chosen)
        pairs += [("columns", ",".join(self.columns))] if self.columns else []
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        path = url_for("trials.index", suffix=suffix) if suffix else url_for("trials.index")
        return f"{path}?{urlencode(pairs, safe=':,')}" if pairs else path

    def on_page(self, page: int) -> str:
        """The address of another page of it."""
        return replace(self, page=page).address()


def every_column() -> tuple[str, ...]:
    """All columns of ``trialgraph trials``, in their order."""
    return tuple(column.name for column in columns_of_releases())


def list_address(**chosen: Iterable[str]) -> str:
    """The address of the list for some values: ``list_address(disease=["…MONDO_0007915"])``."""
    return State({name: tuple(values) for name, values in chosen.items()}).address()


def requested_state() -> State:
    """What the address asks for.

    :raises UsageError: a parameter, a value, a column or an order that is not known
    """
    for name in request.args:
        if name not in _FACETS and name not in _OTHERS:
            raise UsageError(
                f"the list of trials has no parameter {name[:60]!r}",
                hint=f"it takes {', '.join(_FACETS)}, columns, sort and page",
            )
    chosen: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    for name, facet in _FACETS.items():
        found = [facet_value(facet, text) for text in request.args.getlist(name) if text]
        notes += [note for _, note in found if note]
        if found:
            chosen[name] = tuple(dict.fromkeys(value for value, _ in found))
    return State(chosen, _sort(), page_number(), _columns(), tuple(notes))


def _sort() -> str:
    sort = request.args.get("sort", "")
    known = {*SORTS, *COMPOSED, "trial", *every_column()}
    if sort and sort not in known and (not sort.startswith("-") or sort[1:] not in known - {*SORTS}):
        raise UsageError(
            "there is no such order",
            where="sort",
            hint=f"use a column, or -column: {', '.join(sorted(known))}",
        )
    return sort


def _columns() -> tuple[str, ...]:
    names = [
        name for text in request.args.getlist("columns") for name in text.replace(" ", ",").split(",") if name
    ]
    if names == ["default"]:
        return ()
    if "all" in names:
        return every_column()
    if unknown := [name for name in names if name not in COMPOSED and name not in every_column()]:
        raise UsageError(
            f"there is no column {unknown[0][:40]!r}",
            where="columns",
            hint=f"use all, or {', '.join((*COMPOSED, *every_column()))}",
        )
    made = tuple(dict.fromkeys(names))
    return () if made == DEFAULT else made
