"""Saved queries (prepared queries): a question in plain words, a ``.rq`` file, and parameters bound as RDF terms.

``queries/<topic>/<nn>-<slug>.rq`` is valid SPARQL alone. Its leading lines that start with ``#+`` are YAML:

.. code-block:: yaml

    title: Which trials study a disease, including narrower diseases?
    description: One or two sentences.
    keywords: [disease, trials]
    parameters:
      - {name: disease, type: iri, label: Disease, default: MONDO:0007915, required: true}
    expected: {rows: 7, columns: [trial, label]}
    provenance: {patients: trial n_total}

``#@ disease`` alone on a line inside the WHERE group marks where a parameter is bound: the line becomes
``VALUES (?disease) { (<http://purl.obolibrary.org/obo/MONDO_0007915>) }``. What follows the name on the line, such as
``#@ route ?trial tg:trialRoute ?route .``, is then part of the query, too. A parameter without value and default leaves
the line the comment that it is. Values are never pasted into patterns: they are parsed by
their type, made into RDF terms, and written by the engine's own serialiser.

A malformed file breaks its own query only (:func:`read_queries`).
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from trialgraph.base.errors import BrokenQuery, InputError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.base.small_files import small_text
from trialgraph.questions.query_header import ParameterType, read_header
from trialgraph.rdf.vocabulary import XSD, expand
from trialgraph.terminology.values import value_named

__all__ = [
    "Expected",
    "Parameter",
    "SavedQueries",
    "SavedQuery",
    "find_query",
    "load_queries",
    "read_queries",
]

MARK: Final = re.compile(r"^([ \t]*)#@[ \t]+(\w+)(?:[ \t]+(\S[^\r\n]*))?[ \t]*$", re.MULTILINE)
NAME: Final = re.compile(r"(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)\.rq")
# Display order; other topics follow, by name.
TOPICS: Final = (
    "trials",
    "patients",
    "cells",
    "doses",
    "outcomes",
    "results",
    "reviews",
    "registries",
    "quality",
    "provenance",
    "ontology",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question.

    :param name: of the variable that is bound, without question mark
    :param label: the form field's label
    :param default: used where no value is given; None: the query then runs without this restriction
    :param values: value -> its label; if given, no other value is accepted
    :param values_query: a SELECT of ``?value`` and ``?label`` that suggests values (not a restriction)
    :param required: a value or a default is needed
    :param chars: longest text that it takes, from the setting ``parameter_chars``
    """

    name: str
    type: ParameterType
    label: str
    default: str | None = None
    values: Mapping[str, str] | None = None
    values_query: str | None = None
    required: bool = False
    chars: int = DEFAULTS.parameter_chars

    def term(self, value: str) -> NamedNode | RdfLiteral:
        """The RDF term for a value as a user types it.

        :raises UsageError: it is not valid for the parameter's type or values
        """
        text = value if self.type == "string" else value.strip()
        if self.values is not None and text not in self.values:
            raise self._invalid(value, f"one of {', '.join(self.values)}")
        try:
            return self._typed(text)
        except (ValueError, UsageError):
            raise self._invalid(value, self.fits()) from None

    def _typed(self, text: str) -> NamedNode | RdfLiteral:
        if self.type == "iri":
            # A value that is listed is meant as it is; else any id of the same thing will do.
            return value_named(text) if self.values is None else expand(text)
        if self.type == "integer" and re.fullmatch(r"[+-]?[0-9]{1,30}", text):
            return RdfLiteral(text, datatype=XSD.integer)
        if self.type == "decimal" and re.fullmatch(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{1,30})?)", text):
            return RdfLiteral(text, datatype=XSD.decimal)
        if self.type == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return RdfLiteral(datetime.date.fromisoformat(text).isoformat(), datatype=XSD.date)
        if self.type in ("string", "enum") and len(text) <= self.chars:
            # no control characters, NUL or lone surrogates
            if any(not c.isprintable() and c not in "\t\n\r\u00a0\u3000" for c in text):
                raise ValueError(text)
            return RdfLiteral(text)
        raise ValueError(text)

    def fits(self) -> str:
        """What a value of its type looks like, in words."""
        return FITS[self.type].format(most=self.chars)

    def _invalid(self, value: str, fits: str) -> UsageError:
        excerpt = value if len(value) <= 60 else value[:60] + "…"
        return UsageError(f"{excerpt!r} is not valid", where=f"parameter {self.name}", hint=f"give {fits}")


FITS: Final[Mapping[str, str]] = {
    "iri": "a CURIE like MONDO:0007915 or DOID:9074, or an http(s) IRI",
    "string": "at most {most} printable characters",
    "integer": "a whole number like 12",
    "decimal": "a number like 0.5",
    "date": "a date like 2020-12-31",
    "enum": "one of its values",
}


#: The white space between two sentences.
_SENTENCE: Final = re.compile(r'(?<=[.?!])\s+(?=["“(]?[A-Z])')


@dataclass(frozen=True, slots=True)
class Expected:
    """The result expected on the seed release with the defaults; None: not stated."""

    rows: int | None
    columns: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with its SPARQL.

    :param slug: its name in URLs and on the command line; stable
    :param topic: its folder
    :param number: its place in the topic
    :param title: the question in plain words
    :param text: the whole file
    :param provenance: column of a value -> column of the node that the value is of, and the field it was read from;
        a page leads from such a value to the characters of that reading
    :param file: ``<topic>/<nn>-<slug>.rq``
    """

    slug: str
    topic: str
    number: int
    title: str
    description: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    expected: Expected
    text: str
    provenance: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    file: str = ""

    def line_of(self, key: str) -> int:
        """The line of the file on which the header states something; 1 where it does not."""
        stated = re.compile(rf"#\+ ?{re.escape(key)}\s*:")
        return next((n for n, line in enumerate(self.text.splitlines(), 1) if stated.match(line)), 1)

    @property
    def sparql(self) -> str:
        """The file without its header."""
        return "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+"))

    @property
    def summary(self) -> str:
        """The first sentence of the description: what one row of the answer is, or what is counted."""
        return _SENTENCE.split(self.description, maxsplit=1)[0]

    @property
    def notes(self) -> str:
        """The rest of the description: what is counted how, and what the answer does not say."""
        return self.description.removeprefix(self.summary).strip()

    def bind(self, values: Mapping[str, str] | None = None) -> str:
        """The query with its parameters bound; an empty value counts as none given.

        :param values: parameter name -> value as a user types it: CURIE, number, ISO date, words
        :raises UsageError: an unknown parameter, a missing one, or an invalid value
        """
        given = {name: value for name, value in (values or {}).items() if value != ""}
        known = {p.name: p for p in self.parameters}
        for name in given:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                takes = f"it takes {', '.join(known)}" if known else "it takes none"
                raise UsageError(
                    f"the question {self.slug} has no parameter {name[:60]!r}",
                    hint=f"did you mean {near[0]}? {takes}" if near else takes,
                )
        terms: dict[str, str] = {}
        for name, parameter in known.items():
            value = given.get(name, parameter.default)
            if value is not None:
                terms[name] = str(parameter.term(value))
            elif parameter.required:
                raise UsageError(
                    "a value is required", where=f"parameter {name}", hint=f"give {parameter.fits()}"
                )

        def values_line(found: re.Match[str]) -> str:
            term = terms.get(found[2])
            if term is None:
                return found[0]
            rest = f" {found[3].rstrip()}" if found[3] else ""
            return f"{found[1]}VALUES (?{found[2]}) {{ ({term}) }}{rest}"

        return MARK.sub(values_line, self.sparql)


class SavedQueries(dict[str, SavedQuery]):
    """The queries that can be answered, by slug, in the order of topic and number.

    :ivar broken: slug -> what is wrong with its file, with file and line
    """

    def __init__(
        self, queries: Mapping[str, SavedQuery] | None = None, broken: Mapping[str, BrokenQuery] | None = None
    ) -> None:
        super().__init__(queries or {})
        self.broken: Mapping[str, BrokenQuery] = dict(broken or {})


def load_queries(folder: Path | None = None, settings: Settings | None = None) -> dict[str, SavedQuery]:
    """All saved queries by slug, each of them sound; otherwise as :func:`read_queries`.

    :raises BrokenQuery: a file name, a header or a marker is malformed, or two files share a slug
    """
    queries = read_queries(folder, settings)
    for error in queries.broken.values():
        raise error
    return queries


def read_queries(folder: Path | None = None, settings: Settings | None = None) -> SavedQueries:
    """The saved queries; a malformed file is in ``broken`` and does not keep the others from being read.

    :param folder: None: the packaged ones
    :param settings: the limits of files and parameters; None: those of the environment
    :raises InputError: this installation has no folder of queries
    """
    settings = settings or Settings.load()
    home = folder or resource("queries")
    queries: dict[str, SavedQuery] = {}
    broken: dict[str, BrokenQuery] = {}
    for path in sorted(home.glob("*/*.rq"), key=_place):
        where = f"{path.parent.name}/{path.name}"
        try:
            query = _read(path, settings)
            if query.slug in queries:
                raise InputError(f"the slug {query.slug} is taken", where=where, hint="rename it")
        except InputError as error:
            named = NAME.fullmatch(path.name)
            slug = named[2] if named and named[2] not in queries else where
            broken[slug] = BrokenQuery(error.what, where=_located(error.where, path, where), hint=error.hint)
        else:
            queries[query.slug] = query
    return SavedQueries(queries, broken)


def _located(stated: str, path: Path, where: str) -> str:
    """The place of an error, which begins with the file as people name it, not with where it lies on this machine."""
    if stated.startswith(where):
        return stated
    return where if stated in ("", str(path)) else f"{where}: {stated}"


def _place(path: Path) -> tuple[int, Path]:
    topic = path.parent.name
    return TOPICS.index(topic) if topic in TOPICS else len(TOPICS), path


def find_query(slug: str, queries: Mapping[str, SavedQuery]) -> SavedQuery:
    """The query of that slug.

    :raises BrokenQuery: its file is malformed
    :raises UsageError: there is none; the error suggests similar slugs
    """
    if slug in queries:
        return queries[slug]
    broken: Mapping[str, BrokenQuery] = getattr(queries, "broken", {})
    if slug in broken:
        raise broken[slug]
    near = difflib.get_close_matches(slug, queries, n=3, cutoff=0.4)
    raise UsageError(
        f"there is no saved query {slug[:60]!r}",
        hint=f"did you mean {' or '.join(near)}?" if near else "see the list of saved queries",
    )


def _read(path: Path, settings: Settings) -> SavedQuery:
    """One file."""
    where = f"{path.parent.name}/{path.name}"
    named = NAME.fullmatch(path.name)
    if not named:
        raise InputError("a saved query is named like 01-trials-by-disease.rq", where=where, hint="rename it")
    text = small_text(path, path.parents[1], settings.query_file_bytes)
    head = read_header(text, where)
    parameters = tuple(_parameter(item, settings.parameter_chars) for item in head.get("parameters") or ())
    marks = [found[2] for found in MARK.finditer(text)]
    for name in {p.name for p in parameters} ^ set(marks):
        raise InputError(
            f"the parameter {name} needs one line '#@ {name}' and an entry under parameters",
            where=where,
            hint="add what is missing",
        )
    expected = head.get("expected") or {}
    columns = expected.get("columns")
    return SavedQuery(
        slug=named[2],
        topic=path.parent.name,
        number=int(named[1]),
        title=head["title"],
        description=str(head.get("description") or "").strip(),
        keywords=tuple(map(str, head.get("keywords") or ())),
        parameters=parameters,
        expected=Expected(expected.get("rows"), None if columns is None else tuple(map(str, columns))),
        text=text,
        provenance=_provenance(head.get("provenance") or {}, where),
        file=where,
    )


def _provenance(given: Any, where: str) -> dict[str, tuple[str, str]]:
    """``provenance: {total: report n_total}`` as column -> (column, field)."""
    made = {}
    for column, of in given.items() if isinstance(given, dict) else [(given, "")]:
        words = re.fullmatch(r"(\w+) (\w+)", str(of))
        if not words:
            raise InputError(
                f"the provenance of {column} needs a column and a field",
                where=where,
                hint="write total: report n_total",
            )
        made[str(column)] = (words[1], words[2])
    return made


def _parameter(item: Mapping[str, Any], chars: int) -> Parameter:
    """One entry under ``parameters``; ``values`` is a list, or a mapping of value to label."""
    values = item.get("values")
    if isinstance(values, list):
        values = {str(v): str(v) for v in values}
    elif values is not None:
        values = {str(value): str(label) for value, label in values.items()}
    default = item.get("default")
    parameter = Parameter(
        name=item["name"],
        type=item.get("type", "string"),
        label=str(item.get("label") or item["name"]),
        default=None if default is None else str(default),
        values=values,
        values_query=item.get("values_query"),
        required=item.get("required", False),
        chars=chars,
    )
    if parameter.default is not None:
        parameter.term(parameter.default)
    return parameter
