"""Records of ClinicalTrials.gov from its API to a dated file, page by page.

The pages are appended as they come to ``NAME.part``, and ``NAME.part.fetch`` says which are complete: what is
interrupted goes on there, as long as the registry's data are the same. A page that the registry says has not changed
is taken from the last file of the same request; where nothing has changed there is no new file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from trialgraph import __version__
from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.settings import Settings
from trialgraph.extract.registries.fetching.client import ApiAnswer, Client, Refusal, Sleep
from trialgraph.extract.registries.fetching.log import (
    SUFFIX,
    FetchLog,
    Page,
    page_bytes,
    read_log,
    whole_sha256,
)
from trialgraph.extract.registries.fetching.request import RecordRequest

__all__ = ["Fetched", "fetch_records"]

_BAD_REQUEST: Final = 400
_SHOWN: Final = 40
_SMALL: Final = 100_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is there now.

    :param path: the file with the records; beside it stands one with checksums
    :param is_new: whether it is new; else nothing has changed since it was fetched
    :param data_version: the registry's time stamp of its data; empty where it says none
    :param findings: numbers that the registry does not have, and what does not add up
    """

    path: Path
    is_new: bool
    studies: int
    data_version: str
    sha256: str
    findings: tuple[str, ...]


def fetch_records(
    request: RecordRequest,
    folder: Path,
    settings: Settings,
    *,
    say: Callable[[str], None] = lambda _: None,
    sleep: Sleep = time.sleep,
    anew: bool = False,
) -> Fetched:
    """Fetch records into a folder, or go on where an earlier try ended.

    :param say: what is told on the way: pages, pauses
    :param anew: whether an unfinished try is thrown away
    :raises UsageError: the folder cannot be written, or another process fetches the same into it
    :raises InputError: no network, faults that do not pass, or what is no page of studies; what came is kept
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _part(folder / f"{request.name}.part") as file:
            return _Fetch(request, folder, settings, Client(settings, say, sleep), file, say).run(anew=anew)
    except OSError as error:
        raise UsageError(
            f"it cannot be written ({(error.strerror or 'error').lower()})",
            where=str(folder),
            hint="choose another folder with -o",
        ) from error


@contextmanager
def _part(path: Path) -> Iterator[IO[bytes]]:
    """The file that pages are appended to, for this process alone."""
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                "another process is fetching the same", where=str(path), hint="wait until it ends"
            ) from None
        try:
            yield file
        finally:
            if not file.seek(0, 2):  # nothing came
                for left in (path, path.with_name(path.name + SUFFIX)):
                    left.unlink(missing_ok=True)


@dataclass(slots=True)
class _Earlier:
    """The last file of the same request."""

    path: Path
    log: FetchLog
    pages: Mapping[str, Page]


@dataclass(slots=True)
class _Fetch:
    request: RecordRequest
    folder: Path
    settings: Settings
    client: Client
    file: IO[bytes]
    say: Callable[[str], None]

    def run(self, *, anew: bool) -> Fetched:
        version = self._data_version()
        log = None if anew else self._unfinished(version)
        resumed = log is not None and bool(log.pages)
        log = log or self._begun(version)
        try:
            self._pages(log)
        except Refusal as error:
            if not (resumed and error.status == _BAD_REQUEST):
                raise
            self.say("the registry no longer knows the next page: all pages are fetched again")
            log = self._begun(version)
            self._pages(log)
        if len(log.pages) > 1 and (now := self._data_version()) != version:
            log.notes.append(f"the registry's data changed on the way, from {version} to {now}")
        return self._finished(log)

    def _data_version(self) -> str:
        try:
            value = self.client.get("/version", {}, most=_SMALL).value
        except Refusal:
            return ""
        stamp = value.get("dataTimestamp") if isinstance(value, dict) else None
        return stamp[:_SHOWN] if isinstance(stamp, str) and stamp.isascii() and stamp.isprintable() else ""

    def _begun(self, version: str) -> FetchLog:
        self.file.truncate(0)
        api = self.settings.registry_api
        log = FetchLog(self.request.described(), api, f"trialgraph/{__version__}", _now(), version)
        log.write(self._log_path)
        return log

    @property
    def _log_path(self) -> Path:
        return self.folder / f"{self.request.name}.part{SUFFIX}"

    def _unfinished(self, version: str) -> FetchLog | None:
        """What an earlier try fetched of the same data; pages whose bytes are others now are fetched again."""
        log = read_log(self._log_path)
        if log is None or (log.request, log.api) != (self.request.described(), self.settings.registry_api):
            return None
        if log.data_version != version:
            self.say(
                f"the registry's data are of {version or 'another date'} now: all pages are fetched again"
            )
            return None
        if any(not page_bytes(self.file, page) for page in log.pages):
            self.say("the file was changed: all pages are fetched again")
            return None
        self.file.truncate(log.size)
        if log.pages:
            self.say(f"{len(log.pages)} pages are there from {log.began}")
        return log

    def _pages(self, log: FetchLog) -> None:
        """Fetch the pages that are missing."""
        queries = self.request.queries()
        earlier = self._last()
        seen = {page.next_token for page in log.pages if page.next_token}
        while log.query < len(queries):
            if len(log.pages) >= self.settings.fetch_pages:
                raise InputError(
                    f"there are more than {self.settings.fetch_pages} pages",
                    where=self.settings.registry_api,
                    hint="raise --fetch-pages, or ask for less",
                )
            token = log.pages[-1].next_token if log.pages else ""
            query = dict(queries[log.query]) | ({"pageToken": token} if token else {})
            answer = self._page(query, earlier, self.settings.fetch_bytes - log.size)
            self._append(log, answer, seen)
            of = f" of {log.total}" if log.total is not None else ""
            self.say(f"page {len(log.pages)}: {log.studies}{of} studies")

    def _page(self, query: Mapping[str, str], earlier: _Earlier | None, most: int) -> ApiAnswer:
        """A page, from the last file where it has not changed."""
        if earlier:
            ask = self.client.get("/studies", query, *_validators(earlier, self.client, query), most=most)
            if not ask.is_same:
                return ask
            page = earlier.pages[ask.url]
            with earlier.path.open("rb") as file:
                body = page_bytes(file, page)
            return ApiAnswer(ask.url, body, json.loads(body), False, page.etag, page.last_modified)
        return self.client.get("/studies", query, most=most)

    def _append(self, log: FetchLog, answer: ApiAnswer, seen: set[str]) -> None:
        studies, token = _checked(answer)
        if token and token in seen:
            raise InputError(
                f"page {len(log.pages) + 1} leads to a page that was there before",
                where=answer.url,
                hint="the registry's answers go round in a circle: try again later",
            )
        seen.add(token)
        if not log.pages:
            total = answer.value.get("totalCount")
            log.total = (
                total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
            )
        start = log.size
        self.file.seek(0, 2)
        self.file.write(answer.body + b"\n")
        self.file.flush()
        digest = hashlib.sha256(answer.body).hexdigest()
        log.pages.append(
            Page(
                answer.url,
                start,
                len(answer.body),
                digest,
                len(studies),
                _now(),
                answer.etag,
                answer.last_modified,
                token,
            )
        )
        log.query += not token
        log.write(self._log_path)

    def _last(self) -> _Earlier | None:
        """The last file of the same request whose records are as they were fetched."""
        for path in sorted(self.folder.glob(f"{self.request.name}-*{SUFFIX}"), reverse=True):
            log, records = read_log(path), path.with_suffix(".json")
            if log and log.finished and log.request == self.request.described() and records.is_file():
                with records.open("rb") as file:
                    is_same = whole_sha256(file) == log.sha256
                if is_same:
                    return _Earlier(records, log, {page.url: page for page in log.pages})
        return None

    def _finished(self, log: FetchLog) -> Fetched:
        if not log.studies:
            self._away()
            raise InputError(
                "the registry has no such study",
                where=log.api,
                hint="check the numbers or words that are asked for",
            )
        findings = (*self._findings(log), *log.notes)
        log.notes = list(findings)
        log.finished, log.sha256 = _now(), whole_sha256(self.file)
        earlier = self._last()
        if earlier and earlier.log.sha256 == log.sha256:
            self._away()
            return Fetched(earlier.path, False, log.studies, log.data_version, log.sha256, findings)
        path = self._free(log.began[:10])
        log.write(path.with_suffix(SUFFIX))
        (self.folder / f"{self.request.name}.part").rename(path)
        self._log_path.unlink(missing_ok=True)
        return Fetched(path, True, log.studies, log.data_version, log.sha256, findings)

    def _away(self) -> None:
        self._log_path.unlink(missing_ok=True)
        (self.folder / f"{self.request.name}.part").unlink(missing_ok=True)

    def _free(self, date: str) -> Path:
        """A name of that date that no file has: two fetches of a day may differ, and both are kept."""
        number = 1
        while True:
            path = self.folder / f"{self.request.name}-{date}{f'-{number}' if number > 1 else ''}.json"
            if not path.exists() and not path.with_suffix(SUFFIX).exists():
                return path
            number += 1

    def _findings(self, log: FetchLog) -> Iterator[str]:
        found: set[str] = set()
        number = 0
        for page in log.pages:
            for study in json.loads(page_bytes(self.file, page))["studies"]:
                names = study["protocolSection"]["identificationModule"]
                number += 1
                aliases = names.get("nctIdAliases")
                found.add(names["nctId"])
                if self.request.numbers and isinstance(aliases, list):
                    found |= {alias for alias in aliases if isinstance(alias, str)}
        for wanted in self.request.numbers:
            if wanted not in found:
                yield f"{wanted}: the registry has no such record"
        if not self.request.numbers and number != len(found):
            yield f"{number - len(found)} studies came twice"
        if log.total is not None and log.total != len(found):
            yield f"the registry says it has {log.total} such studies, and {len(found)} came"


def _validators(earlier: _Earlier, client: Client, query: Mapping[str, str]) -> tuple[str, str]:
    page = earlier.pages.get(client.url("/studies", query))
    return (page.etag, page.last_modified) if page else ("", "")


def _checked(answer: ApiAnswer) -> tuple[list[Any], str]:
    """The studies of a page and the token of the next one.

    :raises InputError: it is no page of studies
    """
    value = answer.value
    studies = value.get("studies") if isinstance(value, dict) else None
    token = value.get("nextPageToken", "") if isinstance(value, dict) else None
    if not isinstance(studies, list) or not isinstance(token, str) or not all(map(_is_study, studies)):
        raise InputError(
            "the answer is no page of studies",
            where=answer.url,
            hint="check the address of the API (--registry-api)",
        )
    return studies, token


def _is_study(study: Any) -> bool:
    for key in ("protocolSection", "identificationModule"):
        study = study.get(key) if isinstance(study, dict) else None
    return isinstance(study, dict) and isinstance(study.get("nctId"), str)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
