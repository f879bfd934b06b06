"""Two releases to their changed quads, each with its reason, and how many there are by graph and property."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trialgraph.base.errors import ReleaseError
from trialgraph.rdf.lines import split
from trialgraph.release.diff.merged import ADDED, BOTH, merged, patch_lines
from trialgraph.release.diff.reasons import Reasons
from trialgraph.release.open import Release
from trialgraph.release.sorted.runs import LineFile

__all__ = ["ChangedFact", "Counted", "changed_facts", "counted", "patch", "reasons_of"]

#: The master of a release: all its graphs but the description of itself, which its hash does not cover.
_MASTER = "dataset.nq"


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A quad that only one of two releases has, as in N-Quads.

    :param added: the new one has it; else it was removed
    """

    added: bool
    subject: str
    predicate: str
    value: str
    graph: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many quads of a property in a graph were added and removed, for a reason."""

    graph: str
    predicate: str
    reason: str
    added: int
    removed: int


def reasons_of(old: Release, new: Release) -> Reasons:
    """The reasons of the changes between two releases: a pass over both."""
    reasons = Reasons(old.manifest, new.manifest)
    for sign, line in merged(LineFile(_file(old)), LineFile(_file(new))):
        reasons.note(sign, line)
    return reasons


def changed_facts(old: Release, new: Release) -> Iterator[ChangedFact]:
    """The quads that only one of two releases has, in the order of their lines.

    :raises ReleaseError: a release's file is not in order
    """
    try:
        reasons = reasons_of(old, new)
        for sign, line in merged(LineFile(_file(old)), LineFile(_file(new))):
            reason = reasons.of(sign, line)
            if sign != BOTH:
                subject, predicate, value, graph = (part.decode() for part in split(line))
                yield ChangedFact(sign == ADDED, subject, predicate, value, graph, reason)
    except ValueError as error:
        raise _disordered(error, new) from error


def counted(old: Release, new: Release) -> tuple[Counted, ...]:
    """How many quads changed, by graph, property and reason.

    :raises ReleaseError: a release's file is not in order
    """
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for fact in changed_facts(old, new):
        found[fact.graph, fact.predicate, fact.reason, fact.added] += 1
    keys = sorted({key[:3] for key in found})
    return tuple(Counted(*key, found[(*key, True)], found[(*key, False)]) for key in keys)


def patch(old: Release, new: Release) -> Iterator[bytes]:
    """The lines of the patch that makes the new release's graphs of the old one's.

    :raises ReleaseError: a release's file is not in order
    """
    try:
        yield from patch_lines(LineFile(_file(old)), LineFile(_file(new)), (old.hash, new.hash))
    except ValueError as error:
        raise _disordered(error, new) from error


def _file(release: Release) -> Path:
    return release.file(_MASTER)


def _disordered(error: ValueError, release: Release) -> ReleaseError:
    return ReleaseError(str(error), where=str(release.path), hint="make it again with: trialgraph build")
