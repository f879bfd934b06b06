"""The page of the table of trials: facets, columns, rows, pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import render_template

from trialgraph.base.escaping import visible
from trialgraph.extract.registries.record_columns import RECORD_NAME
from trialgraph.http.pages.links import address
from trialgraph.http.pages.trials.cells import TableCell, TableCells, column_heading, source_page
from trialgraph.http.pages.trials.index import about_release, evidence_table, index_of_trials
from trialgraph.http.pages.trials.state import COMPOSED, DEFAULT, State, every_column, spelled
from trialgraph.http.site import site
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.lists.facets import ALL_FACETS, NONE, Facet, Index, Value
from trialgraph.release.lists.lists import Lists
from trialgraph.views.evidence.headings import grouped, heading
from trialgraph.views.flags import Flag
from trialgraph.views.names import Name, abbreviations, name_of

__all__ = ["page_of"]

#: Facets with a menu of their own, and its name; the others share one.
_FIRST: Final = {
    "disease": "Disease", "tissue": "Tissue", "donor": "Donor", "phase": "Phase", "basis": "Dose basis",
    "route": "Route", "outcome": "Outcome", "results": "Result", "conflict": "Flags",
}  # fmt: skip
#: Columns that are chosen together, by a name.
_SETS: Final = (
    ("default", ()),
    ("PICO", ("condition", "n_total", "cells", "dose", "routes", "comparator", "n_control", "outcomes")),
    ("dosing", ("cells", "dose", "dose_count", "dose_frequency", "routes", "combined_with")),
    (
        "checks",
        ("source", "row", "n_total", "n_treatment", "n_control", "dose", "conflicts", "unread", "corrected"),
    ),
    ("registry", (
        "title", "status", "start_date", "phase", "n_total", "enrolment_type", "sponsor", "sponsor_class", "countries",
        "primary_outcomes", "has_results", "data_version",
    )),
    ("all", ("all",)),
)  # fmt: skip
#: Columns of long texts.
_WIDE: Final = frozenset({
    "outcomes", "mechanisms", "title", "comparator", "why_stopped", "conditions", "keywords", "arms", "interventions",
    "arm_interventions", "primary_outcomes", "primary_time_frames", "references", "baseline_groups", "flow_groups",
    "serious_events", "primary_results",
})  # fmt: skip
_FILES: Final = (("Excel", "xlsx"), ("CSV", "csv"), ("JSON", "json"), ("RIS", "ris"))


@dataclass(frozen=True, slots=True)
class FacetMenu:
    """A facet as the form offers it.

    :param reviewed: the reviewed scopes with what each counts, or where there are none the values
    :param tree: the tree of the ontology where ``reviewed`` stands in its place
    :param hidden: how many values are not offered
    """

    facet: Facet
    reviewed: list[tuple[str, Name, Value]]
    tree: list[tuple[str, Name, Value]]
    hidden: int
    chosen: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row.

    :param again: the trial stands in the row before, too
    :param source: name and address of the source, where the trial has several reports
    """

    href: str
    name: str
    again: bool
    source: tuple[str, str] | None
    flags: tuple[Flag, ...]
    cells: list[TableCell]

    @property
    def mark(self) -> str:
        """The most severe mark of a conflict in it."""
        marks = {flag.mark for flag in (*self.flags, *(f for cell in self.cells for f in cell.flags))}
        return "error" if "error" in marks else "warn" if marks & {"warn", "unread"} else ""


def page_of(state: State) -> str:
    """The page."""
    here, index, table = site(), index_of_trials(), evidence_table()
    mask = index.mask(index.fit(state.chosen))
    sources = state.chosen.get("source", ())
    places = table.places(mask, sources, state.order, together=True)
    first = (state.page - 1) * here.settings.list_rows
    # A release of tables alone has no columns of records.
    names = tuple(name for name in state.columns or DEFAULT if name in COMPOSED or name in table.at)
    cells = TableCells(table, index, names)
    shown = list(_rows(cells, places[first : first + here.settings.list_rows], places if sources else None))
    menus = {facet.name: _menu(index, facet, state) for facet in ALL_FACETS}
    bare = replace(state, page=1)
    return render_template(
        "trials.html",
        state=state,
        menus=[(title, menus[name]) for name, title in _FIRST.items() if menus[name].reviewed],
        others=[m for name, m in menus.items() if m.reviewed and name not in _FIRST],
        rows=shown,
        wide=_WIDE,
        columns=[_head(state, cells, name) for name in ("trial", *names)],
        chooser=_chooser(table, names),
        sets=[
            (title, replace(bare, columns=_columns(table, one)).address())
            for title, one in _SETS
            if title != "registry" or RECORD_NAME.name in table.at
        ],
        counts=_counts(bare, places, index, table),
        active=list(_active(index, state)),
        clear=State(columns=state.columns, sort=state.sort).address(),
        downloads=[(title, bare.address(suffix)) for title, suffix in _FILES],
        previous=state.on_page(state.page - 1) if state.page > 1 else "",
        following=state.on_page(state.page + 1) if first + here.settings.list_rows < len(places) else "",
        part=(first + 1, first + len(shown), len(places)),
        abbreviations=abbreviations(cells.used),
    )


def _rows(cells: TableCells, shown: Sequence[int], places: Sequence[int] | None) -> Iterator[PageRow]:
    """The rows of a page.

    :param places: of all rows that fit, where not all reports of a trial do
    """
    before = None
    reports = cells.table.reports_of(shown, places)
    titles = {source.slug: source.title for source in about_release().sources}
    for row, number in zip(cells.table.rows(shown), reports, strict=True):
        slug = cells.table.text(row, "source")
        flags, made = cells.of(row)
        several = row.trial and number > 1
        yield PageRow(
            address(row.trial) if row.trial else "",
            row.name,
            bool(row.trial) and row.trial == before,
            (titles.get(slug) or slug, source_page(slug)) if several else None,
            flags,
            made,
        )
        before = row.trial


def _head(state: State, cells: TableCells, name: str) -> dict[str, Any]:
    """A heading: its words, the address that sorts by it, and how it is sorted now."""
    now = {name: "ascending", f"-{name}": "descending"}.get(state.order, "")
    sort = f"-{name}" if now == "ascending" else name
    if now == "descending":
        sort = ""
    return {
        "name": name,
        "title": column_heading(name),
        "href": replace(state, sort=sort, page=1).address(),
        "sorted": now,
        "number": cells.is_number(name),
    }


def _chooser(table: Lists, names: Sequence[str]) -> list[tuple[str, list[tuple[str, str, str, bool, bool]]]]:
    """The columns in groups: name, title, meaning, whether it is shown, whether any report has a value."""
    composed = [
        (name, column_heading(name), ", ".join(heading(one) for one in of), name in names, True)
        for name, of in COMPOSED.items()
    ]
    groups = [
        (title, [(c.name, heading(c.name), c.meaning, c.name in names, c.name in table.filled) for c in held])
        for title, held in grouped(table.columns)
    ]
    return [("Several in one", composed), *groups]


def _columns(table: Lists, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(table.known(every_column())) if names == ("all",) else names


def _counts(state: State, places: Sequence[int], index: Index, table: Lists) -> dict[str, Any]:
    """What the line above the table says."""
    counted = table.counted(places)
    kinds = tuple(value for value in index.bits["conflict"] if value != NONE)
    return {
        "reports": counted.reports,
        "trials": counted.trials,
        "all_reports": table.whole.reports,
        "all_trials": index.size,
        "sources": counted.sources,
        "flags": counted.flags,
        "errors": counted.errors,
        "flagged": replace(state, chosen={**state.chosen, "conflict": kinds}).address() if kinds else "",
    }


def _menu(index: Index, facet: Facet, state: State) -> FacetMenu:
    most = site().settings.facet_values
    reviewed = index.reviewed(facet, state.chosen, most)
    offered = index.offered(facet, state.chosen, most)
    telling = [value for value in offered if value.iri != NONE]
    # A menu of nothing but "not stated" narrows nothing.
    first = (reviewed or offered) if telling else []
    return FacetMenu(
        facet,
        [(spelled(facet.name, v.iri), _name(facet, v), v) for v in first],
        [(spelled(facet.name, v.iri), _name(facet, v), v) for v in telling] if reviewed else [],
        index.hidden(facet, most),
        len(state.chosen.get(facet.name, ())),
    )


def _name(facet: Facet, value: Value) -> Name:
    # Menus have room for the whole name.
    return Name(visible(value.label or (value.iri if facet.column else compact(value.iri))))


def _active(index: Index, state: State) -> Iterator[tuple[str, str, str, int]]:
    """Each restriction in words, the address without it, and how many trials there would be."""
    for facet in ALL_FACETS:
        values = state.chosen.get(facet.name, ())
        for value in values:
            left = tuple(v for v in values if v != value)
            chosen = {n: v for n, v in {**state.chosen, facet.name: left}.items() if v}
            known = visible(index.labels.get(value) or (value if facet.column else name_of(value).short))
            words = facet.none if value == NONE else known
            count = index.fit(chosen).bit_count()
            yield facet.title, words, replace(state, chosen=chosen, page=1).address(), count
