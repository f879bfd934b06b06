"""Rounds in which the servers take turns, so that other work on the machine burdens all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bench.peers import OURS
from benchmarks.bench.progress import Progress
from benchmarks.bench.servers import Server, Unavailable
from benchmarks.bench.statistics import median_of_rounds

__all__ = ["Bench", "Measured", "interleaved"]


@dataclass
class Bench:
    """What all parts of a run share.

    :param servers: those under test, this project's first
    :param seconds: of one measurement
    :param faults: what could not be measured, as lines
    """

    release: Path
    servers: list[Server]
    rounds: int
    seconds: float
    progress: Progress
    work: Path
    cache: Path
    size: int
    trials: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def ours(self) -> Server:
        """The server of this project.

        :raises Unavailable: it had to be left out
        """
        for server in self.servers:
            if server.name == OURS:
                return server
        raise Unavailable(f"{OURS} does not run any more")

    def fault(self, line: str) -> None:
        """Note what could not be measured."""
        if line not in self.faults:
            self.faults.append(line)
            self.progress.note(line)

    def drop(self, server: Server, why: object) -> None:
        """Go on without a server."""
        server.stop()
        self.fault(f"{server.name}: {why}; it is left out from here on")
        if server in self.servers:
            self.servers.remove(server)


class Measured(NamedTuple):
    """One cell of a table: where it stands, whose it is, and how it is measured.

    :param once: it takes too long to be measured in each round
    """

    row: str
    column: str
    server: Server
    run: Callable[[], dict[str, Any]]
    once: bool = False


def interleaved(bench: Bench, part: str, cells: Sequence[Measured]) -> dict[str, dict[str, Any]]:
    """Row -> column -> medians. What fails in a round is not tried again."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {(cell.row, cell.column): [] for cell in cells}
    failed: dict[tuple[str, str], dict[str, Any]] = {}
    bench.progress.part(part, bench.rounds * len(cells))
    for number in range(bench.rounds):
        for cell in _turned(cells, number):
            bench.progress.step(f"{cell.row}, {cell.column}")
            place = (cell.row, cell.column)
            if place in failed or cell.server not in bench.servers or (cell.once and found[place]):
                continue
            try:
                cell.server.ensure()
                made = cell.run()
            except Unavailable as error:
                bench.drop(cell.server, error)
                continue
            if "failed" in made:
                failed[place] = made
            else:
                found[place].append(made)
    table: dict[str, dict[str, Any]] = {}
    for (row, column), rounds in found.items():
        if (row, column) in failed:
            table.setdefault(row, {})[column] = failed[row, column]
        elif rounds:
            table.setdefault(row, {})[column] = median_of_rounds(rounds)
    return table


def _turned(cells: Sequence[Measured], number: int) -> list[Measured]:
    """The cells, those of each row in another order from round to round."""
    made: list[Measured] = []
    for row in dict.fromkeys(cell.row for cell in cells):
        of_row = [cell for cell in cells if cell.row == row]
        first = number % len(of_row)
        made += of_row[first:] + of_row[:first]
    return made
