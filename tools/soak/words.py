"""The words of which the queries of the soak test are made: prefixes, names, literals, functions."""

from __future__ import annotations

from typing import Final

__all__ = ["AGGREGATES", "FUNCTIONS", "IRIS", "LITERALS", "NAMES", "PREFIXES"]

PREFIXES: Final = {
    "": "https://example.org/",
    "ex": "https://example.org/terms#",
    "tg": "https://w3id.org/trialgraph/ontology/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "é.b-c": "https://example.org/é/",
}
NAMES: Final = (
    *(
        "tg:Trial",
        "tg:enrolledTotal",
        "rdfs:label",
        "ex:a",
        ":",
        ":b",
        "ex:",
        "ex:c.d",
        "ex:%41",
        "ex:1",
        ":e:f",
    ),
    *("é.b-c:ü", r"ex:a\,b", r"ex:\~x", "tg:service", "ex:SELECT", r"ex:a\-b"),
)
IRIS: Final = (
    "<http://www.w3.org/2000/01/rdf-schema#label>",
    "<https://w3id.org/trialgraph/trial/NCT00000001>",
    "<urn:a:b>",
    "<https://example.org/SERVICE#(x)'y'>",
    r"<https://example.org/é>",
    "<mailto:a@b>",
)
LITERALS: Final = (
    *(
        '"a"',
        "'b'",
        '""',
        "''",
        "'''c'd'''",
        '"""e""f"""',
        r'"g\"h"',
        r"'\t\n\\'",
        '"SERVICE <http://x/> {"',
        "'# } {'",
    ),
    *(
        '"x"@en',
        "'y'@de-AT-1996",
        '"z"@ar--rtl',
        '"1"^^xsd:integer',
        '"q"^^<urn:t>',
        '"""\n\n"""',
        "'é\U0001f600'",
    ),
    *(
        "1",
        "0.5",
        ".5",
        "1e6",
        "1.5E-3",
        "+1",
        "-2.5",
        "true",
        "false",
        r"'\u0041\U0001F600'",
    ),
)
FUNCTIONS: Final = (
    *(
        ("STR", 1),
        ("LANG", 1),
        ("DATATYPE", 1),
        ("BOUND", 0),
        ("IRI", 1),
        ("ABS", 1),
        ("CEIL", 1),
        ("STRLEN", 1),
    ),
    *(("UCASE", 1), ("LCASE", 1), ("ENCODE_FOR_URI", 1), ("CONTAINS", 2), ("STRSTARTS", 2), ("STRBEFORE", 2)),
    *(
        ("REPLACE", 3),
        ("REGEX", 2),
        ("SUBSTR", 2),
        ("IF", 3),
        ("sameTerm", 2),
    ),
    *(
        ("isIRI", 1),
        ("isBlank", 1),
        ("isLITERAL", 1),
        ("isNumeric", 1),
        ("MD5", 1),
        ("SHA256", 1),
        ("langMatches", 2),
    ),
    *(
        ("YEAR", 1),
        ("NOW", -1),
        ("RAND", -1),
        ("UUID", -1),
        ("STRUUID", -1),
        ("STRDT", 2),
        ("STRLANG", 2),
        ("xsd:integer", 1),
    ),
    *(
        ("TRIPLE", 3),
        ("isTRIPLE", 1),
        ("SUBJECT", 1),
        ("hasLANG", 1),
        ("LANGDIR", 1),
        ("TZ", 1),
    ),
)
AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE")
