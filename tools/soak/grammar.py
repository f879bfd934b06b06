"""SPARQL 1.1 queries by its grammar, RDF 1.2's syntax among them, as lists of tokens; and ways to spoil them.

Everything comes from a seeded generator, so that a query that shows something can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["Grammar", "render", "spoil"]

Tokens = list[str]

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


class Grammar:
    """A source of queries.

    :param graphs: IRIs that may stand in FROM
    """

    def __init__(self, seed: int, graphs: Sequence[str] = ()) -> None:
        self.random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.graphs = [f"<{iri}>" for iri in graphs]
        self.count = 0

    def query(self) -> Tokens:
        """A query that the grammar allows; most ask for little."""
        self.count = 0
        form = self.one(self.select, self.select, self.select, self.ask, self.construct, self.describe)
        return [*self.prologue(), *form(), *(self.values() if self.chance(0.08) else [])]

    # -- choices -------------------------------------------------------------------------------------------------
    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, *choices: Callable[[], Tokens]) -> Callable[[], Tokens]:
        return self.random.choice(choices)

    def some(self, make: Callable[[], Tokens], most: int, least: int = 1) -> Tokens:
        return [token for _ in range(self.random.randint(least, most)) for token in make()]

    def fresh(self) -> str:
        self.count += 1
        return f"?new{self.count}"

    # -- the forms -----------------------------------------------------------------------------------------------
    def prologue(self) -> Tokens:
        lines = [
            ["PREFIX" if self.chance(0.8) else "prefix", f"{p}:", f"<{iri}>"] for p, iri in PREFIXES.items()
        ]
        if self.chance(0.2):
            lines.append(["BASE", "<https://example.org/base/>"])
        if self.chance(0.05):
            lines.append(["VERSION", '"1.2"'])
        self.random.shuffle(lines)
        return [token for line in lines for token in line]

    def dataset(self) -> Tokens:
        if not self.graphs or self.chance(0.9):
            return []
        return ["FROM", *(["NAMED"] if self.chance(0.5) else []), self.random.choice(self.graphs)]

    def select(self, inner: bool = False) -> Tokens:
        grouped = self.chance(0.2)
        head: Tokens = ["SELECT", *self.random.choice(([], [], [], ["DISTINCT"], ["REDUCED"]))]
        tail: Tokens = []
        if grouped:
            variable = self.variable()
            head += [variable, "(", *self.aggregate(), "AS", self.fresh(), ")"]
            tail = ["GROUP", "BY", variable]
            if self.chance(0.3):
                tail += ["HAVING", "(", *self.aggregate(), *self.compared(), ")"]
        elif self.chance(0.5):
            head += ["*"]
        else:
            head += [self.variable(), "(", *self.expression(2), "AS", self.fresh(), ")"]
        if self.chance(0.2):
            tail += ["ORDER", "BY", self.random.choice(("ASC", "DESC", "asc")), "(", *self.expression(1), ")"]
        limit = ["LIMIT", str(self.random.randint(0, 20))] if self.chance(0.9) else []
        offset = ["OFFSET", "1"] if self.chance(0.1) else []
        where = [] if self.chance(0.4) else ["WHERE"]
        body = self.group(1 if inner else 3)
        return [*head, *([] if inner else self.dataset()), *where, *body, *tail, *limit, *offset]

    def ask(self) -> Tokens:
        return ["ASK", *self.dataset(), *self.group(3)]

    def construct(self) -> Tokens:
        if self.chance(0.3):
            return ["CONSTRUCT", "WHERE", "{", *self.plain(), "}", "LIMIT", "5"]
        return ["CONSTRUCT", "{", *self.plain(), "}", "WHERE", *self.group(2), "LIMIT", "9"]

    def describe(self) -> Tokens:
        if self.chance(0.5):
            return ["DESCRIBE", self.iri()]
        return ["DESCRIBE", self.variable(), "WHERE", *self.group(1), "LIMIT", "2"]

    # -- groups --------------------------------------------------------------------------------------------------
    def group(self, depth: int) -> Tokens:
        if depth > 0 and self.chance(0.06):
            return ["{", *self.select(inner=True), "}"]
        return [
            "{",
            *self.triples(),
            *(self.some(lambda: self.part(depth - 1), 2, 0) if depth > 0 else []),
            "}",
        ]

    def part(self, depth: int) -> Tokens:
        kind = self.random.randrange(9)
        if kind == 0:
            return ["OPTIONAL", *self.group(depth)]
        if kind == 1:
            return [*self.group(depth), "UNION", *self.group(depth)]
        if kind == 2:
            return ["MINUS", *self.group(depth)]
        if kind == 3:
            return ["GRAPH", self.random.choice([self.variable(), *self.graphs]), *self.group(depth)]
        if kind == 4:
            return ["BIND", "(", *self.expression(2), "AS", self.fresh(), ")"]
        if kind == 5:
            return self.values()
        if kind == 6:
            return ["FILTER", *(["NOT"] if self.chance(0.5) else []), "EXISTS", *self.group(min(depth, 1))]
        return ["FILTER", "(", *self.expression(2), ")"]

    def values(self) -> Tokens:
        if self.chance(0.5):
            return ["VALUES", self.variable(), "{", *self.some(self.datum, 3, 0), "}"]
        first, second = self.random.sample(("?a", "?b", "?c", "?d", "?e"), 2)
        row = lambda: ["(", *self.datum(), *self.datum(), ")"]  # noqa: E731 - one line
        return ["VALUES", "(", first, second, ")", "{", *self.some(row, 3, 0), "}"]

    def datum(self) -> Tokens:
        return ["UNDEF"] if self.chance(0.2) else [self.iri() if self.chance(0.5) else self.literal()]

    def plain(self) -> Tokens:
        """Triples without paths, as templates want them."""
        return [self.variable(), self.verb(), *self.node(), "."]

    def triples(self) -> Tokens:
        """A few triples that share their subject, so that no product grows."""
        made: Tokens = []
        for _ in range(self.random.randint(1, 2)):
            objects = [*self.node(), *([",", *self.node()] if self.chance(0.1) else []), *self.annotation()]
            verb = self.path(2) if self.chance(0.2) else [self.verb()]
            made += [";", *verb, *objects] if made else ["?a", *verb, *objects]
        return [*made, *([";"] if self.chance(0.05) else []), "."]

    def annotation(self) -> Tokens:
        if self.chance(0.97):
            return []
        return self.random.choice(
            (["~", "ex:r"], ["~", "ex:r", "{|", "ex:p", "1", "|}"], ["{|", ":b", "?e", "|}"])
        )

    def node(self) -> Tokens:
        kind = self.random.randrange(24)
        if kind == 0:
            return ["[", self.verb(), *self.node(), "]"]
        if kind == 1:
            return ["(", *self.some(self.node, 2, 0), ")"]
        if kind == 2:
            return ["<<(", self.iri(), self.verb(), self.literal(), ")>>"]
        if kind == 3:
            return ["<<", self.variable(), ":b", self.literal(), ">>"]
        if kind == 4:
            return self.random.choice((["[", "]"], ["_:x"], ["_:y.z-1"]))
        if kind < 15:
            return [self.variable()]
        return [self.iri() if self.chance(0.5) else self.literal()]

    def variable(self) -> str:
        return self.random.choice(("?a", "?b", "?c", "$d", "?e", "?été", "?service"))

    def iri(self) -> str:
        return self.random.choice(NAMES if self.chance(0.6) else IRIS)

    def verb(self) -> str:
        return self.random.choice(("a", "rdfs:label", "tg:enrolledTotal", "?c", self.iri()))

    def literal(self) -> str:
        return self.random.choice(LITERALS)

    def path(self, depth: int) -> Tokens:
        step = self.random.choice(("a", "rdfs:label", "tg:enrolledTotal", "<urn:p(x)>", "ex:p"))
        if depth == 0:
            return [step]
        kind = self.random.randrange(7)
        if kind == 0:
            return ["(", *self.path(depth - 1), "|", *self.path(depth - 1), ")", self.random.choice("*+?")]
        if kind == 1:
            return ["(", *self.path(depth - 1), ")", self.random.choice("*+?")]
        if kind == 2:
            return ["^", step]
        if kind == 3:
            return ["!", "(", step, "|", "^", step, ")"]
        return [step, "/", *self.path(depth - 1)]

    # -- expressions ---------------------------------------------------------------------------------------------
    def expression(self, depth: int) -> Tokens:
        if depth == 0 or self.chance(0.2):
            return [self.random.choice((self.variable(), self.variable(), self.literal(), self.iri()))]
        kind = self.random.randrange(9)

        def inner() -> Tokens:
            return self.expression(depth - 1)

        if kind < 3:
            operators = ("=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||")
            return ["(", *inner(), self.random.choice(operators), *inner(), ")"]
        if kind == 3:
            return [self.random.choice(("!", "-", "+")), "(", *inner(), ")"]
        if kind == 4:
            return [
                "(",
                *inner(),
                *self.random.choice((["IN"], ["NOT", "IN"])),
                "(",
                *inner(),
                ",",
                *inner(),
                ")",
                ")",
            ]
        if kind == 5 and self.chance(0.3):
            return ["EXISTS", *self.group(0)]
        return self.call(inner)

    def call(self, inner: Callable[[], Tokens]) -> Tokens:
        name, arity = self.random.choice(FUNCTIONS)
        if name == "BOUND":
            return [name, "(", self.variable(), ")"]
        arguments: Tokens = []
        for n in range(arity):
            arguments += [*([","] if n else []), *inner()]
        return [name, "(", *arguments, ")"]

    def aggregate(self) -> Tokens:
        if self.chance(0.2):
            return ["COUNT", "(", "*", ")"]
        if self.chance(0.1):
            return ["GROUP_CONCAT", "(", "DISTINCT", "?e", ";", "SEPARATOR", "=", "', '", ")"]
        distinct = ["DISTINCT"] if self.chance(0.3) else []
        return [self.random.choice(AGGREGATES), "(", *distinct, *self.expression(1), ")"]

    def compared(self) -> Tokens:
        return [self.random.choice(("<", ">", "=", "!=")), self.literal()]


# Between these no blank is needed.
LOOSE: Final = frozenset("(){}[],;")
BLANKS: Final = (" ", " ", " ", " ", "\n", "\t", "  ", " # SERVICE <http://x/> { \" '''\n", "\r\n", " #\n")


def render(tokens: Sequence[str], choose: random.Random | None = None) -> str:
    """The text of tokens: with one blank between them, or with any blanks, comments or none where none is needed."""
    if choose is None:
        return " ".join(tokens)
    made: list[str] = []
    for before, token in zip(["(", *tokens], tokens, strict=False):
        needs = not (before in LOOSE or token in LOOSE)
        made += [choose.choice(BLANKS) if needs or choose.random() < 0.3 else "", token]
    return "".join(made)


HOSTILE: Final = (
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "'",
        '"',
        "'''",
        "\\",
        "#",
        "\0",
        "\ud800",
        "\u202e",
        "\ufeff",
        "\x01",
        "\u200b",
    ),
    *(
        "SERVICE",
        "SERVICE <URL> { ?s ?p ?o }",
        "SERVICE SILENT <URL> {}",
        "FROM <URL>",
        "FROM <file:///etc/hostname>",
    ),
    *(
        "LOAD <URL>",
        "INSERT DATA { <a:a> <a:b> 1 }",
        "; DROP ALL",
        "GRAPH <URL> {",
        "SERVICE ?a { ?a ?b ?c }",
    ),
    *(
        r"\u0053ERVICE",
        r"\u007d",
        "%00",
        "&query=",
        "a" * 5_000,
        "9" * 4_000,
        "?" * 300,
        "(" * 500,
        "{" * 500,
        "!" * 600,
    ),
    *(
        "^" * 300,
        "<<" * 200,
        "{} UNION " * 90,
        "OPTIONAL {" * 70,
        "/:b" * 100,
        "-" * 3_000,
        "_:",
        "@en",
        "^^",
        "<a b>",
    ),
    *(
        "1e999999999",
        "99999999999999999999999999",
        '"x"^^xsd:date',
        "'(a+)+$'",
        "LIMIT 99999999999999999999",
        "OFFSET -1",
    ),
    *(
        "SELECT",
        "WHERE",
        "UNION",
        "MINUS",
        "BIND(1/0 AS ?z)",
        "FILTER",
        "VALUES",
        "LATERAL { }",
        "AS",
        "GROUP BY",
        "\u00a0",
    ),
    *(
        "?a ?b ?c .",
        "?c ?d ?e .",
        "(!:x|^!:x)*",
        "ORDER BY RAND()",
        "REGEX(?a, '(a|a)*$')",
        "<urn:not-a-function>(1)",
    ),
)


def spoil(tokens: Sequence[str], choose: random.Random, other: Sequence[str], url: str) -> str:
    """A query with a few of its tokens or characters dropped, doubled, exchanged or taken from a hostile list."""
    made = list(tokens)
    for _ in range(choose.choice((1, 1, 2, 3))):
        at = choose.randrange(len(made) + 1)
        what = choose.randrange(6)
        if what == 0:
            del made[at : at + choose.randint(1, 3)]
        elif what == 1:
            made[at:at] = made[at : at + choose.randint(1, 8)] * choose.randint(1, 4)
        elif what == 2:
            made[at:at] = [choose.choice(HOSTILE).replace("URL", url)]
        elif what == 3:
            made[at : at + 1] = [choose.choice(HOSTILE).replace("URL", url)]
        elif what == 4:
            made[at:] = other[choose.randrange(len(other)) :]
        else:
            to = choose.randrange(len(made) + 1)
            made[at:to], made[to:at] = made[to:at], made[at:to]
        made = made or ["x"]
    text = render(made, choose)
    if choose.random() < 0.2:
        at = choose.randrange(len(text) + 1)
        text = (
            text[:at]
            + choose.choice(("", "\\", "'", "<", ">", "\u0301", "{"))
            + text[at + choose.randint(0, 2) :]
        )
    return text
