"""A cell of more than 16 MB was an uncaught MemoryError with a trace; pages bounded rows, but not their bytes."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import AnswerTooLarge
from trialgraph.query.pool import Pool
from trialgraph.query.results import read_table, whole_table

DOUBLED = " ".join(f"BIND(CONCAT(?x{n},?x{n}) AS ?x{n + 1})" for n in range(17))
LONG = f"SELECT ?x17 {{ BIND('{'0123456789abcdef' * 9}' AS ?x0) {DOUBLED} }}"


def test_the_parser_gives_up_on_a_term_and_that_is_no_trace(pool: Pool) -> None:
    with pool.run(LONG) as answer:
        table = read_table(answer)
    assert not isinstance(table, bool)
    assert (table.rows, table.more, table.cut) == ((), True, True)
    with pool.run(LONG) as answer, pytest.raises(AnswerTooLarge):
        whole_table(answer, 500_000_000)
