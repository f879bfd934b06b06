"""Which words the pages may use: English, the lexicon, the sources, and a list of our own with reasons."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Store

from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.terminology.lexicon import read_table

__all__ = ["ACCEPTED", "accepted", "lexicon_words", "misspelt", "words_of"]

ACCEPTED: Final = Path(__file__).with_name("accepted_words.txt")
#: British first; quotes, titles and terms of ontologies may be American.
DICTIONARIES: Final = "en_GB,en_US"
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A name of code, a file, an address, an identifier, a value with a unit, a word that is cut: no word.
_NO_WORD: Final = re.compile(
    r"[\d_@=#<>⟦⟧{}\\|]|://|\w[:.]\w|^[/.*-]|/$|[a-z][A-Z]|…$|[^\x00-\u024f–—’“”…×·←→↑↓≥≤]"
)
_EDGES: Final = "()[].,;:!?“”\"'‘’"
#: The graphs of terms; not our own labels and definitions in the graph ``ontology``, which are checked.
_TERMS: Final = ("module", "mappings")
#: What holds words of sources, and the examples of rules.
_QUOTED: Final = "tg:cellText, tg:asReported, tg:example, tg:gives, tg:counterExample"


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """The words of some texts, without what is no word."""
    for text in texts:
        for token in (part.strip(_EDGES) for part in text.split()):
            if not _NO_WORD.search(token):
                yield from _WORD.findall(token)


def lexicon_words(store: Store) -> frozenset[str]:
    """Lower-case words of the labels and synonyms of terms and concepts, and of the text of the sources."""
    query = f"""SELECT DISTINCT ?words {{
      GRAPH ?graph {{ ?thing ?property ?words FILTER (isLiteral(?words)) }}
      FILTER (?graph IN ({", ".join(str(iris.graph(name)) for name in _TERMS)}) || ?property IN ({_QUOTED}))
    }}"""
    texts = [row["words"].value for row in store.query(query, prefixes=dict(PREFIXES))]  # type: ignore[union-attr]
    for path in (resource("ontology") / "concepts").glob("*.sssom.tsv"):
        texts += [
            row.get(name) or "" for row in read_table(path) for name in ("subject_label", "object_label")
        ]
    return frozenset(word.casefold() for text in [*texts, *PREFIXES] for word in _WORD.findall(text))


def accepted() -> frozenset[str]:
    """The words of the list; it is grouped, each group with its reason in a line that begins with ``#``."""
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def misspelt(words: Iterable[str]) -> frozenset[str]:
    """The words that no English dictionary has."""
    program = shutil.which("hunspell")
    if program is None:
        assert not os.environ.get("CI"), "hunspell is missing"
        pytest.skip("hunspell is not installed")
    command = [program, "-d", DICTIONARIES, "-i", "utf-8", "-l"]
    text = "\n".join(sorted({word.replace("’", "'") for word in words}))
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        assert not os.environ.get("CI"), done.stderr
        pytest.skip(f"hunspell lacks a dictionary: {DICTIONARIES}")
    return frozenset(done.stdout.split())
