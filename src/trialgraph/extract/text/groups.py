"""Groups of patients in a text: each a number with a name before or behind it; which of them are controls."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.terminology.lexicon import lexicon

__all__ = ["ANY_CELLS", "Group", "groups_in", "groups_with_n", "is_control", "is_denied", "list_of_groups"]

#: Where the number of a group begins and ends, and where its name does.
Group = tuple[int, int, int, int]

_GROUP: Final = re.compile(
    r"(?<![\d.,·])(?P<n>\d+)(?: patients)?(?: in(?: the)?)? (?!(?:vs|versus|and|or|to)\b)(?P<label>[^\W\d_][^,;]*?)"
    r"(?=\s*(?:$|[,;]|(?:\band|\bvs\.?|\bversus|/) ?\d))"
    r"|(?P<label2>[^\d,;:=]+)[:=] ?(?P<n2>\d+)(?![.,·]?\d| ?[-–~±%])"
)
# The same with the number behind the name, for a list of such: "MSC group 16, control group 14".
_BEHIND: Final = re.compile(
    r"(?P<label>[^\W\d_][^\d,;:=()]*?) (?:n ?= ?)?(?P<n>\d{1,5})"
    r"(?=\s*(?:$|[,;]|(?:\band|\bvs\.?|\bversus|/) ?[^\W\d_]))"
)
# "Control group (n = 15)/MSC group (n = 30)".
_WITH_N: Final = re.compile(r"(?P<label>[^\W\d_][^();/\n]*?) ?\([nN] ?= ?(?P<n>\d{1,5})\)")
# The same patients twice.
_TWICE: Final = re.compile(r"\b(?:pre|post|before|after|baseline)\b", re.IGNORECASE)
_BETWEEN_GROUPS: Final = re.compile(r"[\s,;/]*(?:\b(?:and|vs\.?|versus)\b)?\s*")
# Names that tell no group from another.
_NO_NAME: Final = re.compile(
    r"(?:(?:patients|participants|subjects|cases|enrolled|total|people|n)\b\W*)+"
    r"|(?:groups?|arms?|cohorts?|(?:.*\b)?(?:stages?|grades?|phases?|types?|levels?|visits?|sites?))",
    re.IGNORECASE,
)
# Numbers of something else than a group's patients.
_NO_GROUP: Final = re.compile(
    r"\b(?:(?:fe)?males?|(?:wo)?m[ea]n|boys?|girls?|[MF]|dropouts?|dropped|withdr[ae]wn?|lost|completed|excluded|years?"
    r"|per|each|every|ages?|aged|mean|median|range|SD|weights?|BMI|weeks?|months?|days?|scores?)\b"
)
# A number that stands alone in a name is another group's, or something else that is counted.
_NUMBER_IN_NAME: Final = re.compile(r"(?<![\w.,-])\d+(?![\w-])")
_CONTROL: Final = re.compile(
    r"\b(?:controls?|placebo|sham|dummy|vehicle|saline|comparator|untreated|observation(?:al)?|wait(?:ing)?[ -]list"
    r"|conventional|standard|usual care|supportive)\b|^\W*(?:no|without)\b",
    re.IGNORECASE,
)
# "T: 10; C: 10", "IG/CG".
_CODE: Final = re.compile(r"(?:C|CG|CON|Con|CTRL|Ctrl|CTL|Ctl|PBO|PLA|PL|SOC|SoC)(?: ?(?:group|arm))?")
#: Words for cells of any kind.
ANY_CELLS: Final = re.compile(
    r"\b(?:(?:stem|stromal) cells?|cell (?:therapy|treatment|infusion|transplantation|product)|cells)\b",
    re.IGNORECASE,
)
# "Placebo of MSC", "no MSC", "MSC-free": no cells.
_NOT_BEFORE: Final = re.compile(
    r"\b(?:no|non|not|without|placebo (?:of|for)|sham|before|instead of)[\s-]+(?:\w+ )?$", re.IGNORECASE
)
_NOT_BEHIND: Final = re.compile(r"[\s-]*(?:free|placebo|sham|naive|controls?)\b", re.IGNORECASE)


def is_denied(name: str, start: int, end: int) -> bool:
    """Whether the words around a mention of cells say that a group does not receive them."""
    return bool(_NOT_BEFORE.search(name, 0, start) or _NOT_BEHIND.match(name, end))


def is_control(name: str) -> bool:
    """Whether the name of a group says that it is a control: such a word, and no cells that it receives."""
    if _CODE.fullmatch(name.strip()):
        return True
    if not _CONTROL.search(name):
        return False
    cells = [(i, j) for i, j, _ in lexicon().find("cell_type", name)]
    cells += [m.span() for m in ANY_CELLS.finditer(name)]
    return all(is_denied(name, i, j) for i, j in cells)


def list_of_groups(words: str, at: int = 0) -> list[Group]:
    """The groups of a text that is nothing but two or more of them, each with a name; else none.

    :param at: where the text begins, in that whose offsets are wanted
    """
    for pattern in (_GROUP, _BEHIND):
        made, end = [], 0
        for m in pattern.finditer(words):
            if not _BETWEEN_GROUPS.fullmatch(words, end, m.start()):
                break
            made.append(_spans(m, at))
            end = m.end()
        names = [words[i - at : j - at] for _, _, i, j in made]
        told = not any(_counts_other(name) or _NO_NAME.fullmatch(name) for name in names)
        if len(made) > 1 and told and not words[end:].strip(" .;,"):
            return made
    return []


def groups_with_n(words: str) -> list[Group]:
    """The groups of a text that is nothing but two or more names, each with ``(n = …)`` behind it; else none."""
    made, end = [], 0
    for m in _WITH_N.finditer(words):
        if not _BETWEEN_GROUPS.fullmatch(words, end, m.start()):
            return []
        made.append(_spans(m, 0))
        end = m.end()
    names = [words[i:j] for _, _, i, j in made]
    if len(made) < 2 or words[end:].strip(" .;,") or any(_counts_other(n) or _TWICE.search(n) for n in names):
        return []
    return made


def groups_in(words: str, at: int = 0) -> list[Group]:
    """The groups of a text, whatever stands between them."""
    found = (_spans(m, at) for m in _GROUP.finditer(words))
    return [group for group in found if not _counts_other(words[group[2] - at : group[3] - at])]


def _counts_other(name: str) -> bool:
    return bool(_NO_GROUP.search(name) or _NUMBER_IN_NAME.search(name))


def _spans(m: re.Match[str], at: int) -> Group:
    groups = m.groupdict()
    number, label = ("n", "label") if groups.get("n") else ("n2", "label2")
    start = at + m.start(label) + len(m[label]) - len(m[label].lstrip())
    return at + m.start(number), at + m.end(number), start, start + len(m[label].strip())
