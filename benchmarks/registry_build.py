"""What records of a registry cost: ``python benchmarks/registry_build.py FILE…``.

CPU seconds of one process, in one run, each step beside the standard library's decoder alone over the same JSON: facts
and N-Quads of the core (:mod:`trialgraph.graph.records.record_lines`, what a bulk path writes), and a whole build of
parts, with prose, terms, readings and all checks. Prints studies a CPU second, and quads a study.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import process_time
from typing import TypeVar

from trialgraph.base.settings import Settings
from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.study import read_record
from trialgraph.graph.records.record_lines import record_lines
from trialgraph.pipeline import build_parts

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds, and the result."""
    began = process_time()
    made = work()
    return process_time() - began, made


def _readable(paths: Iterable[str], settings: Settings) -> Iterator[RawRecord]:
    return (raw for path in paths for raw in raw_records(path, settings) if not raw.problem)


def line(what: str, seconds: float, studies: int, peer: float) -> None:
    """Print a step."""
    print(
        f"{what:32} {seconds:8.2f} s  {studies / seconds:9,.0f} studies/s  {seconds / peer:7.1f} x decoding"
    )


def main(paths: list[str]) -> None:
    """Measure each step over all files."""
    settings = Settings(jobs=1)
    read_record("-", next(raw_records(paths[0], settings)))  # what is loaded once is not measured
    raws: list[RawRecord] = []
    reading, _ = timed(
        lambda: raws.extend(raw for path in paths for raw in raw_records(path, settings) if not raw.problem)
    )
    texts = [json.dumps(raw.value) for raw in raws]
    peer, _ = timed(lambda: [json.loads(text) for text in texts])
    facts, _ = timed(lambda: [record_facts(raw.mapping, raw.value, ["core"]) for raw in raws])
    whole, reports = timed(lambda: [read_record("benchmark", raw)[0] for raw in raws])
    lines, quads = timed(lambda: sum(sum(1 for _ in record_lines(report)) for report in reports))
    n = len(raws)
    print(f"{n:,} studies, {sum(map(len, texts)) / 1e6:.1f} MB of JSON; CPU seconds, one process")
    line("json.loads", peer, n, peer)
    line("records with places", reading, n, peer)
    line("facts of the core", facts, n, peer)
    line("N-Quads of the core", lines, n, peer)
    line("records, facts and N-Quads", reading + facts + lines, n, peer)
    line("reports with prose and terms", whole, n, peer)
    with tempfile.TemporaryDirectory() as folder:
        before = _cpu()
        made, _ = build_parts(paths, Path(folder) / "parts", settings=settings)
        line("build of parts, all checks", _cpu() - before, n, peer)
        reference = next(part.quads for part in made.parts if part.file == "reference.nq")
    print(f"quads a study: {quads / n:.0f} by fields; {(made.quads - reference) / n:.0f} in a build")


def _cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(sys.argv[1:])
