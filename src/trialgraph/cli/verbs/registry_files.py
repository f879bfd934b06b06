"""What the verbs say of registry files on stderr: a line for each record that is left out, and what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from trialgraph.base.settings import Settings
from trialgraph.cli.terminal import print_message
from trialgraph.extract.registries.reading import RegistrySource
from trialgraph.model.record import Problem, RecordReport

__all__ = ["Told", "reports_of"]

_MOST_UNKNOWN = 5


@dataclass(slots=True)
class Told:
    """What was found in the registry files of a run."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def findings(self) -> int:
        """Records and values that could not be read."""
        return self.refused.total() + self.values.total()


def reports_of(source: RegistrySource, settings: Settings, told: Told) -> Iterator[RecordReport]:
    """The reports of a file; its problems go to stderr."""
    here = Told()
    for found in source.reports(settings):
        if isinstance(found, Problem):
            _tell(found, settings, here)
            continue
        here.read += 1
        here.unknown.update(dict(found.unknown))
        yield found
    _summary(source, here)
    told.read += here.read
    for name in ("refused", "values", "unknown"):
        getattr(told, name).update(getattr(here, name))


def _tell(problem: Problem, settings: Settings, here: Told) -> None:
    if problem.harmless:
        print_message(f"note: {problem.line()}")
    elif problem.refused:
        here.refused[problem.reason] += 1
        print_message(problem.line())
    else:
        here.values[problem.reason] += 1
        if here.values.total() <= settings.listed_findings:
            print_message(problem.line())


def _summary(source: RegistrySource, here: Told) -> None:
    if not (here.findings or here.unknown):
        return
    parts = [f"{here.read} studies read"]
    for counted, name in ((here.refused, "studies not read"), (here.values, "values not read")):
        if counted:
            reasons = ", ".join(f"{reason} {count}" for reason, count in counted.most_common())
            parts.append(f"{counted.total()} {name} ({reasons})")
    if here.unknown:
        first = ", ".join(f"{place} {count}" for place, count in here.unknown.most_common(_MOST_UNKNOWN))
        more = ", …" if len(here.unknown) > _MOST_UNKNOWN else ""
        parts.append(f"{here.unknown.total()} fields or words that are not known ({first}{more})")
    print_message(f"{source.path}: {'; '.join(parts)}")
