"""The saved queries in Python: what there is to ask, with which parameters, and asking it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from trialgraph.base.errors import UsageError
from trialgraph.questions.saved_queries import Parameter, SavedQueries, SavedQuery, find_query
from trialgraph.rdf.vocabulary import compact

if TYPE_CHECKING:
    from trialgraph.release.names.parameter_values import Bound, ParameterValues
    from trialgraph.release.python.rows import Rows

__all__ = ["Question", "Questions"]

_HEADINGS: Final = ("slug", "question", "parameters")
#: How many choices are named in a description before it says how many more there are.
_NAMED: Final = 6


class Question:
    """A saved query. Call it with values of its parameters: ``question(disease="MONDO:0002562").df()``.

    :param saved: its file
    :param ask: answers SPARQL
    :param values: finds the values of parameters by any of their names
    """

    def __init__(self, saved: SavedQuery, ask: Callable[[str], Rows], values: ParameterValues) -> None:
        self._saved, self._ask, self._values = saved, ask, values
        self.slug, self.title, self.description = saved.slug, saved.title, saved.description
        self.topic, self.keywords = saved.topic, saved.keywords
        #: The parameters by name: type, label, default, whether a value is required.
        self.parameters: Mapping[str, Parameter] = {p.name: p for p in saved.parameters}

    def __call__(self, **parameters: object) -> Rows:
        """The answer. Values are names or ids of terms, numbers, dates or words; None counts as not given.

        ``notes`` of the answer has what is to be said of the values: that a term is known, but has no trials.

        :raises UsageError: an unknown parameter, a missing one, or a value that is not known or means several terms
        """
        bound = self._bound(parameters)
        rows = self._ask(bound.text)
        rows.notes = bound.notes
        return rows

    def sparql(self, **parameters: object) -> str:
        """The query with values of its parameters; errors as of a call."""
        return self._bound(parameters).text

    def _bound(self, parameters: Mapping[str, object]) -> Bound:
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        return self._values.bind(self._saved, given)

    def choices(self, parameter: str) -> dict[str, str]:
        """Values of a parameter with what they are called, as the form on its page offers them; empty: any value.

        :raises UsageError: there is no such parameter
        """
        if parameter not in self.parameters:
            self._saved.bind({parameter: "?"})  # its error names those that there are
        found = self.parameters[parameter]
        if found.values is not None or found.values_query is None:
            return dict(found.values or {})
        rows = (list(map(str, row.values())) for row in self._ask(found.values_query).records())
        return {compact(row[0]): row[-1] for row in rows}

    def __repr__(self) -> str:
        lines = [f"{self.slug}: {self.title}", *(f"  {self._described(p)}" for p in self.parameters.values())]
        return "\n".join(lines)

    def _described(self, parameter: Parameter) -> str:
        """``disease (iri, required, default MONDO:0005301): Disease; 14 choices: MONDO:0007915 (lupus), …``."""
        needed = "required" if parameter.required else "optional"
        default = f", default {parameter.default}" if parameter.default is not None else ""
        choices = self.choices(parameter.name)
        named = [value if value == label else f"{value} ({label})" for value, label in choices.items()][
            :_NAMED
        ]
        more = ", …" if len(choices) > len(named) else ""
        offered = f"; {len(choices)} choices: {', '.join(named)}{more}" if choices else ""
        return f"{parameter.name} ({parameter.type}, {needed}{default}): {parameter.label}{offered}"


class Questions(Mapping[str, Question]):
    """The saved queries by slug; printed, it is the table of them."""

    def __init__(self, queries: SavedQueries, ask: Callable[[str], Rows], values: ParameterValues) -> None:
        self._queries, self._ask, self._values = queries, ask, values

    def __getitem__(self, slug: str) -> Question:
        """The query of a slug.

        :raises UsageError: there is none; the error names the nearest
        """
        return Question(find_query(slug, self._queries), self._ask, self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def __contains__(self, slug: object) -> bool:
        return slug in self._queries

    def get(self, slug: str, default: Any = None) -> Any:
        """The query of a slug, or the default."""
        try:
            return self[slug]
        except UsageError:
            return default

    def _table(self) -> list[tuple[str, str, str]]:
        return [(q.slug, q.title, "; ".join(map(_brief, q.parameters))) for q in self._queries.values()]

    def __repr__(self) -> str:
        rows = [_HEADINGS, *self._table()]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in rows)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in _HEADINGS)
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self._table())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _brief(parameter: Parameter) -> str:
    """``disease: iri = MONDO:0005301``; the few values of one that takes no other are named."""
    kind = (
        "|".join(parameter.values) if parameter.values and len(parameter.values) <= _NAMED else parameter.type
    )
    default = f" = {parameter.default}" if parameter.default is not None else ""
    return f"{parameter.name}: {kind}{default}{'' if parameter.required else ' (optional)'}"
