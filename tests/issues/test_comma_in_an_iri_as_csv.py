"""The engine writes an IRI with a comma into CSV without quotes, so the columns behind it shifted."""

from __future__ import annotations

import csv
import io

from trialgraph.query.pool import Pool


def test_columns_stay_where_they_are(pool: Pool) -> None:
    query = "SELECT * { VALUES (?a ?b) { (<http://example.org/x,y> 'q\"r') (UNDEF 'z') } }"
    with pool.run(query, format="csv") as answer:
        text = b"".join(answer).decode()
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["http://example.org/x,y", 'q"r'], ["", "z"]]
