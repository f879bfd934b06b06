"""Heading to field: what a column is about, whatever its heading says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.text.groups import is_control
from trialgraph.terminology.lexicon import fold

__all__ = ["GENERIC", "Named", "aside_of", "field_of", "fields_named", "last_words", "plain_heading"]

# What extraction sheets shorten, word by word.
_SHORT: Final = {
    "pts": "patients", "pt": "patients", "pats": "patients", "subj": "subjects", "no": "number", "nr": "number",
    "num": "number", "nb": "number", "nos": "number", "tx": "treatment", "trt": "treatment", "rx": "treatment",
    "fu": "follow up", "f/u": "follow up", "followup": "follow up", "admin": "administration",
    "adm": "administration", "administ": "administration",
    "administr": "administration",
    "dx": "diagnosis", "dz": "disease", "intv": "intervention", "int": "intervention", "ctrl": "control",
    "grp": "group", "reg": "registration", "regn": "registration", "ctry": "country", "freq": "frequency",
    "dur": "duration", "prim": "primary", "sec": "secondary", "cond": "condition", "ident": "identifier",
    "identification": "identifier", "tot": "total", "trials": "trial", "studies": "study",
    "rob": "risk of bias", "rand": "randomization", "conc": "conclusion", "txt": "text", "desc": "description",
    "parts": "participants", "ppts": "participants", "mech": "mechanism", "out": "outcome", "pop": "population",
    "est": "estimated", "exp": "expected", "anticip": "anticipated", "cit": "citation", "cits": "citations",
    "roa": "route of administration", "roi": "route of injection", "loc": "location", "min": "minimum",
    "max": "maximum", "med": "median", "ind": "indication", "int'l": "international", "inst": "institution",
    "enr": "enrollment", "enrol": "enrollment", "enroll": "enrollment", "particip": "participants",
    "identif": "identifier", "compl": "completion", "n°": "number", "nº": "number", "no°": "number", "nbr": "number",
    "fup": "follow up",
}  # fmt: skip
_LONGEST: Final = 300
_MOST_TOKENS: Final = 6
# Fields that the last words of a heading may name where the cells bear it out, and headings of something else.
_BY_LAST_WORDS: Final = frozenset(
    [
        "disease",
        "mechanism",
        "status",
        "countries",
        "registration",
        "cell source",
        "phase",
        "masking",
        "allocation",
    ]
)
_OF_ANOTHER: Final = re.compile(
    r"\b(?:comorbid\w*|concomitant|concurrent|previous|prior|past|background|exclusion|excluded|non|no|without|control"
    r"|survival|response|disease (?:status|stage|activity|severity|duration|free)|stage|grade|severity|vital"
    r"|marital|smoking"
    r"|performance|mutation|donor disease|related articles?|first author)\b"
)
# What else may stand in one column with what its heading names.
_BESIDE: Final = frozenset(
    [
        "year",
        "date",
        "publication year",
        "year of publication",
        "journal",
        "no",
        "ref",
        "sources",
        "source",
        "institute",
        "institution",
        "institutions",
        "center",
        "centre",
        "hospital",
        "principal investigator",
        "pi",
        "investigator",
        "principal investigators",
        "affiliation",
        "city",
        "organization",
        "organisation",
        "name",
        "title",
        "authors",
    ]
)
_GROUPS: Final = frozenset(
    ["control", "controls", "control group", "control arm", "treatment", "treatment group", "treatment arm",
     "experimental",
     "experimental group", "intervention", "intervention group", "placebo", "placebo group", "comparator", "msc group",
     "msc", "mscs", "cell group", "treated", "cases", "case", "test group", "study group"]
)  # fmt: skip
# Words that a heading may have beside what it names.
_EMPTY: Final = frozenset(
    ["the", "a", "an", "of", "in", "for", "by", "was", "were", "is", "are", "this", "reported", "report", "extracted",
     "details", "detail", "description", "information", "info", "data", "text", "value", "name", "verbatim", "total",
     "included", "summary", "key", "main", "s", "study", "trial", "clinical", "used", "studied",
     "tested", "employed", "utilized", "investigated"]
)  # fmt: skip
#: Headings that say so little that the cells decide between what they may mean, each with the fields.
GENERIC: Final = {
    "": ("registration", "reference", "disease", "phase", "countries", "status", "cell source", "title"),
    "study": ("reference", "registration", "title", "phase"),
    "trial": ("registration", "reference", "title", "phase"),
    "id": ("registration", "reference"),
    "study id": ("registration", "reference"),
    "id no": ("registration", "reference"),
    "id number": ("registration", "reference"),
    "trial id": ("registration", "reference"),
    "number": ("registration", "reference", "patients"),
    "no": ("registration", "reference"),
    "nr": ("registration", "reference"),
    "s no": ("registration", "reference"),
    "sr no": ("registration", "reference"),
    "serial number": ("registration", "reference"),
    "study no": ("registration", "reference"),
    "study number": ("registration", "reference"),
    "trial no": ("registration", "reference"),
    "trial number": ("registration", "reference"),
    "control": ("comparator",),
    "controls": ("comparator",),
    "source": ("cell source", "reference"),
    "type": ("cell source", "phase", "disease"),
    "name": ("title", "registration", "disease"),
    "intervention": ("administration", "cell source", "product"),
    "interventions": ("administration", "cell source", "product"),
    "treatment": ("administration", "cell source", "product"),
    "population": ("disease", "patients"),
    "study population": ("disease", "patients"),
    "patient population": ("disease", "patients"),
    "patient characteristics": ("disease", "patients"),
    "participants": ("patients", "disease"),
    "patients": ("patients", "disease"),
    "subjects": ("patients", "disease"),
    "location": ("countries",),
    "setting": ("countries",),
    "site": ("countries",),
    "region": ("countries",),
    "year": ("reference",),
    "origin": ("cell source", "countries"),
    "ph": ("phase",),
    "gene": ("target",),
    "patient type": ("disease",),
    "patients type": ("disease",),
    "type of patients": ("disease",),
    "type of patient": ("disease",),
    "patient group": ("disease", "patients"),
    "length": ("follow-up",),
    "clinical trial": ("registration", "title", "reference", "phase"),
    "clinical trials": ("registration", "title", "reference", "phase"),
    "clinical study": ("registration", "title", "reference", "phase"),
    "trial reference": ("registration", "reference"),
    "clinical trial reference": ("registration", "reference"),
    "clinicaltrials gov reference": ("registration", "reference"),
    "clinicaltrials.gov reference": ("registration", "reference"),
    "clinical trials.gov reference": ("registration", "reference"),
    "cohort": ("patients", "disease"),
    "cohorts": ("patients", "disease"),
    "size": ("patients",),
    "therapy": ("administration", "cell source", "product"),
    "therapies": ("administration", "cell source", "product"),
    "arm": ("administration", "patients"),
    "arms": ("administration", "patients"),
    "study arms": ("administration", "patients"),
    "material": ("cell source", "product"),
    "graft": ("cell source",),
    "application": ("disease", "administration"),
    "applications": ("disease", "administration"),
    "clinical application": ("disease",),
    "tumor": ("disease",),
    "tumour": ("disease",),
    "cancer": ("disease",),
    "malignancy": ("disease",),
    "malignancies": ("disease",),
    "injury": ("disease",),
    "infection": ("disease",),
    "methods": ("phase", "administration"),
    "protocol": ("administration", "registration", "phase"),
    "protocols": ("administration", "registration", "phase"),
    "blind": ("masking",),
    "date": (),
    "cells": ("cell source", "administration"),
    "cells injected": ("cell source", "administration"),
    "cells infused": ("cell source", "administration"),
    "cells transplanted": ("cell source", "administration"),
    "cells administered": ("cell source", "administration"),
    "cells delivered": ("cell source", "administration"),
    "injected cells": ("cell source", "administration"),
    "infused cells": ("cell source", "administration"),
    "transplanted cells": ("cell source", "administration"),
    "cell product": ("cell source", "product"),
    "mscs": ("cell source", "administration"),
    "population age": ("age",),
    "clinical scenario": ("disease",),
    "clinical setting": ("disease",),
    "group": (),
    "groups": (),
}  # fmt: skip
# Ages of those who took part, which are no limits of eligibility: "Age (mean ± SD)".
_OF_SAMPLE: Final = re.compile(
    r"^\W*ages?\b.*\b(?:mean|median|average|avg|sd|iqr|at (?:onset|diagnosis|baseline|treatment|infusion))\b",
    re.IGNORECASE,
)
_UNIT_BEHIND: Final = re.compile(
    r"[,;:] ?(?:in )?(?:n|no\.?|years?|yrs?|y|months?|mo|weeks?|wks?|days?|d|kg|%|×? ?10.{0,20}|cells?(?:/.*)?"
    r"|mean.*|median.*|(?:[a-z]{1,14} ?(?:/|vs\.?) ?)+(?:c|control|controls|placebo|comparator))$"
)


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None where nobody knows the heading.

    Units and explanations in parentheses do not count: "Follow-up (months)" is a follow-up. Where two columns know a
    heading, the earlier one has it.
    """
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(heading))
    bare = re.sub(r"[\s\-]+", " ", bare).strip(" .,:;*†‡#=")
    return next((field for field, pattern in _patterns(columns()) if pattern.fullmatch(bare)), None)


@cache
def _patterns(of: tuple[ColumnType, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((column.field, re.compile(column.headings)) for column in of)


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading names.

    :param fields: several where one column holds several things ("Phase/status")
    :param confidence: 1 where the heading is known as it is
    :param why: what it was read as, in words; empty where it is known
    """

    fields: tuple[str, ...]
    confidence: float = 1.0
    why: str = ""


def plain_heading(heading: str) -> str:
    """A heading in small letters and single blanks, without units, numbering and the underscores of a sheet."""
    if heading.strip() == "#":
        return "number"
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", heading)
    words = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(words))
    words = re.sub(r"[\s_\-]+", " ", words).strip(" .,:;*†‡§¶#?=/")
    words = re.sub(
        r"^1(?:°|º|ry|st|\.°)(?= )", "primary", re.sub(r"^2(?:°|º|ry|nd)(?= )", "secondary", words)
    )
    words = re.sub(r"^(?:\d{1,2}(?:\.\d{1,2})*|[a-z])[.)] ", "", words)
    return _UNIT_BEHIND.sub("", words).strip(" .,:;*†‡§¶#?=/")


def fields_named(heading: str) -> Named | None:
    """What a heading names, as it is or by its words; None where they name nothing that any column is about."""
    if len(heading) > _LONGEST:
        return None
    if _counts_group(heading):
        return Named(("patients",), 1.0, "the heading counts a group of patients")
    if _OF_SAMPLE.search(heading):
        return None
    if field := field_of(heading):
        return Named((field,))
    if several := _several(heading):
        return several
    plain = plain_heading(heading)
    if not plain:
        return None
    if field := field_of(plain):
        return Named((field,), 1.0, f"the heading is read as {plain!r}")
    for confidence, words in _rewordings(plain):
        if field := field_of(words):
            return Named((field,), confidence, f"the heading is read as {words!r}")
    return _without_break(plain)


def last_words(heading: str) -> Named | None:
    """What the last words of a heading name that is not known as a whole: "Possibly related mechanisms".

    It says so little that the cells must say the same.
    """
    tokens = _spelled(plain_heading(heading)).split()
    if len(heading) > _LONGEST or _OF_ANOTHER.search(" ".join(tokens)):
        return None
    for at in range(1, len(tokens)):
        words = " ".join(tokens[at:])
        if (field := field_of(words)) in _BY_LAST_WORDS:
            return Named((field,), 0.92, f"the last words of the heading are read as {words!r}")
    return None


def _without_break(plain: str) -> Named | None:
    """What a heading names whose word a line break has cut: "treatmen t", "rando mized"."""
    tokens = plain.split()
    for at in range(1, min(len(tokens), _MOST_TOKENS)):
        words = " ".join([*tokens[: at - 1], tokens[at - 1] + tokens[at], *tokens[at + 1 :]])
        if field := field_of(words):
            return Named((field,), 0.95, f"the heading is read as {words!r}")
    return None


def _counts_group(heading: str) -> bool:
    """Whether a heading names a group of patients, with "n" in parentheses or behind a comma."""
    m = re.fullmatch(
        r"([^()]*?)\s*(?:\(\s*(?:n|no\.?|number|size|patients|n ?= ?\d+)\s*\)|,\s*n)\s*", heading.lower()
    )
    if m is None:  # "Groups (treatment/control)"
        m = re.fullmatch(
            r"((?:study )?(?:groups?|arms?|cohorts?))\s*\(([^()/]+)/([^()/]+)\)\s*", heading.lower()
        )
        return (
            m is not None
            and is_control(m[2]) + is_control(m[3]) + (m[2].strip() == "c") + (m[3].strip() == "c") == 1
        )
    return plain_heading(m[1]) in _GROUPS


def aside_of(heading: str) -> str | None:
    """The field that the words in parentheses behind a heading name: "n (age)" has ages, too."""
    m = re.fullmatch(r"[^()\[\]]+[(\[]([^()\[\]]+)[)\]]\s*", heading)
    return field_of(m[1].strip()) if m else None


def _several(heading: str) -> Named | None:
    """The fields of a heading that names two or three things, with what joins them."""
    parts = re.split(r"\s*[/;|&+,\n]\s*|\s+and\s+", plain_heading(heading))
    if not 2 <= len(parts) <= 4:
        return None
    if parts[0].startswith(("cell", "msc")):  # "Cell number / type / route"
        parts = [f"cell {part}" if part in ("type", "source", "origin") else part for part in parts]
    found = [field_of(part) or field_of(_spelled(plain_heading(part))) or _identifier(part) for part in parts]
    fields = tuple(dict.fromkeys(field for field in found if field))
    unknown = [part for part, field in zip(parts, found, strict=True) if not field]
    if len(fields) == 1 and not unknown:  # "Enrolment / sample size"
        return Named(fields, 0.98, f"each part of the heading names {fields[0]}")
    if len(fields) == 1 and all(plain_heading(part) in _BESIDE for part in unknown):  # "Country and year"
        return Named(fields, 0.97, f"the heading names {fields[0]}")
    if len(fields) < 2 or any(plain_heading(part) not in _BESIDE for part in unknown):
        return None
    return Named(fields, 0.98, "the heading names " + " and ".join(fields))


def _identifier(part: str) -> str | None:
    """The registration, where the last words of a part are an identifier's: "Clinical Trails.gov Identifier"."""
    named = last_words(part)
    return "registration" if named and named.fields == ("registration",) else None


def _rewordings(plain: str) -> list[tuple[float, str]]:
    """Other ways of writing a heading, each with how sure it is that they mean the same."""
    spelled = _spelled(plain)
    tokens = spelled.split()
    singular = [re.sub(r"(?<=[a-z]{3})s$", "", word) for word in tokens]
    core = [word for word in tokens if word not in _EMPTY]
    made = [(0.99, spelled), (0.99, " ".join(singular)), (0.99, f"{spelled}s")]
    if 2 <= len(tokens) <= 3:  # the order of words: "patients number", "dose cell"
        made += [(0.97, " ".join(reversed(tokens))), (0.97, f"{tokens[-1]} of {' '.join(tokens[:-1])}")]
        if "of" in tokens[1:-1]:
            made.append((0.96, f"{tokens[-1]} {tokens[0]}"))
    if core and core != tokens:
        made += [(0.96, " ".join(core)), (0.95, " ".join(reversed(core)))]
    return [(sure, words) for sure, words in dict.fromkeys(made) if words]


def _spelled(plain: str) -> str:
    return " ".join(_SHORT.get(word.strip("."), word.strip(".") or word) for word in plain.split())
