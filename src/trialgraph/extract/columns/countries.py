"""Countries in which a trial is done: ISO 3166-1 codes in the graph, their usual English names in the flat table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from trialgraph.base.package_data import resource
from trialgraph.extract.column_type import CellShape
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import read, rule
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import fold

__all__ = ["COLUMN", "country_name", "country_named", "is_former_country", "is_one_country"]

NAMED: Final = rule(
    "country.named",
    "A name or abbreviation of a country in ontology/countries.tsv is that country; abbreviations only in capitals.",
    example="China, USA and South Korea", gives="CN|US|KR", counter_example="Asia",
)  # fmt: skip

# "The China Medical University Hospital": a country's name within an institution's, which may be elsewhere.
_OF_INSTITUTION: Final = re.compile(
    r" (?:(?:National|Medical|General|Military|Central|State|Cancer|Heart|Union) )*"
    r"(?:University|Hospital|Institute|College|Academy|Agency|Society|Foundation)\b"
)
# "Republic of Korea", which registries write as "Korea, Republic of" or "Korea (Republic of)".
_STATE_OF: Final = re.compile(r"(?:the )?(?P<state>.+ of(?: the)?) (?P<name>[^,]+)", re.IGNORECASE)
# Behind the comma of "Korea, Republic of" another country may begin: Korea, Republic of Moldova.
_NOT_ANOTHER: Final = r"(?! (?!and\b|or\b)\w)"
#: Countries that are no more and have no code: none is the country whose name it holds.
_FORMER: Final = re.compile(
    r"Former Serbia and Montenegro|(?:Former )?Yugoslavia|Czechoslovakia|Soviet Union|USSR|Netherlands Antilles",
    re.IGNORECASE,
)
# A whole cell: beside other words it may be a continent.
_AMERICA: Final = re.compile(r"\s*(America)\W*", re.IGNORECASE)
_WORDS_BETWEEN: Final = re.compile(
    r"[\s,;/&+|()\-–—.]+|\b(?:and|the|in|multi-?cent(?:er|re)|single-?cent(?:er|re))\b"
)


@cache
def _countries() -> tuple[Mapping[str, str], re.Pattern[str], re.Pattern[str]]:
    """Code by folded name or abbreviation; a pattern of names over folded text; a pattern of abbreviations."""
    rows = (resource("ontology") / "countries.tsv").read_text(encoding="utf-8").splitlines()
    codes: dict[str, str] = {}
    shorts: dict[str, str] = {}
    for row in csv.DictReader(
        (r for r in rows if not r.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    ):
        for name in (row["name"], *filter(None, row["other_names"].split("|"))):
            (shorts if name.replace(".", "").isupper() else codes)[name] = row["code"]
            if inverted := _STATE_OF.fullmatch(name):
                short, state = inverted["name"], inverted["state"]
                written = (f"{short}, {state}", f"{short}, The {state}", f"{short} ({state})")
                codes |= dict.fromkeys(written, row["code"])
    by_name = {fold(name): code for name, code in codes.items()}
    return by_name | shorts, _alternation(by_name), _alternation(shorts)


def _alternation(names: Mapping[str, str]) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_pattern, ordered)) + r")(?!\w)")


def _pattern(name: str) -> str:
    return re.escape(name) + (_NOT_ANOTHER if ", " in name else "")


@cache
def _names() -> Mapping[str, str]:
    rows = (resource("ontology") / "countries.tsv").read_text(encoding="utf-8").splitlines()
    lines = csv.DictReader((r for r in rows if not r.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["code"]: row["name"] for row in lines}


def country_name(code: str) -> str:
    """The usual English name of a country by its two-letter code."""
    return _names()[code]


def _found(text: str) -> list[tuple[int, int, str]]:
    """Spans and codes of the countries in a text, in its order, without overlap."""
    codes, names, shorts = _countries()
    folded = fold(text)
    spans = [(m.start(), m.end(), codes[m.group()]) for m in names.finditer(folded)]
    spans += [
        (m.start(), m.end(), codes[m.group()])
        for m in shorts.finditer(text)
        if not any(i < m.end() and m.start() < j for i, j, _ in spans)
    ]
    if whole := _AMERICA.fullmatch(text):
        spans.append((*whole.span(1), "US"))
    former = [m.span() for m in _FORMER.finditer(text)]
    spans = [one for one in spans if not any(i <= one[0] and one[1] <= j for i, j in former)]
    spans = [one for one in spans if not _OF_INSTITUTION.match(text, one[1])]
    # New Mexico, New Jersey, and Georgia beside the United States are states of these.
    inside = any(code == "US" for _, _, code in spans)
    return sorted(
        (i, j, code)
        for i, j, code in spans
        if not (folded[:i].endswith("new ") or (inside and folded[i:j] == "georgia"))
    )


def is_one_country(text: str) -> bool:
    """Whether all of a text is the name of one country: "Korea, Republic of", not "Netherlands Antilles"."""
    found, left = _found(text), text
    for start, end, _ in reversed(found):
        left = left[:start] + " " + left[end:]
    # "Gambia, The"
    return len({code for _, _, code in found}) == 1 and set(re.findall(r"\w+", left.lower())) <= {"the"}


def is_former_country(text: str) -> bool:
    """Whether all of a text is the name of a country that is no more."""
    return bool(_FORMER.fullmatch(text)) or text.casefold() == "serbia and montenegro"


def country_named(text: str) -> str | None:
    """The usual English name of the one country that all of a text is the name of; None where it is none."""
    return country_name(_found(text)[0][2]) if is_one_country(text) else None


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    found = _found(text)
    if not found:
        return WRONG
    left = text
    for start, end, _ in reversed(found):
        left = left[:start] + " " + left[end:]
    return 8.0 if not _WORDS_BETWEEN.sub("", left) else 2.0 - 0.1 * len(left)


def _read(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    seen: set[str] = set()
    for start, end, code in _found(cell.text or ""):
        if code not in seen:
            seen.add(code)
            yield "countries", PlainValue(code, read(cell, "country", (start, end), code, NAMED))


COLUMN: Final = plain_column(
    field="countries",
    order=130,
    headings=r"(?:(?:patients?'?s?|study|trial|recruiting|recruitment|research|host|sites?|cent(?:er"
    r"|re)s?) )?(?:countr(?:y|ies)"
    r"|nations?|locations?|places?"
    r"|sites?|settings?"
    r"|geographic(?:al)? (?:location|region|area|origin)s?|geography|regions?)"
    r"(?: ?(?:/|and|or|,|&) ?(?:regions?|area|territory|center|centre|city|countr(?:y|ies)|sites?"
    r"|locations?))?(?: of (?:the )?(?:study"
    r"|trial|origin|research|conduct|recruitment))?|(?:country|location|region)s? (?:where"
    r"|in which) (?:the )?.{0,30}(?:conducted"
    r"|performed|carried out)",
    display="Countries",
    shape=CellShape(empty=-1.5, longest=200, fits=whole_cell(_fit), most=8.0),
    read=_read,
    rules=(NAMED,),
    properties=[
        PlainProperty(
            "countries",
            "countries in which the trial is done, by their usual English names",
            TG.countryCode,
            "country",
            several=True,
            pattern="^[A-Z]{2}$",
            flat=lambda value: country_name(str(value.value)),
        )
    ],
)
