"""Records fetched from a stand-in for the registry's API that serves pages of real records, and faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.extract.registries.fetching.stand_in import (
    VERSION,
    Fault,
    StandIn,
    cut_in_a_chunk,
    cut_short,
    cut_without_a_length,
    no_answer,
    says,
    stand_in,
    status,
)
from tests.extract.registries.records import number_of, read, studies
from trialgraph.base.errors import InputError, TrialgraphError, UsageError
from trialgraph.base.settings import Settings
from trialgraph.extract.registries.fetching.client import Refusal
from trialgraph.extract.registries.fetching.log import read_log
from trialgraph.extract.registries.fetching.records import Fetched, fetch_records
from trialgraph.extract.registries.fetching.request import RecordRequest, numbers_in

ALL = RecordRequest(search="nctid")
NUMBERS = [number_of(one) for one in studies()]


@pytest.fixture
def api() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


def settings_of(api: StandIn, **more: float) -> Settings:
    given = {"fetch_requests": 10**9, "fetch_seconds": 5.0, **more}
    return Settings(registry_api=api.url, **given)  # type: ignore[arg-type]  # numbers by the names of settings


def fetched(
    api: StandIn, folder: Path, request: RecordRequest = ALL, waits: list[float] | None = None, **more: float
) -> Fetched:
    sleep: Callable[[float], None] = time.sleep if waits is None else waits.append
    return fetch_records(request, folder, settings_of(api, **more), sleep=sleep)


def test_pages_go_to_one_file_that_the_readers_read(api: StandIn, tmp_path: Path) -> None:
    made = fetched(api, tmp_path)
    assert (made.is_new, made.studies, made.data_version, made.findings) == (True, len(NUMBERS), VERSION, ())
    reports, problems = read(made.path)
    assert [report.record.identifier for report in reports] == NUMBERS
    assert [problem for problem in problems if problem.refused] == []
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".fetch", ".json"]
    assert made.path.name.startswith("nctid-")
    assert made.path.stem.endswith(f"{datetime.now(UTC):%Y-%m-}{made.path.stem[-2:]}")
    tokens = [query.get("pageToken", "") for query, _ in api.asked]
    assert tokens == ["", *(f"t{n}" for n in range(5, len(NUMBERS), 5))]
    assert all(headers["User-Agent"].startswith("trialgraph/") for _, headers in api.asked)


def test_the_log_says_where_each_byte_came_from(api: StandIn, tmp_path: Path) -> None:
    made = fetched(api, tmp_path)
    log = read_log(made.path.with_suffix(".fetch"))
    assert log is not None
    assert (log.sha256, log.total, log.data_version) == (made.sha256, len(NUMBERS), VERSION)
    data = made.path.read_bytes()
    found = [json.loads(data[page.start : page.start + page.size]) for page in log.pages]
    assert [number_of(one) for page in found for one in page["studies"]] == NUMBERS
    assert all(page.url.startswith(api.url) and page.etag for page in log.pages)


def test_records_by_their_numbers_and_those_that_are_not_there(api: StandIn, tmp_path: Path) -> None:
    request = RecordRequest(numbers=numbers_in(["nct00000410, NCT98765432", NUMBERS[3]]))
    made = fetched(api, tmp_path, request)
    assert [report.record.identifier for report in read(made.path)[0]] == sorted(
        ["NCT00000410", NUMBERS[3]], key=NUMBERS.index
    )
    assert made.findings == ("NCT98765432: the registry has no such record",)


def test_a_former_number_finds_its_record(api: StandIn, tmp_path: Path) -> None:
    one = next(s for s in studies() if s["protocolSection"]["identificationModule"].get("nctIdAliases"))
    alias = one["protocolSection"]["identificationModule"]["nctIdAliases"][0]
    made = fetched(api, tmp_path, RecordRequest(numbers=(alias,)))
    assert (made.studies, made.findings) == (1, ())


def test_many_numbers_are_asked_for_in_several_requests(api: StandIn, tmp_path: Path) -> None:
    numbers = (*NUMBERS, *(f"NCT9{n:07}" for n in range(250)))
    api.size = 100
    made = fetched(api, tmp_path, RecordRequest(numbers=numbers))
    assert (made.studies, len(made.findings)) == (len(NUMBERS), 250)
    assert max(len(query["filter.ids"]) for query, _ in api.asked) < 1_300


def test_what_has_not_changed_is_not_fetched_again(api: StandIn, tmp_path: Path) -> None:
    first = fetched(api, tmp_path)
    before = len(api.asked)
    again = fetched(api, tmp_path)
    assert (again.is_new, again.path, again.sha256) == (False, first.path, first.sha256)
    assert all("If-None-Match" in headers for _, headers in api.asked[before:])
    title = api.records[7]["protocolSection"]["identificationModule"]
    title["briefTitle"] = "A new title"
    changed = fetched(api, tmp_path)
    assert (changed.is_new, changed.path.stem) == (True, f"{first.path.stem}-2")
    assert {report.record.identifier for report in read(changed.path)[0]} == set(NUMBERS)
    assert b"A new title" in changed.path.read_bytes()
    assert first.path.is_file()


def test_a_page_is_fetched_again_where_the_file_it_would_be_taken_from_was_changed(
    api: StandIn, tmp_path: Path
) -> None:
    first = fetched(api, tmp_path)
    whole = first.path.read_bytes()
    first.path.write_bytes(whole.replace(b"NCT", b"XXX"))
    again = fetched(api, tmp_path)
    assert again.sha256 == first.sha256
    assert whole in [path.read_bytes() for path in tmp_path.glob("*.json")]


@pytest.mark.parametrize(
    "fault",
    [
        *(status(code) for code in (408, 429, 500, 502, 503, 504)),
        *(cut_short, cut_in_a_chunk, cut_without_a_length, no_answer),
    ],
)
def test_a_fault_that_passes_is_tried_again(fault: Fault, api: StandIn, tmp_path: Path) -> None:
    api.faults = {1: fault, 3: fault, 4: fault}
    waits: list[float] = []
    made = fetched(api, tmp_path, waits=waits)
    assert (made.studies, made.findings) == (len(NUMBERS), ())
    assert [round(wait) for wait in waits if wait > 0.5] == [1, 1, 2]


def test_the_pause_that_the_server_asks_for_is_kept(api: StandIn, tmp_path: Path) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    api.faults = {
        1: status(429, Retry_After="7"),
        2: status(503, Retry_After=later),
        3: status(429, Retry_After="soon"),
    }
    waits: list[float] = []
    fetched(api, tmp_path, waits=waits)
    asked = [wait for wait in waits if wait > 0.5]
    assert asked[0] == 7
    assert 30 < asked[1] <= 40
    assert 4 <= asked[2] <= 5  # the third try, and nothing that can be read was said


def test_a_pause_is_really_made(api: StandIn, tmp_path: Path) -> None:
    api.faults = {1: status(429, Retry_After="1")}
    before = time.monotonic()
    fetched(api, tmp_path, RecordRequest(numbers=(NUMBERS[0],)))
    assert time.monotonic() - before >= 1


def test_requests_keep_a_pace(api: StandIn, tmp_path: Path) -> None:
    waits: list[float] = []
    fetched(api, tmp_path, waits=waits, fetch_requests=30)
    assert len(waits) == len(api.asked) + 1
    assert sum(waits) > 2 * len(waits) * (len(waits) - 1) / 2  # nobody slept: each waits for all before it


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(400, "Invalid query"), "the server refuses it (400 Bad Request: Invalid query)"),
        (status(404), "the server refuses it (404 Not Found)"),
        (status(403, "<html>blocked</html>"), "the server refuses it (403 Forbidden)"),
        (status(429, Retry_After="99999"), "the server asks to wait 99999 seconds"),
        (status(500), "it cannot be fetched: the server answers 500 Internal Server Error (6 tries)"),
        (no_answer, "(6 tries)"),
        (status(200, "<html>Sign in</html>", Content_Type="text/html"), "the answer is text/html, not JSON"),
        (status(200, "", Content_Type="application/json"), "not JSON"),
        (status(200, "\x00\x01"), "not JSON"),
        (says([]), "the answer is no page of studies"),
        (says({"error": "x"}), "the answer is no page of studies"),
        (says({"studies": {}}), "the answer is no page of studies"),
        (says({"studies": [{"protocolSection": []}]}), "the answer is no page of studies"),
        (says({"studies": [None]}), "the answer is no page of studies"),
        (says({"studies": [], "nextPageToken": 3}), "the answer is no page of studies"),
        (says({"studies": [], "nextPageToken": "t0"}), "leads to a page that was there before"),
        (says({"studies": []}), "the registry has no such study"),
        (status(200, "[" * 100_000), "the answer is no whole JSON"),
        (status(302, Location="http://elsewhere.invalid/"), "only https is fetched"),
    ],
)
def test_what_does_not_pass_is_one_line(fault: Fault, words: str, api: StandIn, tmp_path: Path) -> None:
    api.always = fault
    with pytest.raises(TrialgraphError) as caught:
        fetched(api, tmp_path, waits=[])
    line = caught.value.line()
    assert words in line
    assert "\n" not in line
    assert isinstance(caught.value, InputError)
    assert list(tmp_path.glob("*.json")) == []


def test_pages_without_end_end(api: StandIn, tmp_path: Path) -> None:
    count = 0

    def endless(handler: object) -> None:
        nonlocal count
        count += 1
        says({"studies": [], "nextPageToken": f"t{count}"})(handler)  # type: ignore[arg-type]  # any handler

    api.always = endless
    with pytest.raises(InputError, match="there are more than 20 pages"):
        fetched(api, tmp_path, fetch_pages=20)
    api.always = None
    with pytest.raises(InputError, match="larger than 200000 bytes"):
        fetched(api, tmp_path, RecordRequest(search="trial"), fetch_bytes=200_000)


def test_an_interrupted_fetch_goes_on(api: StandIn, tmp_path: Path) -> None:
    api.faults = {4: status(404)}
    with pytest.raises(Refusal):
        fetched(api, tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".fetch", ".part"]
    made = fetched(api, tmp_path)
    assert (made.studies, made.findings) == (len(NUMBERS), ())
    assert [query.get("pageToken", "") for query, _ in api.asked] == ["", "t5", "t10", "t15", "t15"]
    assert [report.record.identifier for report in read(made.path)[0]] == NUMBERS


def _cut(part: Path) -> None:
    part.write_bytes(part.read_bytes() + b'{"studies": [{"half')


def _spoil(part: Path) -> None:
    part.write_bytes(part.read_bytes().replace(b"NCT", b"XXX"))


def _lose(part: Path) -> None:
    part.write_bytes(part.read_bytes()[:1_000])


def _garble(part: Path) -> None:
    part.with_name(part.name + ".fetch").write_text('{"form": 1, "pages": [{}]}', encoding="utf-8")


@pytest.mark.parametrize(("change", "again"), [(_cut, False), (_spoil, True), (_lose, True), (_garble, True)])
def test_what_an_interrupted_fetch_left_is_not_believed(
    change: Callable[[Path], None], again: bool, api: StandIn, tmp_path: Path
) -> None:
    api.faults = {4: status(404)}
    with pytest.raises(Refusal):
        fetched(api, tmp_path)
    change(next(tmp_path.glob("*.part")))
    made = fetched(api, tmp_path)
    assert (made.studies, made.findings) == (len(NUMBERS), ())
    assert [report.record.identifier for report in read(made.path)[0]] == NUMBERS
    assert ("pageToken" not in api.asked[4][0]) is again


@pytest.mark.parametrize("how", ["the data changed", "the token is refused", "anew"])
def test_a_fetch_begins_anew_where_it_cannot_go_on(how: str, api: StandIn, tmp_path: Path) -> None:
    api.faults = {4: status(404)}
    with pytest.raises(Refusal):
        fetched(api, tmp_path)
    if how == "the data changed":
        api.version = "2026-11-28T09:00:05"
    elif how == "the token is refused":
        api.faults = {5: status(400, "pageToken is not valid")}
    made = fetch_records(ALL, tmp_path, settings_of(api), anew=how == "anew")
    assert (made.studies, made.findings) == (len(NUMBERS), ())
    assert [report.record.identifier for report in read(made.path)[0]] == NUMBERS
    assert sum("pageToken" not in query for query, _ in api.asked) == 2


def test_what_does_not_add_up_is_told(api: StandIn, tmp_path: Path) -> None:
    api.total = 99
    api.records += [api.records[0]]

    def new_data(handler: object) -> None:
        api.version = "2026-11-28T09:00:05"
        api.page(handler, {"pageToken": "t5"})  # type: ignore[arg-type]  # any handler

    api.faults = {2: new_data}
    assert fetched(api, tmp_path).findings == (
        "1 studies came twice",
        f"the registry says it has 99 such studies, and {len(NUMBERS)} came",
        f"the registry's data changed on the way, from {VERSION} to 2026-11-28T09:00:05",
    )


def test_two_processes_do_not_write_one_file(api: StandIn, tmp_path: Path) -> None:
    def second(handler: object) -> None:
        with pytest.raises(UsageError, match="another process is fetching the same"):
            fetched(api, tmp_path)
        api.page(handler, {"countTotal": "true"})  # type: ignore[arg-type]  # any handler

    api.faults = {1: second}
    assert fetched(api, tmp_path).studies == len(NUMBERS)


def test_a_folder_that_cannot_be_written_is_one_line(api: StandIn, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"it cannot be written .*; choose another folder with -o"):
        fetched(api, tmp_path / "file")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ChiCTR2000029990", "is a number of ChiCTR"),
        ("NCT00000410 NCT1234567", "is no number"),
        ("", "there is no number"),
    ],
)
def test_numbers_that_cannot_be_fetched(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        numbers_in([text])


READING = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"):
        raise SystemExit(f"the network: {event}")
sys.addaudithook(refuse)
from trialgraph.cli import main
code = main(["trials", sys.argv[1], "-f", "jsonl"])
assert not [name for name in sys.modules if ".fetching" in name], sys.modules
sys.exit(code)
"""


@pytest.mark.slow
def test_no_reader_uses_the_network(api: StandIn, tmp_path: Path) -> None:
    made = fetched(api, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", READING, str(made.path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "the network" in done.stderr) == (0, False)
    assert [json.loads(line)["registration_id"] for line in done.stdout.splitlines()] == NUMBERS


def command(api: StandIn, folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "trialgraph", "fetch", *words, "-o", str(folder), "--registry-api", api.url]


def environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return env | {"TRIALGRAPH_FETCH_REQUESTS": "1000000"}


@pytest.mark.slow
def test_the_verb(api: StandIn, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text(f"{NUMBERS[0]}\n{NUMBERS[1]}\nNCT98765432\n", encoding="utf-8")
    done = subprocess.run(
        command(api, tmp_path / "records", "--ids", str(ids)),
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "NCT98765432: the registry has no such record\n")
    path, count, version, state = done.stdout.rstrip("\n").split("\t")
    assert (count, version, state) == ("2", VERSION, "new")
    assert len(read(Path(path))[0]) == 2


@pytest.mark.slow
def test_an_interrupt_keeps_what_came(api: StandIn, tmp_path: Path) -> None:
    holding = status(429, Retry_After="60")
    api.faults = {4: holding}
    process = subprocess.Popen(
        command(api, tmp_path, "--search", "nctid"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    while len(api.asked) < 4:
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, b"Traceback" in errors) == (130, False)
    made = fetched(api, tmp_path)
    assert (made.studies, made.findings) == (len(NUMBERS), ())
    assert sum("pageToken" not in query for query, _ in api.asked) == 1
