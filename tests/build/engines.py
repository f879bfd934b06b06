"""Engines that do the tasks of a build in ways that a cluster may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from trialgraph.build.processes import Processes, R, T

__all__ = ["TwiceInReverse"]


class TwiceInReverse:
    """An engine that does each task twice, as one does that lost a result, and the last task first."""

    def results(self, work: Callable[[T], R], tasks: Sequence[T], prepare: Callable[[], None]) -> Iterator[R]:
        """The results of the tasks, in no order."""
        again = [task for task in reversed(tasks) for _ in range(2)]
        yield from Processes(1).results(work, again, prepare)
