"""What is given, in the names that registries print of interventions: without group, purpose and brackets.

Pure text: whether what is left is a name of something is for :mod:`trialgraph.terminology.names.grounding` to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trialgraph.terminology.names.modifiers import is_empty
from trialgraph.terminology.names.name_forms import abbreviation, tidy

__all__ = ["Rewritten", "rewritten"]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The name of what is given.

    :param modifiers: words that were left out and say more of it
    :param only: whether it has to be a substance or a cell: what is done for something is a kind of its own
    :param source: words that have to name a cell
    """

    name: str
    modifiers: tuple[str, ...] = ()
    only: bool = False
    source: str = ""


# "Group A: methotrexate", "Active comparator: methotrexate"; not "Placebo comparator: methotrexate", its placebo.
_GROUP: Final = re.compile(
    r"(?:(?:treatment|control|study|intervention|experimental)? ?(?:group|arm|cohort|stage|phase|part)"
    r" ?(?:[A-Z]|\d+|I{1,3}|IV)?"
    r"|experimental|control|active comparator|intervention"
    r"|(?:drug|biological|procedure|device|surgery|other"
    r"|radiation|behaviou?ral|genetic|dietary supplement|diagnostic test|combination product))\s*[:-]\s+(?P<name>.+)",
    re.IGNORECASE,
)
# What is given in place of something is a placebo, whatever it is in place of; a placebo beside a drug is a list.
_PLACEBO: Final = re.compile(
    r"(?:(?:matching|matched|identical|oral|inactive|pure) )*placebos?"
    r"(?:[ -](?:comparator|control|group|arm|treatment|therapy|medication|drug|pill|injection|infusion|solution"
    r"|cream)s?)*"
    r"(?:(?:,? (?:for|to|of|matching|matched (?:to|with)|identical to)) [^+&,;/]+)?"
    r"|[\w-]+(?:(?:[- ]match(?:ed|ing))? placebos?)(?: (?:tablet|capsule|pill|injection|infusion|solution|cream)s?)*",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(
    r"\b(?:and|plus|with|or|then|followed|versus|vs|no|non|not|without|than|open)\b", re.IGNORECASE
)
# Registries call the care of a control group by any of these words.
_CARE: Final = re.compile(
    r"(?:(?:current|local|institutional) )?"
    r"(?:(?:standard(?:i[sz]ed)?|usual|routine|customary|conventional)(?:[- ]of[- ])?"
    r"(?: ?(?:medical|clinical|hospital))? ?"
    r"(?:care|treatment|therapy|management)|(?:care|treatment) as usual)"
    r"(?: (?:treatment|therapy|alone|only|control|group|arm|comparator))*(?: (?:for|in|of|according to) [^+&,;/]+)?",
    re.IGNORECASE,
)
# "Treatment of oral mucositis using platelet-rich fibrin".
_USING: Final = re.compile(
    r"(?:treatment|therapy|management) (?:of|for) [^,;+&]+? (?:using|with|by) (?P<name>.+)", re.IGNORECASE
)
# What it is given for, to whom.
_PURPOSE: Final = re.compile(
    r"(?P<name>.+?) (?P<why>(?:for|in) (?:the )?"
    r"(?!injection|infusion|combination|addition|vitro|vivo|situ|inhalation)\w.+)",
    re.IGNORECASE,
)
# What cells give off is a thing of its own, of which theirs is a kind.
_PRODUCT: Final = r"exosomes?|extracellular vesicles?|secretomes?|conditioned medi(?:um|a)"
_GIVEN_OFF: Final = re.compile(
    rf"(?P<source>[\w' -]+?)(?P<from>[- ]derived)? (?P<name>{_PRODUCT})"
    rf"|(?P<name2>{_PRODUCT}) (?:of|(?:derived )?from) (?P<source2>[\w' -]+)",
    re.IGNORECASE,
)
_BRACKET: Final = re.compile(r"(?P<name>[^()\[\]]+)[(\[](?P<inner>[^()\[\]]+)[)\]](?P<rest>[^()\[\]]*)")
# The code or the brand of a product: one word with a capital or a digit.
_CODE: Final = re.compile(r"(?=\S*[A-Z\d])[\w-]+(?: ?\d+)?")
_NUMBERED: Final = re.compile(r"(?=\S*\d)[\w-]+")
# Words that say more of cells, wherever they stand in their name.
_INNER: Final = re.compile(
    r"(?<= )(?:human|allogene?ic|autologous|adult|(?:culture[- ]|ex[- ]vivo )?expanded|cultured)(?= )",
    re.IGNORECASE,
)
# "Stem/stromal cells" for "stem cells", "umbilical cord tissue-derived", "Wharton's jelly of the umbilical cord".
_CELL_WORDS: Final = re.compile(
    r"\b(?:stem(?:/| and | \(?)stromal|stromal(?:/| and | )stem)\)?(?= cells?)"
    r"|(?<=cord) tissue(?=[- ]derived)|(?<=jelly) of (?:the |human )?umbilical cords?|(?:^|(?<= ))mesenchyme(?= stem)",
    re.IGNORECASE,
)


def _plain_cells(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        word = found[0].strip().lower()
        return "mesenchymal" if word == "mesenchyme" else "stem" if "stem" in word else ""

    return tidy(_CELL_WORDS.sub(plain, text))


def rewritten(text: str) -> Iterator[Rewritten]:
    """What the name says is given, those with the least left out first."""
    if found := _GROUP.fullmatch(text):
        yield Rewritten(found["name"])
    if _PLACEBO.fullmatch(text) and not _ALSO.search(text):
        yield Rewritten("placebo")
    if _CARE.fullmatch(text):
        yield Rewritten("standard of care")
    if (found := _USING.fullmatch(text)) and not _ALSO.search(found["name"]):
        yield Rewritten(found["name"], only=True)
    if found := _GIVEN_OFF.fullmatch(text):
        source = found["source"] or found["source2"]
        yield Rewritten(found["name"] or found["name2"], (source,), source=source)
    if (found := _INNER.search(text)) and text[: found.start()].strip():
        yield Rewritten(
            tidy(text[: found.start()] + " " + text[found.end() :]), (found[0].strip(" -"),), only=True
        )
    if _CELL_WORDS.search(text):
        yield Rewritten(_plain_cells(text))
    if found := _BRACKET.fullmatch(text):
        yield from _out_of_brackets(found)
    if (found := _PURPOSE.fullmatch(text)) and not _ALSO.search(text):
        yield Rewritten(tidy(found["name"]), (found["why"],), only=True)


def _out_of_brackets(found: re.Match[str]) -> Iterator[Rewritten]:
    before, rest = found["name"].strip(), found["rest"].strip()
    name, inner = tidy(f"{before} {rest}"), tidy(found["inner"])
    product = _CODE.fullmatch(before) is not None and re.search(r"\d|\B[A-Z]", before) is not None
    words = name.split()
    short = any(abbreviation(inner, " ".join(words[at:])) for at in range(len(words)))
    plain = product or short or is_empty(inner, "intervention") or _NUMBERED.fullmatch(inner) is not None
    yield Rewritten(name, () if plain else (inner,))
    if _CODE.fullmatch(before) and is_empty(rest or "dose", "intervention"):
        yield Rewritten(inner, only=True)
