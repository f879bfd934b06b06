"""The answer to a query in Python: an rdflib result that is a DataFrame on demand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rdflib import XSD, Literal
from rdflib.query import Result

from trialgraph.base.errors import InputError, UsageError
from trialgraph.rdf.formats import RESULTS_JSON

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are a package of their own

    from trialgraph.release.answers.open import PreparedAnswers

__all__ = ["Rows", "pandas", "prepared_rows"]

#: The Python types that a cell of a DataFrame has; any other value is its text.
_TYPES: Final = (bool, int, float, datetime.date, datetime.datetime)


def pandas() -> Any:
    """The module pandas.

    :raises InputError: it is not installed
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise InputError("pandas is not installed", hint="pip install 'trialgraph[pandas]'") from error
    return pd


class Rows(Result):
    """The rows of an answer: iterating gives rdflib terms, :meth:`df` a DataFrame, :meth:`records` plain values.

    As every rdflib result it has ``len()`` and ``serialize(format="csv")``; the answer to ASK is ``askAnswer``, that to
    CONSTRUCT ``graph``.
    """

    def __init__(self, answer: Result) -> None:
        super().__init__(answer.type)
        #: What a reader should know of the values that were given.
        self.notes: tuple[str, ...] = ()
        self.vars, self.askAnswer, self.graph = answer.vars, answer.askAnswer, answer.graph
        if answer.type == "SELECT":
            self.bindings = list(answer.bindings)

    def df(self) -> pd.DataFrame:
        """The answer as a DataFrame with the values of :meth:`records`.

        :raises InputError: pandas is not installed
        :raises UsageError: the query is an ASK
        """
        frame = pandas().DataFrame(self.records(), columns=list(self.columns), dtype=object)
        return frame.convert_dtypes()

    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings of column to value: numbers, dates and booleans as such, IRIs and words as text.

        A decimal is a float, an unbound variable None. The graph of a CONSTRUCT has the columns subject, predicate and
        object.

        :raises UsageError: the query is an ASK
        """
        if self.type == "ASK":
            raise UsageError("the answer to ASK is yes or no, not a table", hint="use .askAnswer")
        rows: Iterable[Sequence[Any]]
        if self.graph is not None:
            rows = sorted(self.graph)
        else:
            rows = [[binding.get(name) for name in self.vars or ()] for binding in self.bindings]
        return [dict(zip(self.columns, map(_value, row), strict=True)) for row in rows]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        if self.graph is not None:
            return ("subject", "predicate", "object")
        return tuple(map(str, self.vars or ()))

    def __repr__(self) -> str:
        if self.type == "ASK":
            return f"<answer: {'yes' if self.askAnswer else 'no'}>"
        return f"<{'; '.join((f'{len(self)} rows: ' + ', '.join(self.columns), *self.notes))}>"


def prepared_rows(prepared: PreparedAnswers, slug: str) -> Rows | None:
    """The table that answers a saved query, where the release has it as a file that can be read; else None."""
    if table := prepared.find(slug, RESULTS_JSON.name):
        with suppress(OSError), table.path.open("rb") as file:
            return Rows(_as_of_store(Result.parse(file, format="json")))
    return None


def _as_of_store(answer: Result) -> Result:
    """The answer with the terms that the store gives: a plain text has its datatype, what is unbound is None."""
    if answer.type == "SELECT":
        names = answer.vars or []
        answer.bindings = [{name: _typed(row.get(name)) for name in names} for row in answer.bindings]
    return answer


def _typed(term: Any) -> Any:
    if isinstance(term, Literal) and term.datatype is None and term.language is None:
        return Literal(str(term), datatype=XSD.string)
    return term


def _value(term: Any) -> Any:
    """A term as a Python value that pandas and its readers know; None where unbound."""
    if term is None:
        return None
    value = term.toPython() if isinstance(term, Literal) else str(term)
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, _TYPES) else str(term)
