"""The parts of a build on Apache Spark (``trialgraph[spark]``), which decides where each task runs, and when again.

Driver and executors see the sources and the folder of the build under the same paths (a shared file system). An
executor reads a source or states a shard as a process of this machine does, so the parts are the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.build.processes import Task, named

if TYPE_CHECKING:
    from pyspark import SparkContext

__all__ = ["SparkEngine"]

T = TypeVar("T", bound=Task)
R = TypeVar("R")

#: So many tasks for each core of the cluster are one job: their results reach the driver together, and no more of them.
_TASKS_FOR_EACH_CORE: Final = 32


class SparkEngine:
    """An :class:`~trialgraph.build.processes.TaskEngine` over a Spark application, which ends with the block.

    As ``spark-submit`` has configured it; in a process that was started otherwise, one on this machine.

    :raises UsageError: PySpark is not installed
    :raises TrialgraphError: Spark does not start
    """

    def __init__(self) -> None:
        self._context = _started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.stop()

    def results(self, work: Callable[[T], R], tasks: Sequence[T], prepare: Callable[[], None]) -> Iterator[R]:
        """See :meth:`.TaskEngine.results`. A task that an executor took with it is done again.

        :raises TrialgraphError: a task failed, or Spark has tried it as often as ``spark.task.maxFailures`` says
        """
        from py4j.protocol import Py4JError

        most = _TASKS_FOR_EACH_CORE * max(1, self._context.defaultParallelism)
        for at in range(0, len(tasks), most):
            some = tasks[at : at + most]
            mapped = self._context.parallelize(some, len(some)).map(partial(_outcome, work, prepare))
            try:
                outcomes = mapped.collect()
            except Py4JError as error:
                slugs = f"{some[0].slugs} … {some[-1].slugs}" if len(some) > 1 else some[0].slugs
                raise TrialgraphError(
                    f"Spark gave up: {_reason(error)}", where=slugs, hint="see the logs of its executors"
                ) from error
            for result, failed in outcomes:
                if failed is not None:
                    raise failed
                yield result


def _started() -> SparkContext:
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkContext
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise UsageError("PySpark is not installed", hint="pip install 'trialgraph[spark]'") from error
    try:
        return SparkContext.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        hint = "it needs Java 17 or newer; start the build by spark-submit"
        raise TrialgraphError(f"Spark does not start: {_reason(error)}", hint=hint) from error


def _outcome(work: Callable[[Any], R], prepare: Callable[[], None], task: Any) -> tuple[Any, Any]:
    """A result and None, or None and the error that every attempt would end with.

    Others (a disk that is full, a file that is not there) may be those of one machine: Spark tries again, on another.
    """
    try:
        with named(task):
            prepare()
            return work(task), None
    except TrialgraphError as error:
        return None, error


def _reason(error: BaseException) -> str:
    """The last line of what was wrong: that of Python where Python failed, without the stack of Java."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage()) if java is not None else str(error)
    told = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(("\t", " "))]
    causes = [line for line in told if not line.startswith(("Traceback", "Driver stacktrace", "at "))]
    return causes[-1] if causes else type(error).__name__
