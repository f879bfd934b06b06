"""RDF terms at random, seeded: what a writer or a reader of a format may stumble over."""

from __future__ import annotations

import random
from typing import Final

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from trialgraph.rdf.vocabulary import XSD

__all__ = ["UNFIT", "random_terms"]

Term = NamedNode | Literal | BlankNode | Triple

#: What XML 1.0 cannot hold.
UNFIT: Final = [*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(0x0E, 0x20)), "\ufffe", "\uffff"]
PLAIN: Final = r"""a|Z|0| |  |,|;|.|&|&amp;|<|>|]]>|<!--|'|"|\|\n|\u0041|=1+1|@en|^^|_:|<http://e/>|{|}|%41"""
ODD: Final = "\n|\r|\r\n|\t|\x7f|\x85|\u2028|\ufeff|\u200f|\u202e|\xad|\xa0|\ufdd0|\U0010ffff|\ud7ff|\ue000"
PIECES: Final = [*PLAIN.split("|"), *ODD.split("|"), '"""', "e\u0301", "é", "ß", "中", "𝒳", "👩\u200d🔬"]
LANGUAGES: Final = ("en", "de-ch", "zh-hans-cn", "x-private")
DATATYPES: Final = (
    (XSD.integer.value, ("1", "007", "-5", "+5", " 1 ", "", "x", "1e0")),
    (XSD.decimal.value, ("1.0", ".5", "-0.0", "1", "1.")),
    (f"{XSD.integer.value.partition('#')[0]}#double", ("1e0", "NaN", "INF", "1.0E6", "-1.5e-3", "1")),
    (f"{XSD.integer.value.partition('#')[0]}#boolean", ("true", "1", "TRUE", "")),
    (
        f"{XSD.integer.value.partition('#')[0]}#dateTime",
        ("2024-02-30T00:00:00Z", "2024-01-01T00:00:00.000+01:00"),
    ),
    ("http://example.org/type#größe", ("a", "<b>", "")),
)
IRIS: Final = (
    "http://e/{}",
    "urn:x:{}",
    "mailto:{}@e",
    "http://e/a?b=c&d={}#f",
    "http://é.example/{}/ü",
    "http://e/%20{}'()*",
)


def random_terms(count: int, seed: int, *, unfit: bool = False) -> list[Term]:
    """That many terms.

    :param unfit: with characters that XML cannot hold
    """
    chance = random.Random(seed)  # noqa: S311 - test data
    return [_term(chance, PIECES + UNFIT if unfit else PIECES) for _ in range(count)]


def _text(chance: random.Random, pieces: list[str]) -> str:
    return "".join(chance.choices(pieces, k=chance.randrange(9)))


def _literal(chance: random.Random, pieces: list[str]) -> Literal:
    kind = chance.randrange(5)
    if kind == 0:
        return Literal(_text(chance, pieces), language=chance.choice(LANGUAGES))
    if kind == 1:
        datatype, values = chance.choice(DATATYPES)
        return Literal(chance.choice(values), datatype=NamedNode(datatype))
    if kind == 2 and chance.random() < 0.3:
        way = chance.choice((BaseDirection.LTR, BaseDirection.RTL))
        return Literal(_text(chance, pieces), language=chance.choice(LANGUAGES), direction=way)
    return Literal(_text(chance, pieces))


def _term(chance: random.Random, pieces: list[str], depth: int = 0) -> Term:
    kind = chance.random()
    if kind < 0.7:
        return _literal(chance, pieces)
    if kind < 0.9 or depth > 1:
        return NamedNode(chance.choice(IRIS).format(chance.randrange(10**6)))
    if kind < 0.95:
        return BlankNode(f"b{chance.randrange(10**9)}")
    return Triple(NamedNode("http://e/s"), NamedNode("http://e/p"), _term(chance, pieces, depth + 1))
