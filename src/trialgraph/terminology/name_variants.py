"""Other words and another order for one name: "kidney disorder", "renal disease"; "infertility female".

Pure text, as :mod:`trialgraph.terminology.name_forms`, but less certain: a variant is looked up only where no term
has the printed name, and means something only where a term has exactly the other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from trialgraph.terminology.name_forms import tidy

__all__ = ["Variant", "variants"]

_LONGEST: Final = 7
# Words that say how the words beside them belong together: their order matters.
_LINKING: Final = re.compile(
    r"\b(?:and|or|of|in|on|to|with|without|for|from|by|due|after|before|during|than|as|at|per|vs|versus|non|not|no"
    r"|sham|induced|related|associated|derived|like)\b|[()/:;,+&]",
    re.IGNORECASE,
)
# Words that may stand for each other: the adjective or Latin word of an organ, the word for the kind of thing.
_ORGANS: Final = (
    ("renal", "kidney"), ("hepatic", "liver"), ("cardiac", "heart"), ("pulmonary", "lung"),
    ("cutaneous", "skin"), ("dermatologic", "skin"), ("dermatological", "skin"), ("ocular", "eye"),
    ("cerebral", "brain"), ("gastric", "stomach"), ("oral", "mouth"), ("uterine", "uterus"),
    ("pancreatic", "pancreas"), ("prostatic", "prostate"), ("osseous", "bone"),
    ("vesical", "bladder"), ("articular", "joint"), ("limb", "extremity"), ("meniscal", "meniscus"),
    ("mandibular", "mandible"), ("vaginal", "vagina"), ("femoral", "femur"), ("tibial", "tibia"),
    ("patellar", "patella"), ("retinal", "retina"), ("spinal", "spine"), ("nasal", "nose"),
    ("corneal", "cornea"), ("esophageal", "esophagus"), ("anal", "anus"), ("rectal", "rectum"),
    ("intervertebral disc", "intervertebral disk"),
)  # fmt: skip
_KINDS: Final = (
    ("disease", "disorder"), ("diseases", "disorder"), ("disorders", "disease"), ("illness", "disease"),
    ("tumor", "neoplasm"), ("tumors", "neoplasm"), ("neoplasms", "tumor"), ("sample", "specimen"),
    ("samples", "specimen"), ("allogenic", "allogeneic"), ("cephalgia", "cephalalgia"),
    ("cephalgias", "cephalalgia"), ("disc", "disk"), ("treatment", "therapy"),
)  # fmt: skip
_EXCHANGED: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"(?<![\w-]){one}(?![\w-])", re.IGNORECASE), other)
    for pairs in (_ORGANS, _KINDS)
    for pair in pairs
    for one, other in (pair, pair[::-1])
)
# "Neurological" beside "neurologic".
_ENDING: Final = re.compile(r"(?<=ologic)al\b", re.IGNORECASE)
# "Stem cells from adipose tissue".
_FROM: Final = re.compile(
    r"(?P<cells>[\w -]+cells?|[\w-]*MSCs?) (?:(?:derived|isolated|obtained|harvested) )?"
    r"from (?:the )?(?P<source>[\w' -]+)",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"(?<=[^\W\d_]{3})[ -](?=[^\W\d_]{3})")


class Variant(NamedTuple):
    """Another way to say a name.

    :param exchanged: whether a word stands for another one: a synonym is then too little, as it has its own words
    """

    name: str
    exchanged: bool


def variants(text: str) -> Iterator[Variant]:
    """Other ways to say a name, those nearest to it first; none of a long name."""
    if len(text.split()) > _LONGEST:
        return
    seen = {text}
    others = [Variant(form, True) for form in _exchanged(text)]
    every = [
        *(Variant(form, False) for form in _same_words(text)),
        *others,
        *(
            Variant(form, one.exchanged)
            for one in (Variant(text, False), *others)
            for form in _orders(one.name)
        ),
    ]
    for one in every:
        words = tidy(one.name)
        if words not in seen:
            seen.add(words)
            yield Variant(words, one.exchanged)


def _same_words(text: str) -> Iterator[str]:
    if not text.endswith("s"):
        yield f"{text}s"
    yield _ENDING.sub("", text)
    # "Gastro intestinal", "corona virus".
    yield from (text[: at.start()] + text[at.end() :] for at in _JOINT.finditer(text))
    if found := _FROM.fullmatch(text):
        yield f"{found['source']}-derived {found['cells']}"
        yield f"{found['source']} {found['cells']}"


def _exchanged(text: str) -> Iterator[str]:
    """With one word exchanged, or an organ and a kind at once: "dermatologic disorders", "skin disease"."""
    for at, (pattern, other) in enumerate(_EXCHANGED):
        changed = pattern.sub(other, text)
        if changed == text:
            continue
        yield changed
        if at < 2 * len(_ORGANS):
            yield from (
                second
                for more, word in _EXCHANGED[2 * len(_ORGANS) :]
                if (second := more.sub(word, changed)) != changed
            )


def _orders(text: str) -> Iterator[str]:
    """In another order: the last word first ("infertility female"), the first two exchanged, the first last but one."""
    words = text.split()
    if len(words) < 2 or _LINKING.search(text):
        return
    yield " ".join((words[-1], *words[:-1]))
    if len(words) > 2:
        yield " ".join((words[1], words[0], *words[2:]))
    if len(words) > 3:
        yield " ".join((*words[1:-1], words[0], words[-1]))
