"""Files of registries with parts changed at random, in every shape; what is checked of what is read of them."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, parse, serialize

from tests.extract.registries.exports import (
    csv_of,
    json_shapes,
    packed,
    portal_csv_of,
    xml_of,
    zipped,
)
from tests.extract.registries.records import read, sample
from trialgraph.base.errors import TrialgraphError
from trialgraph.extract.registries.record_columns import flat_names, flat_of
from trialgraph.graph.records.record_lines import record_lines

__all__ = ["SHAPES", "faults_of", "mutated_file"]

#: The shapes of a file. Each is packed in gzip now and then.
SHAPES: Final = ("record", "page", "array", "lines", "zip", "csv", "xml", "portal csv")
PIECES: Final = (
    '"', ",", "|", " | ", ";", "\n", "\r", "\t", "<b>", "</b>", "&amp;", "&#0;", "&#xD800;", "]]>", "<!--", "<br>",
    "\0", "\x07", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "e\u0301" * 90, "9" * 40, "-1", "1e400",
    "NCT00000000",     "NCT01741857", "2012-001234-12", "2020-02-30",
    "10^6 cells/kg ", "Phase 2/Phase 3", "A:32;B:", "N/A", "\\", "{", "[",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 10**30, 1.5, 1e308, "", "x" * 3_000, "\0", "\ud800", [], {}, [[]], {"a": 1}, "<b>&amp;",
    "\u202e\u200b", "10^6 cells/kg " * 40, "1/2/3/" * 200, "(" * 200, "million " * 200, "e\u0301" * 300,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a record but its root."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed_record(record: Any, chance: random.Random) -> Any:
    """A record with some of its parts changed."""
    made = copy.deepcopy(record)
    for _ in range(chance.choice([1, 2, 5, 20])):
        everywhere = list(places(made))
        if not everywhere:
            break
        *way, last = chance.choice(everywhere)
        holder = made
        for key in way:
            holder = holder[key]
        if isinstance(holder, dict) and chance.random() < 0.2:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(chance.choice(VALUES))
    return made


def changed_text(text: str, chance: random.Random) -> str:
    """A text with pieces put in, taken out or doubled."""
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice([1, 10, 200]))
        what = chance.randrange(4)
        if what == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif what == 1:
            text = text[:at] + text[end:]
        elif what == 2:
            text = text[:end] + text[at:]
        else:
            text = text[:at] + chance.choice(PIECES) + text[end:]
    return text


def changed_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes of which most often none, sometimes some are others, or the last are missing."""
    made = bytearray(data)
    for _ in range(chance.choice([0, 0, 0, 1, 20])):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made[: chance.randrange(len(made) + 1)] if chance.random() < 0.05 else made)


def mutated_file(shape: str, chance: random.Random) -> bytes:
    """A file of that shape with two records, one for a flat one, of which something is changed."""
    one, other = chance.choice(sample()), chance.choice(sample())
    flat = {"csv": csv_of, "xml": xml_of, "portal csv": portal_csv_of}
    if shape in flat:
        data = changed_text(flat[shape](one), chance).encode("utf-8", "surrogatepass")
    else:
        made = changed_record(one, chance)
        if shape == "zip":
            members = {
                f"{n}.json": json.dumps(each).encode("utf-8", "surrogatepass")
                for n, each in enumerate((made, other))
            }
            return changed_bytes(zipped(members), chance)
        text = json_shapes(made, other)[shape]
        data = (changed_text(text, chance) if chance.random() < 0.3 else text).encode(
            "utf-8", "surrogatepass"
        )
    data = changed_bytes(data, chance)
    return changed_bytes(packed(data), chance) if chance.random() < 0.1 else data


def faults_of(path: Path, counts: Counter[str] | None = None) -> Iterator[str]:
    """What is wrong with what is read of a file: nothing, or the project's own error, is right.

    :param counts: gets what became of the file
    :raises Exception: what must not be raised
    """
    counts = Counter() if counts is None else counts
    try:
        reports, problems = read(path)
    except TrialgraphError as error:
        counts["files refused"] += 1
        if "\n" in error.line():
            yield "an error of several lines"
        return
    counts["records read"] += len(reports)
    counts["problems told"] += len(problems)
    names = flat_names(["all"])
    for report in reports:
        json.dumps(flat_of(report, names), ensure_ascii=False).encode()
        lines = b"".join(record_lines(report))
        quads = list(parse(lines, format=RdfFormat.N_QUADS))
        if b"".join(serialize([quad], format=RdfFormat.N_QUADS) or b"" for quad in quads) != lines:
            yield "lines that are no canonical N-Quads"
    if any("\n" in problem.line() for problem in problems):
        yield "a problem of several lines"
