"""Files of a registry, sound and bad: what is read, what is told, what is never raised."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import changed, number_of, read, studies, study, written
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.formats.json_stream import json_records
from trialgraph.extract.registries.formats.registry_file import is_registry_file
from trialgraph.extract.registries.reading import registry_source
from trialgraph.extract.registries.record_columns import flat_names, flat_of

ONE, TWO = study("NCT00000410"), study("NCT00007696")


def lines(*records: object) -> str:
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in records)


def zipped(members: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


FORMATS: dict[str, bytes] = {
    "record.json": json.dumps(ONE, indent=2).encode(),
    "page.json": json.dumps({"totalCount": 1, "studies": [ONE], "nextPageToken": "N"}).encode(),
    "array.json": json.dumps([ONE]).encode(),
    "lines.jsonl": lines(ONE).encode(),
    "bulk.zip": zipped({"10/NCT00000410.json": json.dumps(ONE)}),
    "bom.json": b"\xef\xbb\xbf" + json.dumps(ONE).encode(),
}
FORMATS |= {f"{name}.gz": gzip.compress(content) for name, content in FORMATS.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_is_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, FORMATS[name])
    assert is_registry_file(path)
    (report,), problems = read(path)
    (same,), _ = read(written(tmp_path / "same.json", ONE))
    assert not problems
    assert report.facts == same.facts
    names = flat_names(["all"])[1:]
    assert flat_of(report, names) == flat_of(same, names)


def test_many_records_are_read_in_their_order_with_their_lines(tmp_path: Path) -> None:
    every = studies()
    for content in (lines(*every), json.dumps(every, indent=1), json.dumps({"studies": every})):
        reports, _ = read(written(tmp_path / "all.json", content))
        assert [report.record.identifier for report in reports] == [number_of(one) for one in every]
    reports, _ = read(written(tmp_path / "all.jsonl", lines(*every)))
    assert [report.record.line for report in reports] == list(range(1, len(every) + 1))


def small_reads(data: bytes, size: int) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)
    return lambda _: stream.read(size)


@pytest.mark.parametrize("size", [1_000, 4_099])
def test_it_is_of_no_meaning_where_a_read_ends(size: int) -> None:
    data = json.dumps({"studies": [ONE, TWO]}, ensure_ascii=False).encode()
    assert [found.value for found in json_records(small_reads(data, size), 10**7)] == [ONE, TWO]


def without_number(one: Any) -> None:
    del one["protocolSection"]["identificationModule"]["nctId"]


def numbered(number: str) -> Callable[[Any], None]:
    return lambda one: one["protocolSection"]["identificationModule"].update(nctId=number)


def titled(title: str) -> Callable[[Any], None]:
    return lambda one: one["protocolSection"]["identificationModule"].update(briefTitle=title)


BROKEN = {
    "no valid JSON": [
        '{"protocolSection": nonsense}',
        '{"protocolSection": {"a": NaN}}',
        '{"protocolSection": {"a": 1, "a": 2}}',
        json.dumps(ONE)[:900],
    ],
    "no record of a study": ["{}", "[1]", '{"protocolSection": []}', '{"why": "not a study"}'],
    "no registration number": [
        json.dumps(changed(ONE, without_number)),
        json.dumps(changed(ONE, numbered("NCT0000041"))),
        json.dumps(changed(ONE, numbered("http://example.org/> <x"))),
    ],
    "lone surrogate": [json.dumps(changed(ONE, titled("half \ud800 of a pair")))],
    "NUL character": [json.dumps(changed(ONE, titled("nul \0 byte")))],
    "nested too deeply": ['{"protocolSection": ' + "[" * 100_000 + "]" * 100_000 + "}"],
}


@pytest.mark.parametrize(
    ("reason", "broken"), [(reason, one) for reason, all_ in BROKEN.items() for one in all_]
)
@pytest.mark.parametrize("in_array", [False, True])
def test_a_record_that_cannot_be_read_is_left_out_and_the_rest_is_read(
    tmp_path: Path, reason: str, broken: str, in_array: bool
) -> None:
    content = f"[{broken},{json.dumps(TWO)}]" if in_array else lines(broken, TWO)
    reports, problems = read(written(tmp_path / "some.json", content))
    assert [report.record.identifier for report in reports] == ["NCT00007696"]
    assert {problem.reason for problem in problems if problem.refused} == {reason}
    assert all(problem.line().startswith("some.json:1: ") for problem in problems)
    assert all("\n" not in problem.line() for problem in problems)


def test_files_that_were_joined(tmp_path: Path) -> None:
    content = f"\ufeff{json.dumps(ONE, indent=1)}\n\ufeff\x1e{json.dumps(TWO)}\n"
    reports, problems = read(written(tmp_path / "a.json", content))
    assert [report.record.identifier for report in reports] == ["NCT00000410", "NCT00007696"]
    assert not problems


def test_bytes_that_are_no_utf_8_cost_one_record(tmp_path: Path) -> None:
    content = json.dumps(changed(ONE, titled("Caf\xe9")), ensure_ascii=False).encode("latin-1")
    reports, problems = read(written(tmp_path / "a.jsonl", content + b"\n" + json.dumps(TWO).encode()))
    assert [report.record.identifier for report in reports] == ["NCT00007696"]
    assert [problem.reason for problem in problems] == ["not UTF-8"]


@pytest.mark.parametrize("end", [0.5, 0.99])
def test_a_file_that_is_cut_off(tmp_path: Path, end: float) -> None:
    text = f"[{json.dumps(ONE)},{json.dumps(TWO)}]"
    whole = len(json.dumps(ONE)) + 2
    reports, problems = read(written(tmp_path / "a.json", text[: whole + int((len(text) - whole) * end)]))
    assert [report.record.identifier for report in reports] == ["NCT00000410"]
    assert [problem.reason for problem in problems] == ["file is cut off"]


@pytest.mark.parametrize(
    "content",
    ["[]", '{"studies": []}', "{}", '{"a": 1}', json.dumps(ONE)[:3000], json.dumps(ONE).encode("utf-16")],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_in_one_line(tmp_path: Path, content: object) -> None:
    path = written(tmp_path / "a.json", content)
    assert is_registry_file(path)
    with pytest.raises(InputError) as refused:
        registry_source(path, DEFAULTS)
    assert refused.value.line().startswith(("a.json", str(path)))


def dated(date: str) -> Callable[[Any], None]:
    return lambda one: one["derivedSection"]["miscInfoModule"].update(versionHolder=date)


def test_of_two_states_of_a_study_the_newer_is_read(tmp_path: Path) -> None:
    new = changed(ONE, dated("2026-01-01"))
    for order in ((ONE, new), (new, ONE)):
        (report,), (problem,) = read(written(tmp_path / "a.jsonl", lines(*order)))
        assert str(report.record.data_version) == "2026-01-01"
        assert (problem.identifier, problem.reason) == ("NCT00000410", "older state of a study")


def test_the_same_record_twice_is_told_and_that_is_all(tmp_path: Path) -> None:
    (_,), (problem,) = read(written(tmp_path / "a.jsonl", lines(ONE, ONE)))
    assert problem.harmless


def test_two_states_of_one_date_are_both_left_out(tmp_path: Path) -> None:
    content = lines(ONE, changed(ONE, titled("Other")), TWO)
    (report,), problems = read(written(tmp_path / "a.jsonl", content))
    assert report.record.identifier == "NCT00007696"
    assert [problem.identifier for problem in problems] == ["NCT00000410"] * 2


def test_a_bad_value_states_nothing_and_the_study_is_read(tmp_path: Path) -> None:
    def spoil(one: Any) -> None:
        protocol = one["protocolSection"]
        protocol["statusModule"]["startDateStruct"]["date"] = "2013-02-30"
        protocol["designModule"]["enrollmentInfo"]["count"] = -5
        protocol["conditionsModule"]["conditions"] = "no list"

    (report,), problems = read(written(tmp_path / "a.json", changed(ONE, spoil)))
    line = flat_of(report, ["start_date", "n_total", "conditions", "title"])
    assert line | {"title": ""} == {"start_date": None, "n_total": None, "conditions": [], "title": ""}
    assert {problem.reason for problem in problems} == {
        "impossible date",
        "value of another type",
        "impossible count",
    }
    assert not any(problem.refused for problem in problems)


def test_unknown_keys_and_words_are_counted_and_the_words_kept(tmp_path: Path) -> None:
    def add(one: Any) -> None:
        one["protocolSection"]["futureModule"] = {"deep": [1, {"er": 2}]}
        one["protocolSection"]["statusModule"]["overallStatus"] = "PAUSED_FOR_NOW"

    (report,), problems = read(written(tmp_path / "a.json", changed(ONE, add)))
    assert not problems
    assert dict(report.unknown) == {
        "/protocolSection/futureModule": 1,
        "/protocolSection/statusModule/overallStatus=PAUSED_FOR_NOW": 1,
    }
    assert flat_of(report, ["status"]) == {"status": "paused for now"}


def test_a_zip_archive_within_its_limits(tmp_path: Path) -> None:
    bomb = '{"protocolSection": {"x": "' + "0" * 8_000_000 + '"}}'
    made = zipped(
        {
            "../../up.json": json.dumps(ONE),
            "bomb.json": bomb,
            "in.zip.json": json.dumps(TWO),
            "readme.txt": "hi",
            "empty.json": "",
        }
    )
    reports, problems = read(written(tmp_path / "a.zip", made))
    assert [report.record.member for report in reports] == ["../../up.json", "in.zip.json"]
    assert [problem.where for problem in problems] == [
        "a.zip:bomb.json", "a.zip:readme.txt", "a.zip:empty.json",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.json", zipped({"b.json": json.dumps(ONE)}))
        archive.writestr("c.json", json.dumps(TWO))
    (report,), (problem,) = read(written(tmp_path / "a.zip", made.getvalue()))
    assert (report.record.identifier, problem.what) == ("NCT00007696", "it is an archive in an archive")


@pytest.mark.parametrize("cut", [100, 900])
def test_a_gzip_archive_that_is_cut_off(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "a.json.gz", gzip.compress(json.dumps(ONE).encode())[:cut])
    with pytest.raises(InputError, match=r"damaged|no record"):
        registry_source(path, DEFAULTS)


def test_memory_is_bounded_by_the_largest_study(tmp_path: Path) -> None:
    record = json.dumps(ONE)
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(300):
            file.write(record.replace("NCT00000410", f"NCT2{number:07d}") + "\n")
    assert path.stat().st_size > 2_000_000
    registry_source(written(tmp_path / "one.json", ONE), DEFAULTS)
    tracemalloc.start()
    source = registry_source(path, DEFAULTS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert source.readable == 300
    assert peak < 2_000_000


def version(number: int, date: str, **values: object) -> dict[str, object]:
    return {
        "nctId": "NCT00061984",
        "version": number,
        "versions": 2,
        "date": date,
        "overallStatus": "Active, not recruiting",
        "startDate": {"date": "2003-04"},
        "enrollment": {"count": 945, "type": "Anticipated"},
        "outcomes": [
            {"role": "secondary", "measure": "Safety"},
            {"role": "primary", "measure": "Survival", "timeFrame": "12 months"},
        ],
        "sponsors": {"sponsor": "EORTC", "collaborators": ["Somebody"]},
        **values,
    }


def test_versions_of_a_record_are_reports_of_one_trial(tmp_path: Path) -> None:
    content = lines(version(1, "2005-06-23"), version(2, "2005-07-08", overallStatus="Unknown status"))
    reports, problems = read(written(tmp_path / "history.jsonl", content))
    assert not problems
    assert len({report.key for report in reports}) == 2
    assert {report.trial_key for report in reports} == {"NCT00061984"}
    wanted = {
        "data_version": "2005-06-23",
        "status": "active not recruiting",
        "start_date": "2003-04",
        "n_total": 945,
        "enrolment_type": "estimated",
        "n_primary_outcomes": 1,
        "primary_outcomes": ["Survival"],
        "primary_time_frames": ["12 months"],
        "sponsor": "EORTC",
        "collaborators": ["Somebody"],
        "follow_up_months": [12],
        "n_sites": None,
    }
    assert flat_of(reports[0], wanted) == wanted
    assert flat_of(reports[1], ["status"]) == {"status": "unknown"}
    (measure, _) = reports[0].of("outcome", "measure")
    assert str(reports[0].record.place(measure)) == "/outcomes/0/measure"
