"""``/trials``: faceted list of the trials; the URL holds the state of the list."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import safe_cells
from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import address, page_number
from trialgraph.http.protocol.responses import safe_cells_requested
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import CSV, HTML, JSON
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES, compact
from trialgraph.terminology.values import value_named
from trialgraph.views.facets import FACETS, NONE, Facet, Index, Listed, Value

__all__ = ["blueprint", "index_of_trials", "list_address"]

blueprint = Blueprint("trials", __name__)

SUFFIXES: Final = {"html": HTML, "json": JSON, CSV.suffix: CSV.media_type}
#: How the list may be ordered, and what to call it; a trial has as many numbers of patients as reports give.
SORTS: Final = {"label": "name", "patients": "most patients", "disease": "disease", "phase": "phase"}
COLUMNS: Final = ("disease", "cell", "tissue", "donor", "route", "phase", "registry", "results", "conflict")


@dataclass(frozen=True, slots=True)
class State:
    """What the address asks for.

    :param chosen: by facet the IRIs, or :data:`~trialgraph.views.facets.NONE`
    """

    chosen: dict[str, tuple[str, ...]]
    sort: str = "label"
    page: int = 1


def index_of_trials() -> Index:
    """The trials of the release that this request is on, gathered once."""
    return site().once("trials", _gather)


def list_address(**chosen: Iterable[str]) -> str:
    """The address of the list for some values: ``list_address(disease=["…MONDO_0007915"])``."""
    return _address(State({name: tuple(values) for name, values in chosen.items()}))


@blueprint.get("/trials")
@blueprint.get("/trials.<suffix>")
def index(suffix: str = "") -> Response:
    """The list: a page, CSV or JSON by suffix or ``Accept``."""
    if suffix and suffix not in SUFFIXES:
        raise NotFound(f"the list of trials has no .{suffix[:20]}; use .csv or .json")
    state, found = _state(), index_of_trials()
    media_type = SUFFIXES[suffix] if suffix else requested_type(SUFFIXES.values())
    trials = _sorted(found, state)
    if media_type == CSV.media_type:
        response = _csv(found, trials, safe=safe_cells_requested(request.args.get("cells", ""), bool(suffix)))
    elif media_type == JSON:
        response = jsonify([_record(found, trial) for trial in trials])
    else:
        response = make_response(_page(found, state, trials))
    return response


def _gather() -> Index:
    """All trials with their values, as far as the setting ``listed_trials`` lets."""
    most = site().settings.listed_trials
    found = select_rows(
        f"SELECT ?trial (MIN(?name) AS ?label) {{ ?trial a tg:Trial ; rdfs:label ?name }}"
        f" GROUP BY ?trial ORDER BY ?label ?trial LIMIT {most + 1}"
    )
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    patients: dict[str, list[int]] = defaultdict(list)
    names: set[str] = set()
    for facet in FACETS:
        for row in select_rows(
            f"SELECT ?trial ?value {{ ?trial a tg:Trial ; <{facet.link}> ?value }} ORDER BY ?trial ?value"
        ):
            values[iri_of(row["trial"])][facet.name].append(iri_of(row["value"]))
            names.add(iri_of(row["value"]))
    for row in select_rows(
        "SELECT ?trial ?n { ?trial tg:hasReport ?report . ?report tg:enrolledTotal ?n } ORDER BY ?report"
    ):
        patients[iri_of(row["trial"])].append(int(text_of(row["n"])))
    broader = {facet.name: _broader(facet) for facet in FACETS if facet.broader}
    names.update(b for steps in broader.values() for found_above in steps.values() for b in found_above)
    trials = tuple(
        Listed(
            iri=iri_of(row["trial"]),
            label=text_of(row["label"]),
            patients=tuple(patients[iri_of(row["trial"])]),
            values={name: tuple(dict.fromkeys(held)) for name, held in values[iri_of(row["trial"])].items()},
        )
        for row in found[:most]
    )
    scopes = {facet.name: _scopes(facet) for facet in FACETS if facet.scopes}
    names.update(value for held in scopes.values() for value in held)
    labels = site().labels(NamedNode(name) for name in names)
    return Index(trials, labels, broader, more=len(found) > most, scopes=scopes)


def _scopes(facet: Facet) -> dict[str, frozenset[str]]:
    """Of each value beside which a reviewed scope stands, the trials of the scope."""
    held: dict[str, set[str]] = defaultdict(set)
    query = (
        "SELECT ?value ?trial { ?scope a tg:Scope ; tg:standsBeside ?value . ?trial tg:inScope ?scope ; a tg:Trial"
        f" FILTER STRSTARTS(STR(?value), '{PREFIXES[facet.scopes]}') }}"
    )
    for row in select_rows(query):
        held[iri_of(row["value"])].add(iri_of(row["trial"]))
    return {value: frozenset(trials) for value, trials in held.items()}


def _broader(facet: Facet) -> dict[str, frozenset[str]]:
    """From each value that trials have, and from what is broader, the next broader ones."""
    steps: dict[str, set[str]] = defaultdict(set)
    query = (
        f"SELECT DISTINCT ?value ?over {{ {{ SELECT DISTINCT ?held {{ ?trial <{facet.link}> ?held }} }}"
        f" ?held <{facet.broader}>* ?value . ?value <{facet.broader}> ?over FILTER(isIRI(?over)) }}"
    )
    for row in select_rows(query):
        steps[iri_of(row["value"])].add(iri_of(row["over"]))
    return {value: frozenset(over) for value, over in steps.items()}


def _state() -> State:
    """What the address asks for.

    :raises UsageError: a parameter or an order that is not known
    """
    names = {facet.name for facet in FACETS}
    for name in request.args:
        if name not in names | {"sort", "page", "cells"}:
            raise UsageError(
                f"the list of trials has no parameter {name[:60]!r}",
                hint=f"it takes {', '.join(f.name for f in FACETS)}, sort and page",
            )
    sort = request.args.get("sort") or "label"
    if sort not in SORTS:
        raise UsageError("there is no such order", where="sort", hint=f"use one of {', '.join(SORTS)}")
    chosen = {
        facet.name: tuple(
            dict.fromkeys(_iri(facet, text) for text in request.args.getlist(facet.name) if text)
        )
        for facet in FACETS
    }
    return State({name: values for name, values in chosen.items() if values}, sort, page_number())


def _iri(facet: Facet, text: str) -> str:
    """The IRI that a value in the address names; one that nothing has is kept, and fits no trial."""
    if text == NONE:
        return NONE
    if facet.name == "registry" and ":" not in text:
        return iris.registry(text).value
    try:
        return value_named(text if ":" in text else f"tgc:{iris.encode(text)}").value
    except UsageError:
        return text


def _word(facet: str, iri: str) -> str:
    """A value as the address spells it: a slug where it is ours, else a CURIE."""
    if iri == NONE:
        return NONE
    if facet == "registry":
        return iri.rpartition("/")[2]
    return iri.removeprefix(PREFIXES["tgc"]) if iri.startswith(PREFIXES["tgc"]) else compact(iri)


def _address(state: State, suffix: str = "") -> str:
    """The address of a state; the same state has one address."""
    pairs = [
        (facet.name, _word(facet.name, value))
        for facet in FACETS
        for value in sorted(state.chosen.get(facet.name, ()))
    ]
    pairs += [("sort", state.sort)] if state.sort != "label" else []
    pairs += [("page", str(state.page))] if state.page > 1 else []
    path = url_for("trials.index", suffix=suffix) if suffix else url_for("trials.index")
    return f"{path}?{urlencode(pairs, safe=':')}" if pairs else path


def _sorted(found: Index, state: State) -> list[Listed]:
    """The trials that fit, in order; those without what they are ordered by stand last."""
    trials = found.listed(found.fit(state.chosen))
    if state.sort == "patients":
        trials.sort(key=lambda trial: -max(trial.patients, default=-1))
    elif state.sort != "label":
        trials.sort(
            key=lambda trial: (
                [found.labels.get(v, v) for v in trial.values.get(state.sort, ())] or ["\U0010ffff"]
            )
        )
    return trials


def _record(found: Index, trial: Listed) -> dict[str, object]:
    """A trial as JSON."""
    held = {
        name: [
            {"id": _word(name, value), "iri": value, "label": found.labels.get(value, "")}
            for value in trial.values.get(name, ())
        ]
        for name in (*COLUMNS, "outcome")
    }
    return {"iri": trial.iri, "label": trial.label, "patients": list(trial.patients), **held}


def _csv(found: Index, trials: list[Listed], *, safe: bool) -> Response:
    """The list as CSV: several values of a column are joined by ``|``.

    :param safe: no cell is a formula to a spreadsheet
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["trial", "label", "patients", *(n for name in COLUMNS for n in (name, f"{name}_label"))])
    for trial in trials:
        row = [trial.iri, trial.label, "|".join(map(str, trial.patients))]
        for name in COLUMNS:
            held = trial.values.get(name, ())
            row += ["|".join(_word(name, v) for v in held), "|".join(found.labels.get(v, "") for v in held)]
        writer.writerow(row)
    parts = safe_cells([out.getvalue().encode()]) if safe else [out.getvalue().encode()]
    response = make_response(b"".join(parts))
    response.headers["X-Trialgraph-Cells"] = "safe" if safe else "exact"
    response.content_type = CSV.content_type()
    return response


def _page(found: Index, state: State, trials: list[Listed]) -> str:
    rows, first = site().settings.page_rows, (state.page - 1) * site().settings.page_rows
    most = site().settings.facet_values
    groups = [
        (
            facet,
            [(_word(facet.name, v.iri), _label(v), v) for v in found.offered(facet, state.chosen, most)],
            found.hidden(facet, most),
        )
        for facet in FACETS
    ]
    listed = [
        (address(t.iri), t, {name: _words(found, name, t) for name in COLUMNS})
        for t in trials[first : first + rows]
    ]
    return render_template(
        "trials.html",
        state=state,
        groups=groups,
        sorts=SORTS,
        trials=listed,
        total=len(trials),
        whole=len(found.trials),
        cut=found.more,
        active=_active(found, state),
        clear=_address(State({}, state.sort)),
        downloads=[(s.upper(), _address(State(state.chosen, state.sort), s)) for s in ("csv", "json")],
        previous=_address(State(state.chosen, state.sort, state.page - 1)) if state.page > 1 else "",
        following=_address(State(state.chosen, state.sort, state.page + 1))
        if first + rows < len(trials)
        else "",
    )


def _label(value: Value) -> str:
    return value.label or compact(value.iri)


def _words(found: Index, name: str, trial: Listed) -> list[str]:
    """What the values of a trial are called."""
    return [found.labels.get(value) or compact(value) for value in trial.values.get(name, ())]


def _active(found: Index, state: State) -> list[tuple[str, str, str, int]]:
    """Each restriction in words, the address without it, and how many trials there would be."""
    made = []
    titles = {facet.name: facet for facet in FACETS}
    for name, values in state.chosen.items():
        for value in values:
            left = tuple(v for v in values if v != value)
            chosen = {n: v for n, v in {**state.chosen, name: left}.items() if v}
            words = titles[name].none if value == NONE else found.labels.get(value) or compact(value)
            count = found.fit(chosen).bit_count()
            made.append((titles[name].title, words, _address(State(chosen, state.sort)), count))
    return made
