"""The processes of a build: as many as there are cores, or as the setting ``jobs`` says."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Final, Protocol, TypeVar

from trialgraph.base.errors import TrialgraphError

__all__ = ["Processes", "Task", "TaskEngine", "done_by", "jobs_of", "named", "without_collector"]

#: So many tasks wait for a free process: what is pickled for them is in memory twice.
_AHEAD: Final = 2


class Task(Protocol):
    """A part of a build."""

    @property
    def slugs(self) -> str:
        """The sources that it is about, for messages."""


T = TypeVar("T", bound=Task)
R = TypeVar("R")


class TaskEngine(Protocol):
    """What runs the parts of a build: processes of this machine, or a cluster.

    A part depends on nothing but its task and the files that it names, so an engine may do parts anywhere, in any
    order, and again where one was lost.
    """

    def results(self, work: Callable[[T], R], tasks: Sequence[T], prepare: Callable[[], None]) -> Iterator[R]:
        """The results of all tasks, as they come.

        :param work: a function of a module, or a partial one: other processes import it
        :param prepare: what a process does before its first task; doing it again changes nothing
        :raises TrialgraphError: a task failed; the error names its sources
        :raises OSError: the disk is full …
        """


@dataclass(frozen=True, slots=True)
class Processes:
    """Processes of this machine.

    :param jobs: how many; 0: one for each core that this process may use
    """

    jobs: int = 0

    def results(self, work: Callable[[T], R], tasks: Sequence[T], prepare: Callable[[], None]) -> Iterator[R]:
        """See :meth:`TaskEngine.results`."""
        return done_by(work, tasks, jobs_of(self.jobs), prepare)


def jobs_of(setting: int) -> int:
    """How many processes a build has.

    :param setting: 0: the cores that this process may use
    """
    return setting or len(os.sched_getaffinity(0))


@contextmanager
def without_collector() -> Iterator[None]:
    """Within, no time goes into the search for cycles: what a build makes is millions of objects without any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def done_by(
    work: Callable[[T], R], tasks: Sequence[T], jobs: int, prepare: Callable[[], None]
) -> Iterator[R]:
    """The results of all tasks, as they come.

    :param work: a function of a module, as other processes import it
    :param jobs: with 1, or for a single task, the work is done in this process
    :param prepare: what each process does first; of a module, too
    :raises TrialgraphError: a task failed; the error names its sources
    :raises OSError: as the work raises it: a full disk has no source
    """
    if min(jobs, len(tasks)) <= 1:
        prepare()
        for task in tasks:
            with named(task):
                result = work(task)
            yield result
        return
    # Spawned, not forked: a fork of a process with threads may hang.
    pool = ProcessPoolExecutor(
        min(jobs, len(tasks)), mp_context=get_context("spawn"), initializer=_start, initargs=(prepare,)
    )
    try:
        yield from _results(pool, work, tasks, jobs + _AHEAD)
    except BaseException:
        # Nobody waits for what is under way: the folder that it is written to goes.
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _results(pool: ProcessPoolExecutor, work: Callable[[T], R], tasks: Sequence[T], most: int) -> Iterator[R]:
    waiting = list(reversed(tasks))
    running: dict[Future[R], T] = {}
    while waiting or running:
        while waiting and len(running) < most:
            task = waiting.pop()
            running[pool.submit(work, task)] = task
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            with named(running.pop(future)):
                result = future.result()
            yield result


def _start(prepare: Callable[[], None]) -> None:
    # Ctrl-C reaches all processes of a terminal; the first one stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    gc.disable()
    prepare()


def _follow() -> None:
    """End with the first process, however it ends: a queue does not tell that nobody is at its other end."""
    if (first := parent_process()) is not None:
        first.join()
        os._exit(1)


@contextmanager
def named(task: Task) -> Iterator[None]:
    """Within, an error that is none of ours becomes one that names the sources of a task."""
    try:
        yield
    except (TrialgraphError, OSError):
        raise
    except (BrokenProcessPool, MemoryError) as error:
        what = "a process of the build ended before its time; there may be too little memory"
        raise TrialgraphError(what, where=task.slugs, hint="build with fewer processes: --jobs 1") from error
    except Exception as error:
        what = f"stating it failed: {type(error).__name__}: {error}"
        raise TrialgraphError(what, where=task.slugs, hint="report this as a fault of the program") from error
