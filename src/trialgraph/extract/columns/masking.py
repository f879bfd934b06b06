"""Masking (blinding): how many of the parties do not know which treatment is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_concepts import Found, named_concept_column
from trialgraph.extract.text.design_codes import design_codes
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

NAMED: Final = rule(
    "masking.named",
    "Single-, double-, triple- or quadruple-blind and open label are the masking, where a cell names just one; "
    "the parties "
    "in parentheses only say who they are.",
    example="Double (Participant, Investigator)", gives="double-blind", counter_example="Assessor-blinded",
)  # fmt: skip

_BLIND: Final = r"(?:[- ]| - |- | -)?(?:blind(?:ed|ing)?|mask(?:ed|ing)?)\b"
_NAMED: Final = re.compile(
    rf"\b(?P<level>single|double|triple|quadruple){_BLIND}(?: \([^()]*\))?|\bopen[- ]?label(?:l?ed)?\b"
    rf"|\bmasking: ?(?:(?P<registered>single|double|triple|quadruple)\b(?: \([^()]*\))?|none\b(?: \([^()]*\))?)"
    r"|\b(?:un|non[- ]?|not )(?:blinded|masked)\b|\bno (?:blinding|masking)\b",
    re.IGNORECASE,
)
_CODES: Final = {"OL": "open label", "SB": "single-blind", "DB": "double-blind", "TB": "triple-blind"}
# As registries print it.
_REGISTRY: Final = re.compile(
    r"\s*(?:(?P<level>single|double|triple|quadruple)(?:[- ](?:blind|mask)\w*)?|(?P<none>none|open)"
    r"(?P<label> ?\(?open[- ]label\)?)?)(?: ?[(:] ?[^()]*\)?)?\s*",
    re.IGNORECASE,
)
# "Blinding: no".
_ASKS: Final = re.compile(r"^\W*(?:study |patient )?(?:blind|mask)", re.IGNORECASE)
_NO: Final = re.compile(r"\s*(no|none \(open\)|not blinded|no blinding)\W*", re.IGNORECASE)


def _found(text: str, header: str) -> Iterator[Found]:
    if _ASKS.search(header) and (m := _NO.fullmatch(text)):
        yield m.start(1), m.end(1), "open label"
        return
    if m := _REGISTRY.fullmatch(text):
        # "None" in a review may say that nothing is reported.
        if m["level"]:
            yield len(text) - len(text.lstrip()), len(text.rstrip()), f"{m['level'].lower()}-blind"
        elif m["label"] or m["none"].isupper() or m["none"].lower() == "open":
            yield len(text) - len(text.lstrip()), len(text.rstrip()), "open label"
        return
    yield from ((i, j, _CODES[code]) for i, j, code in design_codes(text) if code in _CODES)
    for m in _NAMED.finditer(text):
        level = m["level"] or m["registered"]
        yield m.start(), m.end(), f"{level.lower()}-blind" if level else "open label"


COLUMN: Final = named_concept_column(
    field="masking",
    order=170,
    headings=r"(?:(?:study|trial) ){0,4}(?:blind(?:ing|ed)?|mask(?:ing|ed)?)(?: (?:method|level|type|status|design"
    r"|of (?:the )?(?:study"
    r"|trial)))?|blinding ?/ ?masking|masking ?/ ?blinding|(?:type|level|degree) of (?:blinding|masking)",
    display="Masking",
    states=TG.masking,
    meaning="open label, single-blind, double-blind, triple-blind or quadruple-blind",
    by=NAMED,
    found=_found,
)
