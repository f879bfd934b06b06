"""The conflicts of a release as pages list them: the flag, the trial, what is printed, the message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from trialgraph.base.escaping import visible
from trialgraph.http.pages.links import address
from trialgraph.http.site import site
from trialgraph.release.lists.conflicts import FoundConflict
from trialgraph.views.flags import Flag, flag_of

__all__ = ["ListedConflict", "differences", "listed_conflicts"]

#: A printed cell that is longer is told by the words in question.
PRINTED: Final = 40


@dataclass(frozen=True, slots=True)
class ListedConflict:
    """A conflict in a list.

    :param printed: what the source prints, where that is short
    :param severity: IRI of its severity
    """

    flag: Flag
    kind: str
    trial: str
    trial_href: str
    printed: str
    message: str
    severity: str


def differences() -> int | None:
    """How many comparisons of reports differ; None where there are no two sources to compare."""
    if len(site().release.manifest.get("built_from", [])) < 2:
        return None
    return site().lists().agreement.differ


def listed_conflicts(found: Iterable[FoundConflict]) -> tuple[ListedConflict, ...]:
    """Conflicts as pages list them."""
    return tuple(map(_listed, found))


def _listed(found: FoundConflict) -> ListedConflict:
    brief, kind, message = visible(found.brief), visible(found.kind), visible(found.message)
    flag = flag_of(found.severity, brief, kind, message, address(found.iri), settled=not found.open)
    cell, words = visible(found.cell or ""), visible(found.readings)
    whole = found.cell is not None and len(cell) <= PRINTED
    return ListedConflict(
        flag,
        kind,
        visible(found.name),
        address(found.trial),
        cell if whole else words if len(words) <= PRINTED else "",
        message,
        found.severity,
    )
