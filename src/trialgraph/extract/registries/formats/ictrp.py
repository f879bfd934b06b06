"""A trial of the WHO's portal: the texts of its fields, as its mapping file wants them.

The portal keeps what each register sent: several values in one text, dates and phases in the register's own form,
remnants of markup. Here every text is taken apart; what cannot be is kept as words or left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from trialgraph.extract.registries.formats.csv_lists import Unclear
from trialgraph.extract.registries.formats.who_dates import iso_date
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.extract.registries.values import code
from trialgraph.extract.text.registries import find_numbers

__all__ = ["COLUMNS_OF_PORTAL", "clean", "field_of_column", "trial_of_fields"]

#: Columns by which its CSV is known.
COLUMNS_OF_PORTAL: Final = frozenset(
    {"trialid", "last_refreshed_on", "public_title", "scientific_title", "source_register", "recruitment_status",
     "date_enrollement", "target_size", "study_type", "date_registration3"}
)  # fmt: skip
_BREAK: Final = re.compile(r"<\s*/?\s*(?:br|p)\s*/?\s*>|&lt;br&gt;|&#x0?D;|_x000D_|\r\n?", re.IGNORECASE)
_PARTS: Final = re.compile(r"[;\n]")
# Between the items of ClinicalTrials.gov stands a semicolon alone: one with a blank behind it is part of an item.
_TIGHT: Final = re.compile(r";(?! )|\n")
# "Experimental group:30", "case series : 100"; the size stands last.
_GROUP: Final = re.compile(r"(?P<label>.*?)\s*[:：]\s*(?P<size>\d{1,9})", re.DOTALL)
_YES: Final[Mapping[str, bool]] = {
    "yes": True,
    "true": True,
    "1": True,
    "no": False,
    "false": False,
    "0": False,
}
# What registers put where nothing is stated; of an age also that there is no limit.
_FILLER: Final = re.compile(
    r"[\W_]*|n\.?/?[ad]\.?|null|none|unknown|not (?:applicable|available|provided|specified|stated)"
    r"|no (?:\w{1,20} )?(?:age|limit)s?(?: limit)?",
    re.IGNORECASE,
)
_PHASE: Final = re.compile(r"(?:phase[- ]?)?(?P<step>IV|III|II|I|[0-4])", re.IGNORECASE)
_ARABIC: Final[Mapping[str, str]] = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_EU_PHASE: Final = re.compile(r"\(Phase (?P<step>IV|III|II|I)\)\s*:\s*(?P<said>yes|no)?", re.IGNORECASE)
_DESIGN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("allocation", re.compile(r"\bAllocation:\s*([^.;:]+)", re.IGNORECASE)),
    ("model", re.compile(r"\b(?:Intervention model|Assignment):\s*([^.;:]+)", re.IGNORECASE)),
    ("purpose", re.compile(r"\b(?:Primary )?purpose:\s*([^.;:]+)", re.IGNORECASE)),
    ("masking", re.compile(r"\bMasking:\s*([^.;:(]+(?:\([^)]*\))?)", re.IGNORECASE)),
)
_KNOWN_DESIGN: Final[Mapping[str, Mapping[str, str]]] = {
    "PARALLEL": {"model": "PARALLEL"},
    "FACTORIAL": {"model": "FACTORIAL"},
    "SEQUENTIAL": {"model": "SEQUENTIAL"},
    "CROSS_OVER": {"model": "CROSSOVER"},
    "CROSSOVER": {"model": "CROSSOVER"},
    "SINGLE_ARM": {"model": "SINGLE_GROUP"},
    "NON_RANDOMIZED_CONTROL": {"allocation": "NON_RANDOMIZED"},
}
_ALLOCATIONS: Final[Mapping[str, str]] = {
    "RANDOMISED": "RANDOMIZED", "RANDOMIZED_CONTROLLED_TRIAL": "RANDOMIZED", "NON_RANDOMISED": "NON_RANDOMIZED",
    "NON_RANDOMIZED_CONTROLLED_TRIAL": "NON_RANDOMIZED", "N_A_SINGLE_ARM_STUDY": "NA", "SINGLE_ARM_STUDY": "NA",
}  # fmt: skip
#: Types of interventions of ClinicalTrials.gov, before a colon.
_KIND: Final = re.compile(
    r"(?P<type>Behavioral|Biological|Combination Product|Device|Diagnostic Test|Dietary Supplement|Drug|Genetic|Other"
    r"|Procedure|Radiation):\s*(?P<name>.+)", re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ARM: Final = re.compile(r"(?P<arm>[^:：]{1,120}?)\s*[:：]\s*(?P<name>.+)", re.DOTALL)
_SPACES: Final = re.compile(r"[ \t\u00a0\u3000]+")


def clean(text: str) -> str:
    """A text without remnants of markup: line breaks as such, blanks collapsed."""
    lines = (_SPACES.sub(" ", line).strip() for line in _BREAK.sub("\n", text).split("\n"))
    return "\n".join(line for line in lines if line)


@cache
def field_of_column() -> Mapping[str, str]:
    """The portal's name of a field by any spelling of it, with spaces or underscores."""
    mapping = field_mapping("ictrp")
    paths = (*mapping.lines, *mapping.unread)
    return {name.casefold(): name for path in paths if (name := path.split("/")[1])}


def trial_of_fields(
    texts: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """The fields of a trial in the shape that the mapping file reads.

    :param texts: by the portal's names, each as it stands; several where an element is repeated
    :returns: the fields, and those that stand there several times and say different things, each with why
    """
    made: dict[str, Any] = {}
    unclear: list[tuple[str, str]] = []
    for name, values in texts.items():
        words = [text for value in values if (text := clean(value))]
        if not words or f"/{name}" in field_mapping("ictrp").unread:
            continue
        known = name in _CHANGES or name in field_of_column().values()
        if known and name not in _SEVERAL and len({" ".join(text.casefold().split()) for text in words}) > 1:
            unclear.append((name, f"it stands {len(words)} times in the record, with different texts"))
            continue
        change = _CHANGES.get(name)
        if change is not None:
            try:
                made |= change(words, texts)
            except Unclear as error:
                unclear.append((name, str(error)))
        elif known:
            made[name] = " ".join(words[0].split())
        else:
            made[name] = words[0]
    return made, tuple(unclear)


Texts = Mapping[str, Sequence[str]]
Change = Callable[[list[str], Texts], dict[str, Any]]


def _listed(name: str) -> Change:
    return lambda words, texts: {name: [part for word in words for part in _split(word, texts)]}


def _split(text: str, texts: Texts) -> list[str]:
    between = _TIGHT if _is_from(texts, "clinicaltrials.gov") else _PARTS
    return [" ".join(part.split()) for part in between.split(text) if part.strip(" .;")]


def _is_from(texts: Texts, register: str) -> bool:
    return register in "".join(texts.get("Source_Register", ())).casefold()


def _date(name: str) -> Change:
    return lambda words, _: {name: iso_date(words[0])}


def _flag(name: str) -> Change:
    def read(words: list[str], _: Texts) -> dict[str, Any]:
        return _unless_filler(name, words[0], _YES.get(words[0].casefold(), words[0]))

    return read


def _age(name: str) -> Change:
    return lambda words, _: _unless_filler(name, words[0], " ".join(words[0].split()))


def _unless_filler(name: str, text: str, value: object) -> dict[str, Any]:
    """The value; one that its reader cannot take is told there, not passed over here."""
    return {} if _FILLER.fullmatch(text) else {name: value}


def _lower(name: str) -> Change:
    return lambda words, _: {name: " ".join(words[0].lower().replace(",", "").split())}


def _sex(words: list[str], _: Texts) -> dict[str, Any]:
    text = words[0].casefold()
    said = dict(re.findall(r"\b(female|male)s?\s*:\s*(yes|no)\b", text))
    if said:
        sexes = {sex for sex, yes in said.items() if yes == "yes"}
    elif re.search(r"\b(?:both|all|any)\b", text):
        sexes = {"female", "male"}
    else:
        sexes = set(re.findall(r"\b(female|male)s?\b", text))
    if not sexes:
        if _FILLER.fullmatch(text):
            return {}
        raise Unclear(f"{' '.join(text.split())[:60]!r} is no sex that is known")
    return {"Inclusion_gender": "all" if len(sexes) > 1 else sexes.pop()}


def _size(words: list[str], texts: Texts) -> dict[str, Any]:
    """A number, or groups with theirs: the total is stated, or the sum where each group has a number."""
    text = words[0]
    if re.fullmatch(r"\d{1,12}", text):
        return {"Target_size_total": int(text)}
    groups = [_GROUP.fullmatch(part) for part in _split(text, texts)]
    if not groups or not all(groups):
        return _unless_filler("Target_size_total", text, text)
    sized = [{"label": m["label"], "size": int(m["size"])} for m in groups if m]
    return {"Target_size": sized, "Target_size_total": sum(int(m["size"]) for m in groups if m)}


def _type(words: list[str], _: Texts) -> dict[str, Any]:
    text = " ".join(words[0].lower().split())
    for kind in ("interventional", "observational", "expanded access"):
        if text.startswith(kind):
            return {"Study_type": kind}
    return {"Study_type": text}


def _phase(words: list[str], _: Texts) -> dict[str, Any]:
    text = " ".join(words[0].split())
    if said := _EU_PHASE.findall(text):
        return {"Phase": [_ARABIC[step.upper()] for step, yes in said if yes.lower() == "yes"]}
    if text.casefold() in ("n/a", "na", "not applicable"):
        return {"Phase": ["not applicable"]}
    if text.casefold() in ("early phase 1", "early phase i"):
        return {"Phase": ["early 1"]}
    steps = [_PHASE.fullmatch(part.strip()) for part in re.split(r"/|,|-| and ", text) if part.strip()]
    if steps and all(steps):
        return {"Phase": [_ARABIC.get(m["step"].upper(), m["step"]) for m in steps if m]}
    return {"Phase": [text.lower()]}


def _design(words: list[str], _: Texts) -> dict[str, Any]:
    text = " ".join(words[0].split())
    made: dict[str, Any] = {"words": text, **_KNOWN_DESIGN.get(code(text), {})}
    for name, pattern in _DESIGN:
        m = pattern.search(text)
        if m is None:
            continue
        value = code(re.sub(r"\([^)]*\)", "", m[1]))
        value = {"allocation": _ALLOCATIONS, "masking": {"OPEN": "NONE"}}.get(name, {}).get(value, value)
        if value in _enumerations()[name]:
            made[name] = value
        if name == "masking" and (who := re.search(r"\(([^)]*)\)", m[1])):
            named = [code(one) for one in who[1].split(",")]
            made["who"] = [one for one in named if one in _enumerations()["who"]]
    return {"Study_design": made}


@cache
def _enumerations() -> Mapping[str, frozenset[str]]:
    enums = field_mapping("ictrp").enums
    names = {"allocation": "Allocation", "model": "Model", "purpose": "Purpose", "masking": "Masking"}
    return {name: enums[enum] for name, enum in names.items()} | {"who": enums["WhoMasked"]}


def _interventions(words: list[str], texts: Texts) -> dict[str, Any]:
    """What is given; before a colon ClinicalTrials.gov writes its type, and ChiCTR its arm."""
    made: list[dict[str, str]] = []
    by_arm = _is_from(texts, "chictr")
    for part in (part for word in words for part in _split(word, texts)):
        if m := _KIND.fullmatch(part):
            made.append({"type": m["type"].lower(), "name": m["name"]})
        elif by_arm and (m := _ARM.fullmatch(part)):
            made.append({"name": m["name"], "arm": m["arm"]})
        else:
            made.append({"name": part})
    return {"Intervention": made}


def _secondary_ids(words: list[str], texts: Texts) -> dict[str, Any]:
    """Numbers of registers apart from words."""
    ids: list[str] = []
    others: list[str] = []
    for part in (part for word in words for part in _split(word, texts)):
        found = list(find_numbers(part))
        whole = len(found) == 1 and found[0].end - found[0].start == len(part)
        (ids if whole else others).append(part)
    return {"Secondary_ID": ids, "Secondary_ID_words": others}


_LISTS: Final = (
    "Countries", "Condition", "Condition_keyword", "Primary_outcome", "Secondary_outcome", "Secondary_Sponsor",
)  # fmt: skip
#: Fields whose element may be repeated: each has a part of the list.
_SEVERAL: Final = frozenset({*_LISTS, "Intervention", "Secondary_ID"})
_CHANGES: Final[Mapping[str, Change]] = {
    **{name: _listed(name) for name in _LISTS},
    **{name: _date(name) for name in (
        "Last_Refreshed_on", "Date_registration3", "Date_enrollement", "results_date_posted", "results_date_completed",
        "results_date_first_publication", "Ethics_review_approval_date",
    )},
    **{name: _flag(name) for name in (
        "other_records", "Retrospective_flag", "Prospective_registration", "Bridging_flag_truefalse", "results_yes_no",
    )},
    "Inclusion_agemin": _age("Inclusion_agemin"),
    "Inclusion_agemax": _age("Inclusion_agemax"),
    "Inclusion_gender": _sex,
    "Target_size": _size,
    "results_actual_enrolment": lambda words, _: _unless_filler(
        "results_actual_enrolment", words[0], int(words[0]) if re.fullmatch(r"[0-9]{1,12}", words[0]) else words[0]
    ),
    "Study_type": _type,
    "Study_design": _design,
    "Phase": _phase,
    "Intervention": _interventions,
    "Secondary_ID": _secondary_ids,
    "Recruitment_Status": _lower("Recruitment_Status"),
    "Bridged_type": _lower("Bridged_type"),
    "Type_enrolment": _lower("Type_enrolment"),
}  # fmt: skip
