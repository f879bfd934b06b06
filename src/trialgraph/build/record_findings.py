"""What needs a look in the records of registries: what could not be read, and texts that are not as quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from trialgraph.build.records import ReadRecord
from trialgraph.graph.check_result import CheckResult, Severity
from trialgraph.model.record import Problem
from trialgraph.rdf import iris

__all__ = ["problem_findings", "record_findings", "unknown_findings", "value_at"]

_MOST_UNKNOWN: Final = 5


def record_findings(read: ReadRecord) -> Iterator[CheckResult]:
    """The values of a record that could not be read, and its texts that do not stand where they are said to."""
    yield from map(_finding, read.problems)
    if read.report.record.scheme != "pointer":
        return  # of a flat file, whose fields were taken apart, a test has looked at the places
    for cell in read.report.prose:
        if _as_text(value_at(read.raw.value, str(cell.address))) != cell.text:
            node = iris.report(read.report.source, read.report.locator).value
            yield CheckResult("violation", node, f"the record has another text at {cell.address}")


def _as_text(value: Any) -> Any:
    """A number of a record as the text that it is quoted as."""
    return str(value) if isinstance(value, int | float) else value


def problem_findings(problems: Iterable[Problem]) -> Iterator[CheckResult]:
    """Records that are left out."""
    return map(_finding, problems)


def _finding(problem: Problem) -> CheckResult:
    severity: Severity = "info" if problem.harmless else "warning"
    what = f"{problem.what}; {problem.hint}" if problem.hint else problem.what
    return CheckResult(severity, problem.identifier or problem.where, what, problem.where)


def unknown_findings(unknown: Counter[str]) -> Iterator[CheckResult]:
    """One line on what no mapping file knows: it is kept as words or passed over, and nothing is wrong by it."""
    if unknown:
        first = ", ".join(f"{place} {count}" for place, count in unknown.most_common(_MOST_UNKNOWN))
        more = ", …" if len(unknown) > _MOST_UNKNOWN else ""
        what = f"{unknown.total()} fields or words of records are not known ({first}{more})"
        yield CheckResult("info", "registry records", what)


def value_at(record: Mapping[str, Any], pointer: str) -> Any:
    """What stands at a JSON pointer; None where nothing does."""
    found: Any = record
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = found[int(key)] if key.isdecimal() and int(key) < len(found) else None
        else:
            found = found.get(key) if isinstance(found, dict) else None
    return found
