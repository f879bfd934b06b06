"""The command line as a whole: help, versions, and one line for whatever goes wrong, whichever the verb."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.command import (
    ASK,
    COMMAND,
    ENVIRONMENT,
    FIRST_ROW,
    LINES,
    SEED,
    SHORT,
    TEXT,
    VERBS,
    altered,
    bad,
    good,
    one_line,
    run,
)
from tests.paths import ROOT


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_a_use_an_example_and_every_option_in_words(verb: str) -> None:
    text = good(verb, "--help")
    assert text.startswith(f"Usage: trialgraph {verb}")
    assert "Example" in text
    assert f"trialgraph {verb}" in text.split("Example")[1]
    options = [line for line in text.split("Options:")[1].splitlines() if line.strip().startswith("-")]
    assert options
    assert good(verb, "-h") == text


def test_help_of_the_whole_lists_the_verbs_and_exit_codes() -> None:
    text = good("--help")
    assert [verb for verb in VERBS if f"\n  {verb} " not in text] == []
    assert "130" in text


def test_version_names_package_ontology_and_release(built: Path, tmp_path: Path) -> None:
    assert good("--version", cwd=tmp_path).rstrip().endswith("no release built here")
    text = good("--version", cwd=built.parent.parent)
    assert text.startswith("trialgraph ")
    done = run("--version", cwd=tmp_path, TRIALGRAPH_RELEASES=str(built))
    assert built.name in done.stdout.decode()


LATIN = TEXT.replace("IFN-γ", "IFN-g").replace("×", "x").replace("©", "ü").replace("TNF-α", "TNF-a")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (LATIN.encode("latin-1", "replace"), "is not UTF-8"),
        (TEXT.encode("utf-16"), "a NUL byte"),
        (TEXT.replace("SLEDAI", "SLE\0DAI", 1).encode(), "a NUL byte"),
        (b"no table here\njust words\n", "no lines name columns"),
        ("\n".join(LINES[FIRST_ROW:]).encode(), "no lines name columns"),
    ],
)
@pytest.mark.parametrize("verb", ["rows", "build", "add"])
def test_a_file_that_is_no_table(verb: str, data: bytes, says: str, tmp_path: Path) -> None:
    path = altered(tmp_path, data)
    line = bad(verb, path, cwd=tmp_path)
    assert says in line
    assert str(path) in line
    assert "; " in line
    assert [p.name for p in tmp_path.iterdir()] == ["table.txt"]


@pytest.mark.parametrize("verb", ["rows", "trials", "build"])
def test_a_seed_that_is_not_there(verb: str, tmp_path: Path) -> None:
    assert "nowhere: cannot be read (no such file or directory)" in bad(verb, "nowhere", cwd=tmp_path)
    (tmp_path / "folder").mkdir()
    assert "no source.toml" in bad(verb, "folder", cwd=tmp_path)
    (tmp_path / "seeds").mkdir()
    assert "no source folders" in bad(verb, cwd=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nosuch",), "No such command 'nosuch'"),
        (("rows", "-f", "xlsx"), "'xlsx' is not one of"),
        (("rows", "--nosuch"), "No such option"),
        (("explain",), "Missing argument"),
        (("add", "nowhere.txt"), "does not exist"),
        (("query",), "give one query"),
        (("query", "trials-by-disease", "-e", ASK), "give one query"),
        (("query", "no-such-slug"), "there is no saved query 'no-such-slug'"),
        (("query", "nowhere.rq"), "nowhere.rq: cannot be read"),
        (("query", "trials-by-disease", "-p", "disease"), "has no ="),
        (("query", "trials-by-disease", "-p", "nosuch=1"), "has no parameter 'nosuch'"),
        (("query", "trials-by-disease", "-p", "disease=not a term"), "is not valid"),
        (("query", "-e", ASK, "-p", "a=b"), "only saved queries take parameters"),
        (("serve", "--port", "99999"), "99999"),
        (("check", "--release", "nowhere"), "no release here"),
    ],
)
def test_bad_use_is_one_line(arguments: Sequence[str], says: str, tmp_path: Path) -> None:
    # Not in the checkout: a release that `make serve` has built there knows which values there are.
    assert says in bad(*arguments, cwd=tmp_path)


def test_what_the_graph_does_not_know(built: Path) -> None:
    assert "nothing in the graph is named 'NCT00000000'" in bad("explain", "NCT00000000", "--release", built)
    assert "there is no graph 'nosuch'" in bad("export", "--graph", "nosuch", "--release", built)


@pytest.mark.parametrize("place", ["below-a-file", "in-proc"])
def test_a_place_where_nothing_can_be_written(place: str, tmp_path: Path, built: Path) -> None:
    parent = altered(tmp_path, "a file", "file") if place == "below-a-file" else Path("/proc")
    short = altered(tmp_path, SHORT)
    if place == "in-proc":  # tests/test_pipeline.py builds below a file
        assert "the release cannot be written" in bad("build", short, "-o", parent / "releases")
    assert "cannot be written" in bad("trials", short, "-f", "csv", "-o", parent / "trials.csv")
    assert "cannot be written" in bad("export", "--release", built, "-o", parent / "x.ttl")
    assert "cannot be written" in bad("add", SEED / "source.txt", "--seeds", parent / "seeds")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [("rows",), ("trials", "-f", "csv"), ("query", "--list"), ("--help",), ("rows", "-f", "jsonl")],
)
def test_a_full_disk_behind_stdout_is_one_line(arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT,
            timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert os.strerror(errno.ENOSPC) in one_line(done.stderr)


@pytest.mark.parametrize(
    "arguments", ["trials -f jsonl", "rows", "export -f nquads --release {built}", "query --list"]
)
def test_a_reader_that_goes_away_hears_no_noise(arguments: str, built: Path) -> None:
    command = " ".join([*COMMAND, arguments.format(built=built)])
    done = subprocess.run(
        ["/bin/sh", "-c", f"({command}; echo $? >&2) | head -c 5"], capture_output=True, cwd=ROOT,
        env=ENVIRONMENT, timeout=120, check=False,
    )  # fmt: skip
    assert (len(done.stdout), done.stderr) == (5, b"0\n")


def test_quiet_says_nothing_but_errors(built: Path, tmp_path: Path) -> None:
    done = run("-q", "check", "--release", built)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "cannot be read" in one_line(run("-q", "rows", "nowhere", cwd=tmp_path).stderr)


def test_a_trace_only_where_it_is_asked_for(tmp_path: Path) -> None:
    done = run("-vv", "rows", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert b"Traceback" in done.stderr
    assert done.stderr.decode().splitlines()[-1].startswith("trialgraph: nowhere: cannot be read")
