"""Answers of the saved queries, evaluated at build over the store of the release, each written in every format.

What takes too long, needs too much memory or is too large is left out, with the reason in the index: it is evaluated
when it is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
import select
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from trialgraph.base.readable import byte_size
from trialgraph.base.settings import Settings
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.release.progress import Progress, Step
from trialgraph.release.publish import write
from trialgraph.release.store_check import STORE

__all__ = ["ANSWERS", "INDEX", "write_answers"]

#: The folder of the answers, and the member of the manifest with the checksums of its files.
ANSWERS: Final = "answers"
INDEX: Final = "index.json"
#: What may be a SERVICE clause, also where it stands in a text or a comment: a build asks no other endpoint.
_SERVICE: Final = re.compile(r"(?<![?$:\w-])service\s+(?:silent\s+)?[<?$\w:]", re.IGNORECASE)


def write_answers(
    folder: Path, queries: Iterable[SavedQuery], settings: Settings, progress: Progress = lambda _: None
) -> dict[str, str]:
    """Write the answers of saved queries with their default values.

    :param folder: of the release, whose store is there
    :param settings: ``stored_answer_seconds``, ``stored_answer_bytes``, ``stored_answer_memory``
    :return: SHA-256 of each file by its name; empty where there is no query
    :raises OSError: the disk is full …
    """
    asked = [(query, query.bind()) for query in queries if _has_defaults(query)]
    if not asked:
        return {}
    answers = folder / ANSWERS
    answers.mkdir()
    digests: dict[str, str] = {}
    index: dict[str, dict[str, Any]] = {}
    step = Step(progress, "answering", "saved queries", len(asked))
    with _Evaluation(folder / STORE, answers, settings) as evaluation:
        for query, text in asked:
            made: dict[str, Any] = (
                {"fault": "service"} if _SERVICE.search(query.sparql) else evaluation.answer(query.slug, text)
            )
            digests |= made.get("files", {})
            index[query.slug] = {"text": text, "files": sorted(made.get("files", ()))}
            if fault := made.get("fault"):
                index[query.slug]["left_out"] = _REASONS[fault].format(
                    seconds=f"{settings.stored_answer_seconds:g}",
                    size=byte_size(settings.stored_answer_bytes),
                    memory=byte_size(settings.stored_answer_memory),
                )
            step.add(1)
    content = (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode()
    write(answers / INDEX, content)
    return {**digests, INDEX: hashlib.sha256(content).hexdigest()}


_REASONS: Final = {
    "too large": "it has more than {size} in one of its formats",
    "memory": "it needs more than {memory} of memory",
    "ended": "its evaluation ended early, as it does where more than {memory} of memory are needed",
    "engine": "the engine could not evaluate it",
    "seconds": "it takes more than {seconds} seconds",
    "service": "it asks another endpoint",
}


def _has_defaults(query: SavedQuery) -> bool:
    return all(p.default is not None or not p.required for p in query.parameters)


class _Evaluation:
    """The process that evaluates; where one ends or has to be ended, the next query gets another."""

    def __init__(self, store: Path, answers: Path, settings: Settings) -> None:
        self._answers, self._seconds = answers, settings.stored_answer_seconds
        module = "trialgraph.release.answers.evaluate"
        limits = (iris.base(), str(settings.stored_answer_bytes), str(settings.stored_answer_memory))
        self._command = [sys.executable, "-m", module, str(store), str(answers), *limits]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> _Evaluation:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def answer(self, name: str, text: str) -> dict[str, Any]:
        """The files that were written, or why there are none.

        :raises OSError: the disk is full …
        """
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - PIPE
        line = json.dumps({"name": name, "text": text}).encode() + b"\n"
        with suppress(BrokenPipeError):
            process.stdin.write(line)
            process.stdin.flush()
        if not select.select([process.stdout], [], [], self._seconds)[0]:
            fault = "seconds"
        elif made := process.stdout.readline():
            found: dict[str, Any] = json.loads(made)
            if "error" in found:
                number, words = found["error"]
                raise OSError(number, words)
            return found
        else:
            fault = "ended"  # the engine ends the process where it gets no more memory
        self._end()
        for left in self._answers.glob(f"{name}.*"):
            left.unlink()
        return {"fault": fault}

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        with self._process as process:
            process.kill()
        self._process = None
