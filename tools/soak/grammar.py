"""SPARQL 1.1 queries by its grammar, RDF 1.2's syntax among them, as lists of tokens.

Everything comes from a seeded generator, so that a query that shows something can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tools.soak.words import AGGREGATES, FUNCTIONS, IRIS, LITERALS, NAMES, PREFIXES

__all__ = ["Grammar", "Tokens"]

Tokens = list[str]


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
