"""Words around a name: those known to leave the thing what it is, and those that make another thing of it.

"Severe asthma" is asthma; "vascular Parkinson disease" is no Parkinson disease. Only what
``ontology/modifiers.toml`` lists may be left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.terminology.names.name_forms import is_short, tidy

__all__ = ["Stripped", "fits", "is_empty", "is_form", "is_safe", "names_a_kind", "narrower_words", "stripped"]


@dataclass(frozen=True, slots=True)
class Stripped:
    """A name without the modifiers around it.

    :param modifiers: those that say more of the thing: the name alone is then broader
    :param empty: those that do not: the form of a drug, its dose
    """

    name: str
    modifiers: tuple[str, ...]
    empty: tuple[str, ...]


# More ways to leave words out are not tried.
_MOST: Final = 40


def _around(words: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"^(?:{words})(?:\s+|\s*,\s*|-(?=[a-z]))", re.IGNORECASE),
        re.compile(rf"(?:\s+|\s*,\s*|\s*[(]\s*)(?!(?:the|an?|of)$)(?:{words})\s*[)]?$", re.IGNORECASE),
    )


@cache
def _words(field: str, kind: str) -> str:
    """The alternatives of ``ontology/modifiers.toml``.

    :raises InputError: it is missing or no TOML
    """
    path = resource("ontology") / "modifiers.toml"
    try:
        return "|".join(tomllib.loads(path.read_text(encoding="utf-8"))[field][kind])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error


@cache
def _patterns(field: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """Of what narrows and of what says nothing, the patterns at the front and at the end of a name."""
    narrows, (front, end) = _around(_words(field, "narrows")), _around(_words(field, "empty"))
    if field != "intervention":
        return narrows, (front, end)
    given, behind = _around(_words(field, "given")), ("done", "transplanted")
    return (*narrows, _around(_words(field, "done_narrows"))[0]), (
        front,
        end,
        *given,
        *(_around(_words(field, kind))[1] for kind in behind),
    )


def fits(left_out: tuple[str, ...], kind: str) -> bool:
    """Whether the words left out may stand beside a thing of that kind.

    "Discectomy surgery" is a discectomy and "transplantation" of cells gives the cells; "heart surgery" gives no heart.

    :param kind: ``p`` for what is done, ``c`` for a cell, ``i`` for another thing that is given
    """
    wrong = {
        "p": ("given", "transplanted"),
        "c": ("done", "done_narrows"),
        "i": ("done", "done_narrows", "transplanted"),
    }[kind]
    return not any(
        re.fullmatch(_words("intervention", one), word, re.IGNORECASE) for one in wrong for word in left_out
    )


def stripped(text: str, field: str) -> Iterator[Stripped]:
    """The name without words around it that do not change the thing: with as few of them left out as possible first."""
    todo, seen = [Stripped(text, (), ())], {text}
    while todo and len(seen) < _MOST:
        one = todo.pop(0)
        for kind, patterns in enumerate(_patterns(field)):
            for found in (m for m in (p.search(one.name) for p in patterns) if m):
                name = tidy(one.name[found.end() :] if found.start() == 0 else one.name[: found.start()])
                if name and name not in seen:
                    seen.add(name)
                    word = (found[0].strip(" ,()"),)
                    made = Stripped(
                        name, one.modifiers + (() if kind else word), one.empty + (word if kind else ())
                    )
                    todo.append(made)
                    yield made


def is_empty(text: str, field: str) -> bool:
    """Whether words name no thing at all: a dose, a form, a group."""
    return re.fullmatch(_words(field, "empty"), text, re.IGNORECASE) is not None


def is_safe(beside: str) -> bool:
    """Whether all words beside a disease's name are known to make no other disease of it."""
    return not re.search(r"[^\W_]", _beside().sub(" ", re.sub(r"\s+", " ", beside)))


@cache
def _beside() -> re.Pattern[str]:
    words = "|".join(_words("disease", kind) for kind in ("sites", "findings", "narrows", "empty"))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


# The forms and routes in which something is given: of what is done they make another kind.
_FORM: Final = re.compile(
    r"infusions?|injections?|injectables?|i\.?v\.?|im|s\.?c\.?|po|in(?:tra|haled|jection|fusion).*|sub.*|oral.*|nasal",
    re.IGNORECASE,
)


def is_form(word: str) -> bool:
    """Whether a word says in which form or by which route something is given."""
    return _FORM.fullmatch(word) is not None


# Words that make no narrower thing of a disease's name.
_NO_MORE: Final = re.compile(
    r"diseases?|disorders?|syndromes?|conditions?|nos|unspecified|not|otherwise|specified|of|the|and|in|or|to|type|by|with|due"
    r"|induced|associated|related|injury|therapy|therapies|treatments?|procedures?|human|drug|agents?|primary|idiopathic|cell|cells",
    re.IGNORECASE,
)


def narrower_words(name: str, *labels: str) -> tuple[str, ...]:
    """The words that an unscoped name has beyond a label that it holds whole: it is then a narrower thing's name."""
    has = re.findall(r"[^\W_]+", re.sub(r"\([^()]*\)", "", name.lower().replace("'s", "")))
    for label in labels:
        words = {_stem(word) for word in re.findall(r"[^\W_]+", label.lower().replace("'s", ""))}
        words = {word for word in words if not _NO_MORE.fullmatch(word)} or words
        more = [w for w in has if len(w) > 1 and _stem(w) not in words and not _NO_MORE.fullmatch(w)]
        if more and words <= {_stem(word) for word in has}:
            return tuple(more)
    return ()


def _stem(word: str) -> str:
    return word.rstrip("s")


_KIND: Final = re.compile(
    r"\d+\w?|[ivx]+|primary|secondary|familial|hereditary|inherited|autosomal|dominant|recessive|linked|susceptibility|juvenile"
    r"|infantile|adult|inattentive|congenital|acquired|sporadic|neonatal|early|late|onset|drug|severe|mild|syndromic|nonsyndromic",
    re.IGNORECASE,
)


def names_a_kind(label: str, words: str, field: str) -> bool:
    """Whether a label is that of one kind of what the words say: "avascular necrosis of femoral head, primary, 1".

    Of what is given, more words make one: "mesenchymal stem cell exosomes" are not adipose-derived ones.
    """
    said = {_stem(word) for word in re.findall(r"[^\W_]+", words.lower().replace("'s", ""))}
    more = [w for w in re.findall(r"[^\W_]+", label.lower().replace("'s", "")) if _stem(w) not in said]
    whole = said <= {_stem(word) for word in re.findall(r"[^\W_]+", label.lower())}
    if field == "intervention":
        return whole and any(not _NO_MORE.fullmatch(word) for word in more)
    return (whole or is_short(words)) and any(_KIND.fullmatch(word) for word in more)
