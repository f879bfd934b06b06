"""What is asked of the registry: numbers or a search, as the queries of its API and as the name of a file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.base.errors import UsageError
from trialgraph.extract.text.registries import RegistryNumber, find_numbers

__all__ = ["RecordRequest", "numbers_in"]

#: So many numbers stand in one address; it has about 1,300 characters then.
_IN_ADDRESS: Final = 100
#: A page of so many studies has 3 MB: what a cut connection loses.
_PAGE: Final = 200
_REGISTRY: Final = "ClinicalTrials.gov"
_LONGEST_NAME: Final = 60
# What begins like a number and may be a wrong one.
_LIKE: Final = re.compile(r"(?<![^\W_])NCT[ :#-]{0,2}\d[\w-]*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What is asked for: records by their numbers, or those that a search finds.

    :param numbers: in the registry's spelling
    :param search: words in any field (``query.term``), in the registry's syntax
    :param condition: words of the condition (``query.cond``)
    :param intervention: words of the intervention (``query.intr``)
    """

    numbers: tuple[str, ...] = ()
    search: str = ""
    condition: str = ""
    intervention: str = ""

    def queries(self) -> Sequence[Mapping[str, str]]:
        """The queries of ``/studies``, each to be followed from page to page."""
        if self.numbers:
            parts = [self.numbers[i : i + _IN_ADDRESS] for i in range(0, len(self.numbers), _IN_ADDRESS)]
            return [{"filter.ids": ",".join(part), "pageSize": str(_IN_ADDRESS)} for part in parts]
        words = {"query.term": self.search, "query.cond": self.condition, "query.intr": self.intervention}
        return [
            {
                **{name: text for name, text in words.items() if text},
                "countTotal": "true",
                "pageSize": str(_PAGE),
            }
        ]

    @property
    def name(self) -> str:
        """What its files are called: the same for the same request."""
        if len(self.numbers) == 1:
            return self.numbers[0]
        if self.numbers:
            words = f"{self.numbers[0]}-and-{len(self.numbers) - 1}-more"
        else:
            words = " ".join(filter(None, (self.search, self.condition, self.intervention)))
            words = (
                re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "search"
            )
        whole = repr((self.numbers, self.search, self.condition, self.intervention))
        return f"{words}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"

    def described(self) -> dict[str, object]:
        """The request in words, for the file beside the records."""
        if self.numbers:
            return {"numbers": list(self.numbers)}
        words = {"search": self.search, "condition": self.condition, "intervention": self.intervention}
        return {name: text for name, text in words.items() if text}


def numbers_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The numbers of ClinicalTrials.gov in texts, each once, in order.

    :raises UsageError: there is none, one of another registry, or what only looks like one
    """
    found: list[RegistryNumber] = []
    for text in texts:
        here = list(find_numbers(text))
        ends = {number.start for number in here}
        if bad := next((m for m in _LIKE.finditer(text) if m.start() not in ends), None):
            raise UsageError(
                f"{bad[0][:30]!r} is no number of {_REGISTRY}", hint="it is NCT with eight digits"
            )
        found += here
    other = next((number for number in found if number.register != _REGISTRY), None)
    if other is not None:
        raise UsageError(
            f"{other.number} is a number of {other.register}, whose records cannot be fetched",
            hint="the WHO's portal exports them as XML or CSV, which trialgraph trials reads",
        )
    numbers = tuple(dict.fromkeys(number.number for number in found))
    if not numbers:
        raise UsageError(
            f"there is no number of {_REGISTRY}", hint="give numbers like NCT01663116, or --search words"
        )
    return numbers
