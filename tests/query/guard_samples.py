"""Queries that the guard has to let through, with their kinds, and queries that hide a ``SERVICE`` from a scan."""

from __future__ import annotations

__all__ = ["GOOD", "SMUGGLED"]

GOOD = {
    "SELECT * { ?s ?p ?o }": "SELECT",
    "# c\nprefix ex: <http://e/> ask { ex:a ex:b 'SERVICE <x>' }": "ASK",
    "BASE <http://e/> CONSTRUCT WHERE { <a> <b> <c> }": "CONSTRUCT",
    "DESCRIBE <http://e/a>": "DESCRIBE",
    'VERSION "1.2" ASK {}': "ASK",
    # words that look like what is refused
    "PREFIX ex: <http://e/> SELECT ?service { ?service ex:service ?load ; ex:INSERT 'DROP ALL' }": "SELECT",
    "PREFIX service: <http://e/> SELECT * { ?s service:x service:y }": "SELECT",
    "SELECT * { ?s <http://e/SERVICE#SERVICE> '''SERVICE ''x' ''' } # SERVICE <http://x> {}": "SELECT",
    # < as operator and as start of an IRI
    "SELECT * { ?s ?p ?o FILTER(?o < 5 && 7 > ?o) }": "SELECT",
    "SELECT * { ?s ?p ?o FILTER(?o<5&&7>?o) }": "SELECT",
    "SELECT * { ?s<http://e/a#b>?o . ?o<http://e/c>?x }": "SELECT",
    "BASE <http://e/> SELECT * { ?s <#p> ?o ; <urn:a(b)> <urn:c#d> . ?o (<#p>|<#q>)/<#r> ?x }": "SELECT",
    "SELECT * { ?s ?p ?o FILTER(?o <= 5) FILTER(<http://e/x> = ?s) }": "SELECT",
    # strings of all four kinds, escapes, tags, numbers, blank nodes, local names with escapes
    "PREFIX : <http://e/> ASK { _:a.b :p 'a\\'b', \"c\\\"d\", '''e''f''', \"\"\"g\"\"h\"\"\" }": "ASK",
    "PREFIX : <http://e/> ASK { :a :b 1.5e3, .5, -2, 'x'@en-GB, 'y'^^:d, true }": "ASK",
    "PREFIX e: <http://e/> ASK { e:a\\,b e:c.d e:%41:b . ?x e: e:1 }": "ASK",
    # lists and rows of VALUES are no expressions: < opens an IRI there
    "BASE <http://e/> SELECT * { ?s a (<#a> <#b>) . VALUES (?x ?y) { (<#c> <#d>) } FILTER(?x<?y) }": "SELECT",
    "SELECT (COUNT(*) AS ?n) { ?s (<a:b>|^<a:c>)+/<a:d>? ?o } HAVING (?n > 1)": "SELECT",
}

SMUGGLED = [
    # an operator, a bracket and a comment for the engine; one IRI for a scan that takes the longest token
    "SELECT * { FILTER(1<2)SERVICE#>\n<http://127.0.0.1:1/>{ ?s ?p ?o } }",
    "SELECT * { FILTER('a'<'>')SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } FILTER('a'='b') }",
    "SELECT * { FILTER(?a<?b#>'''\n)SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }#'''\n }",
    # keywords without a blank, which the engine takes apart
    "SELECT * { SERVICESILENT<http://127.0.0.1:1/>{ ?s ?p ?o } }",
    "PREFIX SERVICEex: <http://q/> PREFIX ex: <http://127.0.0.1:1/> SELECT * { SERVICEex:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:1/>{ ?s ?p ?o } }",
]
