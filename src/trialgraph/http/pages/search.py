"""``/search``: trials by anything they state, the values behind the words, and saved questions.

A registry id in any spelling leads straight to its trial.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import UsageError
from trialgraph.base.search_words import terms_of
from trialgraph.extract.text.registries import find_numbers
from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import address, outside, page_number
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf.formats import HTML, JSON
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES, REGISTRIES
from trialgraph.release.lists.facets import FACETS
from trialgraph.release.search.search_file import SEARCH_FILE
from trialgraph.views.flags import Flag, flag_of
from trialgraph.views.names import Name, abbreviations, name_of
from trialgraph.views.search_index import MOST_TERMS, Hit, Reason, SearchIndex, marked

__all__ = ["blueprint"]

blueprint = Blueprint("search", __name__)

#: Fields in words; a field that is a facet is called as the facet.
FIELDS: Final = {
    "registration": "Registry id", "name": "Name", "code": "Product code", "title": "Title", "product": "Product",
    "reference": "Reference", "qualifier": "Qualifier", "delivery": "Delivery", "combination": "Given with the cells",
    "target": "Target", "sponsor": "Sponsor", "country": "Country", "status": "Status", "mechanism": "Mechanism",
    "comparator": "Comparator", "design": "Design", "finding": "Finding", "conflict": "Check", "source": "Source",
} | {facet.name: facet.title for facet in FACETS}  # fmt: skip
MOST_VALUES: Final = 8
MOST_QUESTIONS: Final = 5
#: What a hit shows of a trial, by the name of the column.
COLUMNS: Final = {
    "disease": "tg:trialDisease", "qualifier": "tg:trialQualifier", "cell": "tg:trialCellType",
    "product": "tg:trialProduct", "phase": "tg:trialPhase", "results": "tg:trialResultsStatus",
    "patients": "tg:hasReport/tg:enrolledTotal",
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """A trial as the page displays it.

    :param held: names of its values, by column
    :param patients: the number that each report gives
    """

    hit: Hit
    about: str
    held: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    patients: list[int] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def cells(self) -> list[Name]:
        """What is given: the types of the cells, else what the products are called."""
        return self.held["cell"] or self.held["product"]


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value of trials, such as a disease.

    :param trials: address of the trials that have it or something narrower; empty: there is no such list
    :param count: how many they are
    """

    hit: Hit
    kind: str
    about: str
    trials: str = ""
    count: int = 0


@blueprint.get("/search")
def search() -> Response:
    """What the words find, as a page or as JSON."""
    words = " ".join(request.args.get("q", "").split())
    if len(words) > site().settings.search_chars:
        raise UsageError("this is too long to be searched for", where="q", hint="give a few words")
    kind = requested_type((HTML, JSON))
    file = site().release.path / SEARCH_FILE
    if not file.is_file():
        raise NotFound(
            "this release has no search index: it was built before there was one, so build it again"
        )
    index = SearchIndex(file, site().settings.page_seconds)
    if kind == HTML and len(same := index.registered(words) if words else ()) == 1:
        return make_response(redirect(address(same[0]), 302))
    most, page = site().settings.search_hits, page_number()
    result = index.find(words, most=most, values=MOST_VALUES, first=(page - 1) * most)
    trials = _trials(result.trials)
    found = list(_values(result.values))
    nearest = index.nearest(words) if words and not trials and not found else ""
    if kind == JSON:
        return jsonify(_record(words, nearest, result.total, found, trials))
    return make_response(
        render_template(
            "search.html",
            words=words,
            alone=result.alone,
            total=result.total,
            trials=trials,
            values=found,
            questions=_questions(words),
            nearest=nearest,
            elsewhere=_elsewhere(words),
            fields=FIELDS,
            short=abbreviations(n for t in trials for names in (*t.held.values(), t.cells) for n in names),
            previous=_page(words, page - 1) if page > 1 else "",
            following=_page(words, page + 1) if page * most < result.total else "",
        )
    )


def _page(words: str, page: int) -> str:
    pairs = [("q", words), *([("page", str(page))] if page > 1 else [])]
    return f"{url_for('search.search')}?{urlencode(pairs)}"


def _values(hits: Sequence[Hit]) -> Iterator[FoundValue]:
    """The values with the trials behind them, by the same sets as the facets."""
    index = index_of_trials()
    for hit in hits:
        count = index.count(hit.kind, hit.iri)
        listed = list_address(**{hit.kind: (hit.iri,)}) if count is not None else ""
        yield FoundValue(
            hit, FIELDS.get(hit.kind, hit.kind), address(hit.iri, known=True), listed, count or 0
        )


def _trials(hits: Sequence[Hit]) -> list[Found]:
    """The trials with what a reviewer looks at first."""
    made = {hit.iri: Found(hit, address(hit.iri)) for hit in hits}
    if not made:
        return []
    parts = " UNION ".join(
        f'{{ ?trial {path} ?value . BIND("{name}" AS ?column) }}' for name, path in COLUMNS.items()
    )
    query = (
        f"SELECT DISTINCT ?column ?trial ?value ?label {{ {values('trial', made)} {parts}"
        " OPTIONAL { ?value rdfs:label ?label FILTER(LANG(?label) IN ('', 'en')) } }"
        " ORDER BY ?trial ?column ?label ?value"
    )
    for row in select_rows(query):
        trial, column = made[iri_of(row["trial"])], text_of(row["column"])
        if column == "patients":
            trial.patients.append(int(text_of(row["value"])))
            continue
        name = name_of(iri_of(row["value"]), text_of(row.get("label")))
        if name not in trial.held[column]:
            trial.held[column].append(name)
    _add_flags(made)
    return list(made.values())


def _add_flags(trials: dict[str, Found]) -> None:
    query = (
        f"SELECT DISTINCT ?trial ?conflict ?severity ?kind ?brief ?message ?settled {{ {values('trial', trials)}"
        " ?trial tg:hasReport/tg:hasConflict ?conflict . ?conflict tg:severity ?severity ;"
        " tg:conflictKind/rdfs:label ?kind ; rdfs:label ?message . OPTIONAL { ?conflict dcterms:title ?brief }"
        " BIND(EXISTS { ?conflict tg:settledBy ?any } AS ?settled) } ORDER BY ?trial ?conflict"
    )
    for row in select_rows(query):
        settled = text_of(row["settled"]) == "true"
        brief, kind, message = (text_of(row.get(name)) for name in ("brief", "kind", "message"))
        page = address(iri_of(row["conflict"]))
        flag = flag_of(iri_of(row["severity"]), brief, kind, message, page, settled=settled)
        if flag.open:
            trials[iri_of(row["trial"])].flags.append(flag)


def _questions(words: str) -> list[SavedQuery]:
    """The saved questions whose title or keywords have all the words."""
    terms, _ = terms_of(words, MOST_TERMS)
    made = []
    for saved in site().queries.values() if terms else ():
        texts = (saved.title, *saved.keywords)
        if all(any(run.marked for text in texts for run in marked(text, (term,))) for term in terms):
            made.append(saved)
    return made[:MOST_QUESTIONS]


def _elsewhere(words: str) -> tuple[str, str] | None:
    """A registry id that no trial here has, and its entry at the registry where that has an address."""
    for number in find_numbers(words):
        prefix = REGISTRIES.get(number.register, "")
        return number.number, outside(f"{PREFIXES[prefix]}{number.number}") if prefix else ""
    return None


def _record(
    words: str, nearest: str, total: int, found: Sequence[FoundValue], trials: Sequence[Found]
) -> dict[str, Any]:
    """The answer as JSON; fields are only added to it."""
    hits: list[dict[str, Any]] = [
        {
            "kind": value.kind,
            "iri": value.hit.iri,
            "label": value.hit.label,
            "about": value.about,
            "trials": value.trials,
            "count": value.count,
            "why": _why(value.hit.reasons),
        }
        for value in found
    ]
    for trial in trials:
        columns = {
            name: [value.long or value.short for value in trial.held[name]]
            for name in COLUMNS
            if name != "patients"
        }
        hits.append(
            {
                "kind": "Trial",
                "iri": trial.hit.iri,
                "label": trial.hit.label,
                "about": trial.about,
                "trials": "",
                "count": 0,
                "why": _why(trial.hit.reasons),
                **columns,
                "patients": trial.patients,
            }
        )
    return {"query": words, "nearest": nearest, "total": total, "hits": hits}


def _why(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [
        {"field": FIELDS.get(r.field, r.field), "text": "".join(run.text for run in r.runs)} for r in reasons
    ]
