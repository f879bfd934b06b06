"""`trialgraph trials` on files of registries: beside tables, from standard input, with a line for what is left out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import COMMAND, ENVIRONMENT, SHORT, altered, bad, good, run
from tests.extract.registries.records import changed, registry_folder, studies, study, written
from tests.paths import ROOT
from trialgraph.extract.curation import CURATION_COLUMNS
from trialgraph.extract.registries.record_columns import RECORD_FLAT, flat_names
from trialgraph.extract.trials_table import COLUMNS, from_csv

ONE, TWO = study("NCT00000410"), study("NCT00007696")


def test_tables_and_records_side_by_side(tmp_path: Path) -> None:
    table, records = altered(tmp_path, SHORT), written(tmp_path / "studies.json", [ONE, TWO])
    lines = [json.loads(line) for line in good("trials", records, table, "-f", "jsonl").splitlines()]
    assert [line["source"] for line in lines[:2]] == ["studies", "studies"]
    assert {line["source"] for line in lines[2:]} == {Path(table).stem}
    assert all(tuple(line) == flat_names(["all"]) for line in lines)
    assert (lines[0]["row"], lines[2]["row"], lines[2]["has_results"]) == (None, 1, None)
    text = good("trials", records, table, "-f", "csv", "--columns", "all")
    assert [row["registration_id"] for row in from_csv(text, RECORD_FLAT)] == [
        line["registration_id"] for line in lines
    ]
    assert next(csv.reader(good("trials", records, "-f", "csv").splitlines())) == list(COLUMNS)


def test_standard_input_and_a_selection(tmp_path: Path) -> None:
    data = json.dumps({"studies": studies()}).encode()
    ids = written(tmp_path / "ids.txt", "NCT00007696\n")
    text = good("trials", "-", "--only", ids, "-f", "csv", "--columns", "source,registration_id", stdin=data)
    assert text == "source,registration_id\n-,NCT00007696\n"


def test_what_is_left_out_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    def spoil(one: object) -> None:
        assert isinstance(one, dict)
        one["protocolSection"]["statusModule"]["startDateStruct"]["date"] = "2013-02-30"

    content = "\n".join(['{"protocolSection": 1}', json.dumps(changed(ONE, spoil)), json.dumps(TWO)])
    done = run("trials", written(tmp_path / "a.jsonl", content), "-f", "csv", "--columns", "registration_id")
    assert done.returncode == 1
    assert done.stdout.decode() == "registration_id\nNCT00000410\nNCT00007696\n"
    told = done.stderr.decode().splitlines()
    assert told[0] == "a.jsonl:1: it has no protocolSection; it is left out"
    assert told[1].startswith("a.jsonl:2: NCT00000410: /protocolSection/statusModule/startDateStruct/date: ")
    assert told[2].endswith(
        "2 studies read; 1 study not read (no record of a study 1); 1 value not read (impossible date 1)"
    )


def test_what_is_not_known_is_counted_and_no_finding(tmp_path: Path) -> None:
    def add(one: object) -> None:
        assert isinstance(one, dict)
        one["protocolSection"]["futureModule"] = {}

    done = run("trials", written(tmp_path / "a.json", changed(ONE, add)), "-f", "jsonl")
    assert done.returncode == 0
    assert (
        done.stderr.decode()
        .rstrip()
        .endswith("1 field or word that is not known (/protocolSection/futureModule 1)")
    )


def test_nothing_readable_is_one_line(tmp_path: Path) -> None:
    line = bad("trials", written(tmp_path / "a.json", {"protocolSection": {}}), "-f", "jsonl")
    assert "no record in it can be read: no registration number (1)" in line
    assert "names no trial" in bad("trials", written(tmp_path / "b.json", ONE), "--only", "nothing")


def test_a_link_that_a_reviewer_rejected_compares_nothing(tmp_path: Path) -> None:
    def link(one: Any) -> None:
        one["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [{"id": "ISRCTN12345674"}]

    trial = (
        "<TrialID>ISRCTN12345674</TrialID><Public_title>A trial</Public_title><Target_size>60</Target_size>"
    )
    portal = written(
        tmp_path / "portal.xml",
        f"<Trials_downloaded_from_ICTRP><Trial>{trial}</Trial></Trials_downloaded_from_ICTRP>",
    )
    folder = registry_folder(tmp_path / "mine", changed(ONE, link))
    compared = json.loads(good("-q", "compare", folder, portal, "-f", "jsonl").splitlines()[0])
    assert (compared["left_source"], compared["right_source"]) == ("mine", "portal")
    decision = "NCT00000410\tsame-trial\treject ISRCTN12345674\tA. B.\t2026-11-29\tanother trial\n"
    (folder / "curation.tsv").write_text("\t".join(CURATION_COLUMNS) + "\n" + decision, encoding="utf-8")
    assert good("-q", "compare", folder, portal, "-f", "jsonl") == ""
    (folder / "curation.tsv").write_text(
        "\t".join(CURATION_COLUMNS) + "\n" + decision.replace("ISRCTN12345674", "NCT00007696"),
        encoding="utf-8",
    )
    line = bad("compare", folder, portal)
    assert "curation.tsv:2: record NCT00000410 states no link to NCT00007696" in line
    assert "its links: ISRCTN12345674" in line


def test_a_number_that_no_file_has_is_told(tmp_path: Path) -> None:
    records = written(tmp_path / "a.json", [ONE, TWO])
    done = run(
        "trials", records, "--only", "NCT00000410,NCT00000999", "-f", "csv", "--columns", "registration_id"
    )
    assert done.returncode == 1
    assert done.stdout.decode() == "registration_id\nNCT00000410\n"
    told = done.stderr.decode().splitlines()
    assert told[0].startswith("NCT00000999: asked for, and no registry file here has a record of it; ")
    # A review's trials that a registry lacks are no mistake of who asks.
    table = altered(tmp_path, SHORT)
    folder = tmp_path / "review"
    folder.mkdir()
    (folder / "source.txt").write_bytes(Path(table).read_bytes())
    sha256 = hashlib.sha256(Path(table).read_bytes()).hexdigest()
    (folder / "source.toml").write_text(f'sha256 = "{sha256}"\n', encoding="utf-8")

    def renumbered(one: Any) -> None:
        one["protocolSection"]["identificationModule"]["nctId"] = "NCT01741857"

    one = written(tmp_path / "b.json", [changed(ONE, renumbered), TWO])
    text = good("trials", one, "--only", folder, "-f", "csv", "--columns", "registration_id")
    assert text == "registration_id\nNCT01741857\n"


def test_where_nothing_is_left_nothing_is_written(tmp_path: Path) -> None:
    records = written(tmp_path / "a.json", [ONE, TWO])
    line = bad("trials", records, "--only", "cell therapy", "--only", "MESH:D008171", "-f", "csv")
    assert line == "trialgraph: --only: no record is left; all conditions have to be met: leave one out"
    line = bad("build", records, "--only", "cell therapy", "-o", tmp_path / "releases")
    assert "--only: no record is left" in line
    assert not list((tmp_path / "releases").glob("*/manifest.json"))


def test_a_file_without_a_record_hides_no_other(tmp_path: Path) -> None:
    sound, other = (
        written(tmp_path / "a.json", ONE),
        written(tmp_path / "b.jsonl", '{"protocolSection": {}}\n{"x": 1}'),
    )
    done = run("trials", other, sound, "-f", "csv", "--columns", "registration_id")
    assert done.returncode == 1
    assert done.stdout.decode() == "registration_id\nNCT00000410\n"
    told = done.stderr.decode().splitlines()
    assert [line.partition(": ")[0] for line in told[:2]] == ["b.jsonl:1", "b.jsonl:2"]
    twice = written(tmp_path / "c.jsonl", '{"protocolSection": {}}')
    assert "b.jsonl:1: no record in it can be read" in bad("trials", other, twice)


def in_pieces(arguments: Sequence[str], data: bytes) -> bytes:
    """Stdout of a command whose standard input comes byte by byte at first."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    ) as done:
        assert done.stdin is not None
        for byte in data[:5]:
            done.stdin.write(bytes([byte]))
            done.stdin.flush()
            time.sleep(0.02)
        out, _ = done.communicate(data[5:])
    assert done.returncode == 0
    return out


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_standard_input_is_known_by_all_of_its_content(packed: bool) -> None:
    text = (
        b"<?xml version='1.0'?><Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01999999</TrialID></Trial>"
        b"</Trials_downloaded_from_ICTRP>"
    )
    data = gzip.compress(text) if packed else text
    columns = ("-f", "csv", "--columns", "source,registration_id")
    assert in_pieces(["trials", "-", *columns], data) == b"source,registration_id\n-,NCT01999999\n"


def test_a_named_pipe_is_read_as_a_file_of_its_name(tmp_path: Path) -> None:
    pipes = {name: json.dumps(one).encode() for name, one in (("one", ONE), ("two", TWO))}
    for name in pipes:
        os.mkfifo(tmp_path / name)
    writers = [
        threading.Thread(target=(tmp_path / name).write_bytes, args=(data,)) for name, data in pipes.items()
    ]
    for writer in writers:
        writer.start()
    text = good(
        "trials", tmp_path / "one", tmp_path / "two", "-f", "csv", "--columns", "source,registration_id"
    )
    for writer in writers:
        writer.join()
    assert text == "source,registration_id\none,NCT00000410\ntwo,NCT00007696\n"
