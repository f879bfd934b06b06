"""Write ``ontology/records.ttl`` and ``ontology/shapes/record_fields.ttl`` from the mapping files of registries.

Each kind of node of a record is a class, each property of fields is declared once, with what the registries' own
documentation calls it; the shapes have its datatype, and how many values a node may have. Properties that
``trialgraph.ttl`` declares are not declared again.
Usage: python -m tools.records.declare [--check]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import MAPPINGS, class_of, property_name
from trialgraph.model.record import FieldLine
from trialgraph.rdf.vocabulary import HOME, PREFIXES, TG, compact

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
#: That of the ontology: its files have one version.
VERSION: Final = re.search(
    r"owl:versionIRI <\S+/releases/([\d-]+)/ontology>",
    (ONTOLOGY / "trialgraph.ttl").read_text(encoding="utf-8"),
)[1]  # type: ignore[index] # it has one
#: What registries abbreviate in the names of their fields.
_IN_FULL: Final = {
    "ci": "confidence interval", "fda": "FDA", "ipd": "IPD", "lat": "latitude", "lon": "longitude",
    "mesh": "MeSH", "nct": "NCT", "num": "number", "param": "parameter", "pct": "per cent",
    "pmid": "PMID", "url": "URL", "us": "US",
}  # fmt: skip
_COUNTED: Final = re.compile(r"\bnumber (?=(?:events|sides|subjects|units)\b)")
DECISION: Final = f"<{HOME}decisions/0054-records-in-the-graph>"
_DATATYPES: Final = {"boolean": "boolean", "count": "integer", "length": "integer", "number": "decimal"}
_USED: Final = ("tg", "dcterms", "owl", "rdfs", "schema", "skos", "xsd")


def _prefixes(names: Sequence[str]) -> list[str]:
    return [f"@prefix {name}: <{PREFIXES[name]}> ." for name in names]


def _text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(name: str) -> str:
    """``primaryCompletionDate`` as ``primary completion date``; capitals stay, abbreviations are written in full."""
    parts = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    words = (part if part.isupper() and len(part) > 1 else part.lower() for part in parts)
    return _COUNTED.sub("number of ", " ".join(_IN_FULL.get(word, word) for word in words))


def _lines() -> dict[str, list[FieldLine]]:
    """The lines of all mapping files by the local name of their property."""
    made: dict[str, list[FieldLine]] = {}
    for name in MAPPINGS:
        for line in field_mapping(name).lines.values():
            made.setdefault(property_name(line.node, line.predicate), []).append(line)
    return dict(sorted(made.items()))


def _kinds() -> list[str]:
    return sorted({kind for name in MAPPINGS for kind in field_mapping(name).nodes} - {"study"})


def _datatype(lines: Sequence[FieldLine]) -> str:
    """The datatype of all values; empty where there are several: dates are as precise as they are stated."""
    kinds = {line.reader for line in lines}
    if "date" in kinds:
        return ""
    (found,) = {_DATATYPES.get(kind, "string") for kind in kinds}
    return found


def _versions() -> dict[str, str]:
    return {field_mapping(name).registry: field_mapping(name).version for name in MAPPINGS}


def _citations(lines: Sequence[FieldLine]) -> str:
    versions = _versions()
    named = dict.fromkeys(
        f"ClinicalTrials.gov data model (API {versions[line.registry]}): {line.source}"
        if line.registry == "ClinicalTrials.gov"
        else f"WHO Trial Registration Data Set ({versions[line.registry]}): {line.source}"
        for line in lines
    )
    return " , ".join(map(_text, named))


def _sources(lines: Sequence[FieldLine]) -> str:
    of = {field_mapping(name).registry: field_mapping(name).source for name in MAPPINGS}
    return " , ".join([*dict.fromkeys(f"<{of[line.registry]}>" for line in lines), DECISION])


def ontology() -> str:
    """The declarations."""
    made = [
        "# The fields of registry records: a class for each kind of node, a property for each field. Made of",
        "# ontology/mappings/ by: python -m tools.records.declare. What records share stands in trialgraph.ttl.",
        "",
        *_prefixes(_USED),
        "",
        f"<{HOME}records> a owl:Ontology ;",
        f"    owl:versionIRI <{HOME}releases/{VERSION}/records> ;",
        '    dcterms:title "The fields of registry records in trialgraph" ;',
        '    dcterms:creator "The trialgraph authors" ;',
        "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .",
        "",
    ]
    for kind in _kinds():
        words = kind.replace("-", " ")
        places = dict.fromkeys(
            template for name in MAPPINGS if (template := field_mapping(name).nodes.get(kind))
        )
        made += [
            f"{compact(class_of(kind).value)} a owl:Class ;",
            f"    rdfs:label {_text(words + ' of a record')} ;",
            "    rdfs:subClassOf tg:RecordPart ;",
            f"    dcterms:source {DECISION} ;",
            f"    skos:definition {_text('What a record of a registry has at ' + ' or '.join(places) + '.')} .",
            "",
        ]
    for name, lines in _lines().items():
        if name not in TG.names():
            made += [*_property(name, lines), ""]
    return "\n".join(made)


def _property(name: str, lines: Sequence[FieldLine]) -> Iterator[str]:
    datatype = _datatype(lines)
    words = _words(lines[0].predicate)
    classes = list(dict.fromkeys(compact(class_of(line.node).value) for line in lines))
    yield f"tg:{name} a owl:DatatypeProperty ;"
    yield f"    rdfs:label {_text(words + ' as recorded' if name.startswith('recorded') else words)} ;"
    yield f"    dcterms:source {_sources(lines)} ;"
    yield f"    dcterms:bibliographicCitation {_citations(lines)} ;"
    if len(classes) == 1:
        yield f"    rdfs:domain {classes[0]} ;"
    else:
        yield f"    schema:domainIncludes {' , '.join(classes)} ;"
    if datatype:
        yield f"    rdfs:range xsd:{datatype} ;"
    what = (
        "a date, a month or a year, as precise as the record has it"
        if not datatype
        else "as the record has it"
    )
    of = " and ".join(dict.fromkeys("its report" if c == "tg:Report" else "a part of it" for c in classes))
    yield f"    skos:definition {_text(f'The field “{words}” of a registry record, stated of {of}: {what}.')} ."


def shapes() -> str:
    """The shapes."""
    made = [
        "# What the fields of registry records may state: datatypes, and how many values a node has. Made of",
        "# ontology/mappings/ by: python -m tools.records.declare.",
        "@prefix sh: <http://www.w3.org/ns/shacl#> .",
        f"@prefix tg: <{PREFIXES['tg']}> .",
        f"@prefix tgs: <{HOME}shape/> .",
        f"@prefix xsd: <{PREFIXES['xsd']}> .",
    ]
    for kind in ["study", *_kinds()]:
        of = {
            name: own
            for name, lines in _lines().items()
            if (own := [line for line in lines if line.node == kind])
            and not (kind == "study" and name in TG.names())
        }
        name = "RecordedStudy" if kind == "study" else compact(class_of(kind).value).removeprefix("tg:")
        parts = [part for n, lines in of.items() if (part := _shape(n, lines))]
        if kind != "study":
            parts.append(
                "[ sh:path [ sh:inversePath tg:hasRecordPart ] ; sh:minCount 1 ; sh:maxCount 1 ; "
                'sh:message "a part of a record is held by one node" ]'
            )
        made += [
            "",
            f"tgs:{name} a sh:NodeShape ;",
            f"    sh:targetClass {compact(class_of(kind).value)} ;",
            "    sh:property",
            " ,\n".join(f"        {part}" for part in parts) + " .",
        ]
    return "\n".join(made) + "\n"


def _shape(name: str, lines: Sequence[FieldLine]) -> str:
    kind = _datatype(lines)
    datatype = (
        f"sh:datatype xsd:{kind}"
        if kind
        else f"sh:or ( {' '.join(f'[ sh:datatype xsd:{one} ]' for one in ('date', 'gYearMonth', 'gYear'))} )"
    )
    several = any(line.path.count("{n}") > line.depth for line in lines)
    return f"[ sh:path tg:{name} ; {'' if several else 'sh:maxCount 1 ; '}{datatype} ]"


def main(arguments: Sequence[str]) -> int:
    """Write both files, or say which is not what the mapping files make."""
    stale = []
    for path, text in (
        (ONTOLOGY / "records.ttl", ontology()),
        (ONTOLOGY / "shapes" / "record_fields.ttl", shapes()),
    ):
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    print(*stale)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
