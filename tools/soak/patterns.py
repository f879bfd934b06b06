"""Every regular expression of the package against texts that make careless ones run for ever.

``python -m tools.soak.patterns`` lists what takes longest.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import FrameType
from typing import Any, Final

import trialgraph
from tools.soak.report import Report, finish

__all__ = ["Slow", "longest", "main", "patterns", "reads_cells", "seconds", "texts"]

CHARS: Final = 100_000
#: Ground for quadratic and worse matching; each is repeated to the full length, with and without a misfit at the end.
UNITS: Final = (
    *(
        "a",
        "A",
        "0",
        " ",
        "\t",
        "\n",
        "-",
        "_",
        ".",
        ",",
        ";",
        ":",
        "/",
        "|",
        "(",
        ")",
        "[",
        "<",
        "{",
        '"',
        "'",
        "\\",
    ),
    *(
        "I",
        "IV",
        "a ",
        "a-",
        "a.",
        "0 ",
        "0,",
        "0.",
        "0-",
        "1 × 10",
        "a, ",
        "(a",
        "(a)",
        "a(",
        "<a",
        "a:",
        "?a",
        "#",
    ),
    *(
        "and ",
        "or ",
        "a and ",
        "MSCs ",
        "MSC-",
        "cells/kg, ",
        "Phase ",
        "NCT",
        "%41",
        "\\'",
        "http://a/",
        "a=b;",
        "é",
    ),
    *("@a-", "_:a", "１", " \n"),
)
MISFITS: Final = ("\x00", "", "!x")
#: Patterns that nobody searches with: they are matched where the text begins, or stop the work where they fail.
MATCHED: Final = {
    "trialgraph.base.escaping.CONVERTED": "a whole text of at most 64 characters",
    "trialgraph.query.guard.checked.ABSOLUTE": "the beginning of an IRI",
    "trialgraph.questions.saved_queries.NAME": "the whole name of a file",
    "trialgraph.query.guard.tokenizer.TOKEN": "ends at the first string without end: tests/query/test_guard.py",
}


class Slow(Exception):
    """A pattern did not come to an end in time."""


def modules() -> Iterator[Any]:
    """All modules of the package."""
    yield trialgraph
    for found in pkgutil.walk_packages(trialgraph.__path__, "trialgraph."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _inside(value: Any, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value of a module: itself, in a container, in a record."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        for item in (*value.keys(), *value.values()):
            yield from _inside(item, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _inside(item, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _inside(getattr(value, field.name), depth - 1)


def patterns() -> dict[str, re.Pattern[Any]]:
    """The compiled patterns that stand in modules, by module and name."""
    found: dict[str, re.Pattern[Any]] = {}
    seen: set[tuple[str | bytes, int]] = set()
    for module in modules():
        for name, value in vars(module).items():
            for n, pattern in enumerate(_inside(value)):
                if (pattern.pattern, pattern.flags) not in seen:
                    seen.add((pattern.pattern, pattern.flags))
                    found[f"{module.__name__}.{name}" + (f"[{n}]" if n else "")] = pattern
    return found


def reads_cells(name: str) -> bool:
    """Whether a pattern reads lines and cells of tables only, which end at the setting ``line_chars``."""
    return name.startswith(("trialgraph.extract.", "trialgraph.terminology.lexicon."))


#: Patterns that are given no more characters than this: grounding cuts a name (names/grounding.py).
BOUNDED: Final = {"trialgraph.terminology.names.": 1_000}


def longest(name: str, chars: int = CHARS) -> int:
    """How many characters a pattern can be given."""
    return min([chars, *(most for start, most in BOUNDED.items() if name.startswith(start))])


def texts(chars: int = CHARS, misfits: int = len(MISFITS)) -> Iterator[str]:
    """Texts of that many characters."""
    for unit in UNITS:
        for end in MISFITS[:misfits]:
            yield (unit * (chars // len(unit) + 1))[: chars - len(end)] + end


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise Slow


def seconds(
    pattern: re.Pattern[Any],
    limit: float,
    chars: int = CHARS,
    *,
    misfits: int = len(MISFITS),
    search: bool = True,
) -> tuple[float, str]:
    """The longest time that a pattern takes on one of the texts, and which.

    :param search: find all, else match at the beginning and match the whole

    Searching looks for signals as it goes, so that an alarm ends it.

    :raises Slow: more than the limit; the text's beginning is its argument
    """
    before = signal.signal(signal.SIGALRM, _alarm)
    worst = (0.0, "")
    text = ""
    try:
        for text in texts(chars, misfits):
            subject = text.encode() if isinstance(pattern.pattern, bytes) else text
            signal.setitimer(signal.ITIMER_REAL, limit)
            began = time.process_time()
            if search:
                deque(pattern.finditer(subject), maxlen=0)
            else:
                pattern.match(subject), pattern.fullmatch(subject)
            worst = max(worst, (time.process_time() - began, text[:20]))
    except Slow:
        raise Slow(text[:20] + "…" + text[-3:]) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return worst


def main(limit: float = 20.0, chars: int = CHARS) -> Report:
    """All patterns with all texts; those that read cells are told, not judged (:mod:`tools.soak.cells` is for them)."""
    report = Report(f"regular expressions on texts of {chars:,} characters")
    found = patterns()
    times: dict[str, tuple[float, str]] = {}
    for name, pattern in found.items():
        if reads_cells(name):
            continue
        try:
            times[name] = seconds(pattern, limit, longest(name, chars), search=name not in MATCHED)
        except Slow as error:
            report.fault("a pattern without end", f"{name} on {error}: {pattern.pattern!r:.200}")
    slowest = sorted(times.items(), key=lambda item: -item[1][0])
    report.notes = [f"{took:.3f} s {name} on {text!r}" for name, (took, text) in slowest[:15]]
    report.counts.update(
        {
            "patterns of the package": len(found),
            "that meet texts without a bound on lines": len(times),
            "texts": len(UNITS) * len(MISFITS),
            "slower than 10 ms on one of them": sum(took > 0.01 for took, _ in times.values()),
        }
    )
    for name, (took, _) in slowest[:1]:
        report.peak(f"slowest, seconds of processor time: `{name}`", took)
    return report


if __name__ == "__main__":
    finish(main())
