"""What is asked of each store: probes of single features, and the saved queries with several values for parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from trialgraph.query.pool import Pool
from trialgraph.questions.saved_queries import Parameter, SavedQuery, load_queries
from trialgraph.rdf.formats import RESULTS_JSON

__all__ = ["HERE", "WITH", "base_name", "probes", "with_values"]

HERE: Final = Path(__file__).parent
#: Between the name of a saved query and the value that it is asked with.
WITH: Final = " with "
SAVED: Final = "saved query "


def probes() -> dict[str, str]:
    """The probes and the saved queries with their default values, by name."""
    text = (HERE / "probes.rq").read_text(encoding="utf-8")
    found = re.findall(r"^#= (.*)\n((?:(?!#= ).*\n)*)", text + "\n", re.MULTILINE)
    saved = {SAVED + slug: query.bind() for slug, query in load_queries().items()}
    return {name: query.strip() for name, query in found} | saved


def base_name(name: str) -> str:
    """The name of a query without the value that it is asked with."""
    return name.partition(WITH)[0] if name.startswith(SAVED) else name


def with_values(
    pool: Pool, most: int, queries: Mapping[str, SavedQuery] | None = None
) -> Iterator[tuple[str, str]]:
    """The saved queries with other values than the defaults, by name; each parameter by itself.

    :param pool: answers which values a release has
    :param most: values of each parameter, spread over all that a form offers
    """
    for slug, query in (load_queries() if queries is None else queries).items():
        for parameter in query.parameters:
            offered = _offered(pool, parameter)
            for value in offered[:: max(1, -(-len(offered) // most))] if most else ():
                yield f"{SAVED}{slug}{WITH}{parameter.name}={value}", query.bind({parameter.name: value})


def _offered(pool: Pool, parameter: Parameter) -> list[str]:
    if parameter.values is not None:
        return list(parameter.values)
    if parameter.values_query is None:
        return []
    with pool.run(pool.check(parameter.values_query), format=RESULTS_JSON.name, fresh=True) as parts:
        rows = json.loads(b"".join(parts))["results"]["bindings"]
    return [row["value"]["value"] for row in rows]
