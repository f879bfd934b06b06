"""Literals and IRIs that spreadsheets, browsers or templates might run, and queries that return them all."""

from __future__ import annotations

import pyoxigraph as ox

__all__ = ["CONSTRUCT", "IRIS", "SELECT", "TERMS", "TEXTS"]

TEXTS = [
    "=1+1",
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"click")',
    "+49 30 1234",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "-5",
    '<script>alert("x")</script>',
    "</textarea><img src=x onerror=alert(1)>",
    "'\" onmouseover=alert(1) x='",
    "]]><script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} ${7*7}",
    '", "z": {"type": "literal"} //',
    'a,b;c\t"d"\r\ne\\u0022\\',
    "\u202egnp.exe \u2066x",
    "&lt;b&gt; &amp;#x3c;",
]
IRIS = [
    "javascript:alert(1)",
    "data:text/html;%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:x",
    "file:///etc/passwd",
    "http://a.example/'onclick='alert(1)",
    "JaVaScRiPt:alert(1)",
    "http://a.example/%22%3E%3Cscript%3E",
]
TERMS: list[ox.Literal | ox.NamedNode] = [*map(ox.Literal, TEXTS), *map(ox.NamedNode, IRIS)]
ROWS = " ".join(f"({n} {term})" for n, term in enumerate(TERMS))
SELECT = f"SELECT ?n ?x {{ VALUES (?n ?x) {{ {ROWS} }} }} ORDER BY ?n"
CONSTRUCT = f"CONSTRUCT {{ <http://a.example/s> <http://a.example/p> ?x }} {{ VALUES (?n ?x) {{ {ROWS} }} }}"
