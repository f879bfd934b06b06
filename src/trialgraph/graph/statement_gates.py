"""The checks that hold what was read against what is stated, made of the records of all columns.

A value that a column read and that no triple states is a violation, whichever column it is: nobody has to remember to
write a gate for a new one. What is the same for all columns stands in ``ontology/shapes/statements.rq``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.extract.column_type import ColumnType, PropertyShape, Statement
from trialgraph.extract.registries.prose.rules import READINGS_OF_PROSE
from trialgraph.rdf.vocabulary import PREFIXES, TG, concept

__all__ = ["column_shapes", "statement_gate"]

_PREFIXES: Final = ("dcterms", "tg", "tgc", "xsd", "sh")

# What a reviewer has corrected is stated as entered instead (ontology/shapes/curation.rq).
# A reading that a report or a part of it rests on, or should: it has its cell in the row of the report, or in its
# record. Each gate is made for both: for a path of alternatives the engine looks through all cells for each report.
_FROM: Final = ("tg:fromRow", "tg:fromRecord")
_OF_REPORT: Final = """FROM/tg:hasCell/^tg:fromCell ?reading .
    FILTER (EXISTS {{ ?any tg:readFrom ?reading }} || EXISTS {{ ?conflict tg:preferredReading ?reading }})"""
_OF_NODE: Final = "tg:readFrom ?reading ."
_PRESENT: Final = """
    VALUES (?field ?class ?property) {{ {rows} }}
    ?focus a ?class ; OF
    ?reading tg:readsField ?field .
    FILTER NOT EXISTS {{ ?focus ?property ?value }}
    BIND (CONCAT("a reading of ", ?field, " and no tg:", STRAFTER(STR(?property), STR(tg:))) AS ?message)"""
# Of a trial it is looked up from the report, as the trial may have lost its own link to the reading.
_PRESENT_ON_TRIAL: Final = f"""
    VALUES (?field ?property) {{{{ {{rows}} }}}}
    ?report a tg:Report ; tg:aboutTrial ?focus ; {_OF_REPORT}
    ?reading tg:readsField ?field .
    FILTER NOT EXISTS {{{{ ?focus ?property ?value }}}}
    BIND (CONCAT("a ", ?field, " was read and the trial does not state it") AS ?message)"""
_VALUE: Final = """
    VALUES (?field ?class ?property) {{ {rows} }}
    ?focus a ?class ; OF
    ?reading tg:readsField ?field ; tg:value ?value .
    FILTER NOT EXISTS {{ ?reading tg:overruledBy/a tg:Curation }}
    FILTER NOT EXISTS {{ ?focus ?property ?value }}
    BIND (STRAFTER(STR(?property), STR(tg:)) AS ?name)
    BIND (CONCAT("a ", ?field, " was read that tg:", ?name, " does not state") AS ?message)"""
_CONCEPT: Final = """
    VALUES (?field ?class ?property) {{ {rows} }}
    ?focus a ?class ; OF
    ?reading tg:readsField ?field ; tg:concept ?term .
    FILTER NOT EXISTS {{ ?reading tg:overruledBy/a tg:Curation }}
    FILTER NOT EXISTS {{ ?focus ?property ?term }}
    BIND (CONCAT("a concept was read that tg:", STRAFTER(STR(?property), STR(tg:)), " does not state") AS ?message)"""
# A reading that a reviewer has settled otherwise is read again at the same place: so parts are looked for by cell and
# first character, not by the very reading.
_NODE: Final = f"""
    VALUES (?field ?class) {{{{ {{rows}} }}}}
    ?report a tg:Report ; {_OF_REPORT}
    ?reading tg:readsField ?field ; tg:fromCell ?cell ; tg:startOffset ?start .
    FILTER NOT EXISTS {{{{ ?reading tg:overruledBy/a tg:Curation }}}}
    MINUS {{{{
      ?part a ?class ; tg:readFrom ?again .
      ?again tg:readsField ?field ; tg:fromCell ?cell ; tg:startOffset ?start .
    }}}}
    BIND (?reading AS ?focus)
    BIND (CONCAT("it was read and no tg:", STRAFTER(STR(?class), STR(tg:)), " rests on it") AS ?message)"""
_VALUED: Final = """
    VALUES ?field {{ {rows} }}
    ?focus a tg:Reading ; tg:readsField ?field .
    FILTER NOT EXISTS {{ ?focus tg:value ?value }}
    BIND (CONCAT("a reading of ", ?field, " without a value") AS ?message)"""
_UNKNOWN: Final = """
    {{ SELECT DISTINCT ?field {{ ?any tg:readsField ?field FILTER (STR(?field) NOT IN ({rows})) }} }}
    OPTIONAL {{ ?focus tg:readsField ?field }}
    FILTER EXISTS {{ ?focus a tg:Reading }}
    BIND (CONCAT("a reading of ", ?field, ", which no column declares") AS ?message)"""


# Counted where there is a state, and looked for where there is none: reports by fields by states are many lookups.
_STATE: Final = """
    {{
      SELECT ?focus ?field WHERE {{
        VALUES ?state {{ {states} }}
        ?focus ?state ?field ; a tg:Report .
        VALUES ?field {{ {rows} }}
      }} GROUP BY ?focus ?field HAVING (COUNT(DISTINCT ?state) > 1)
    }} UNION {{
      ?focus a tg:Report .
      VALUES ?field {{ {rows} }}
      MINUS {{ VALUES ?state {{ {states} }} ?focus ?state ?field }}
      MINUS {{ ?focus tg:fromSource/tg:lacksField ?field }}
    }}
    BIND (CONCAT("a report has one state of each field, and not of ", STRAFTER(STR(?field), STR(tgc:))) AS ?message)"""
_STATES: Final = "tg:fieldStated tg:fieldNotSpecified tg:fieldNotApplicable tg:fieldAbsent tg:fieldUnread"


def statement_gate(columns: Iterable[ColumnType]) -> str:
    """SPARQL whose answers, ``?focus`` and ``?message``, are what was read and is not stated."""
    columns = tuple(columns)
    statements = [statement for column in columns for statement in column.statements]
    named = sorted({"unread", *READINGS_OF_PROSE, *(name for column in columns for name in column.readings)})
    valued = sorted({name for column in columns for name in column.valued})
    groups = [
        *_groups(_PRESENT, statements, "present"),
        *_of_both(_group(_PRESENT_ON_TRIAL, statements, lambda s: s.on == TG.Trial, _row_without_class)),
        *_groups(_VALUE, statements, "value"),
        *_groups(_CONCEPT, statements, "concept"),
        *_of_both(_group(_NODE, statements, lambda s: s.property is None, _row, of_property=False)),
        _VALUED.format(rows=" ".join(f'"{name}"' for name in valued)),
        _UNKNOWN.format(rows=", ".join(f'"{name}"' for name in named)),
        _STATE.format(
            states=_STATES, rows=" ".join(str(concept(f"field-{column.key}")) for column in columns)
        ),
        *(made for column in columns for gate in column.gates for made in _of_columns(gate)),
    ]
    body = " UNION ".join(f"{{ {group} }}" for group in groups)
    return f"{_prologue('PREFIX {}: <{}>')}SELECT DISTINCT ?focus ?message WHERE {{ {body} }}"


def _groups(template: str, statements: Sequence[Statement], how: str) -> Iterator[str]:
    """The gates on what reports state themselves, and on what other nodes but trials state."""
    for of_report, of in ((True, _OF_REPORT), (False, _OF_NODE)):
        made = _group(
            template.replace("OF", of),
            statements,
            lambda s, report=of_report: s.how == how and s.on != TG.Trial and (s.on == TG.Report) == report,  # type: ignore[misc]
            _row,
        )
        yield from _of_both(made) if of_report else made


def _of_both(gates: Iterable[str]) -> Iterator[str]:
    """Gates that begin at a report, for reports of rows and for those of records."""
    return (gate.replace("FROM/", f"{link}/") for gate in gates for link in _FROM)


def _of_columns(gate: str) -> Iterator[str]:
    """A gate of a column, twice where it begins at a report."""
    return _of_both([gate]) if "FROM/" in gate else iter([gate])


def _group(
    template: str,
    statements: Iterable[Statement],
    wanted: Callable[[Statement], bool],
    row: Callable[[Statement], str],
    *,
    of_property: bool = True,
) -> Iterator[str]:
    rows = [row(s) for s in statements if (s.property is not None) == of_property and wanted(s)]
    if rows:
        yield template.format(rows=" ".join(rows))


def _row(statement: Statement) -> str:
    parts = (f'"{statement.reading}"', str(statement.on), *_property(statement.property))
    return f"({' '.join(parts)})"


def _row_without_class(statement: Statement) -> str:
    return f'("{statement.reading}" {statement.property})'


def _property(name: NamedNode | None) -> tuple[str, ...]:
    return () if name is None else (str(name),)


def column_shapes(columns: Iterable[ColumnType]) -> str:
    """SHACL in Turtle for the properties that columns state of a report."""
    shapes = [shape for column in columns for shape in column.shapes]
    if not shapes:
        return ""
    properties = " ,\n    ".join(map(_shape, shapes))
    head = f"{_prologue('@prefix {}: <{}> .')}[] a sh:NodeShape ; sh:targetClass tg:Report ; sh:property"
    return f"{head}\n    {properties} ."


def _shape(shape: PropertyShape) -> str:
    parts = [f"sh:path {shape.property}"]
    if shape.datatypes:
        parts.append(f"sh:or ( {' '.join(f'[ sh:datatype {kind} ]' for kind in shape.datatypes)} )")
    else:
        parts.append(f"sh:datatype {shape.datatype}" if shape.datatype else "sh:nodeKind sh:IRI")
    if shape.most is not None:
        parts.append(f"sh:maxCount {shape.most}")
    if shape.pattern:
        parts.append(f'sh:pattern "{shape.pattern}"')
    if shape.values:
        parts.append(f"sh:in ( {' '.join(map(str, shape.values))} )")
    return f"[ {' ; '.join(parts)} ]"


def _prologue(line: str) -> str:
    return "".join(line.format(name, PREFIXES[name]) + "\n" for name in _PREFIXES)
