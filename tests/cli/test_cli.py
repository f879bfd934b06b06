"""The command line as a process: what it prints where, its exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import pty
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.paths import ROOT
from trialgraph.extract.trials_table import COLUMNS, from_csv
from trialgraph.release.open import Release

SLUG = "wjsc-107202-table1"
SEED = ROOT / "seeds" / SLUG
TEXT = (SEED / "source.txt").read_bytes().decode()
LINES = TEXT.split("\n")
FIRST_ROW = next(n for n, line in enumerate(LINES) if line.startswith("-BM-MSCs"))
VERBS = ("rows", "trials", "build", "check", "query", "export", "explain", "serve", "add", "fetch")
COMMAND = (sys.executable, "-m", "trialgraph")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80"}


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The finished process; nothing on stdin unless given."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        timeout=120,
        check=False,
    )


def good(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT) -> str:
    """Stdout of a command that must be fine and silent on stderr."""
    done = run(*arguments, stdin=stdin, cwd=cwd)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode()


def bad(*arguments: str | Path, code: int = 2, stdin: bytes = b"", cwd: Path = ROOT) -> str:
    """The one line on stderr of a command that could not run; nothing on stdout."""
    done = run(*arguments, stdin=stdin, cwd=cwd)
    line = one_line(done.stderr)
    assert (done.returncode, done.stdout) == (code, b"")
    return line


def one_line(stderr: bytes) -> str:
    text = stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith("trialgraph: ")
    assert "Traceback" not in text
    return text.strip()


@pytest.fixture(scope="module")
def built(release: Release) -> Path:
    return release.path


def altered(folder: Path, text: str | bytes, name: str = "table.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- every verb ---------------------------------------------------------------------------------------------


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


# --- rows, trials -------------------------------------------------------------------------------------------


def test_rows_are_eleven_cells_whose_characters_stand_at_their_offsets() -> None:
    rows = [json.loads(line) for line in good("rows", SEED, "-f", "jsonl").splitlines()]
    assert [r["row"] for r in rows] == list(range(1, 22))
    for row in rows:
        assert list(row)[:5] == ["source", "row", "line", "cells", "confidence"]
        assert row["source"] == SLUG
        assert [list(c) for c in row["cells"]] == [["header", "field", "text", "start", "end"]] * 11
        for cell in row["cells"]:
            assert TEXT[cell["start"] : cell["end"]] == (cell["text"] or "")
            assert (cell["text"] is None) == (cell["start"] == cell["end"])
        assert "".join(c["text"] or "" for c in row["cells"]) == LINES[row["line"] - 1]
        assert 0 <= row["confidence"] <= 1


def test_rows_over_stdin_are_those_of_the_file_but_for_the_name() -> None:
    from_stdin = good("rows", "-", "-f", "jsonl", stdin=TEXT.encode())
    assert from_stdin.replace('"source": "-"', f'"source": "{SLUG}"') == good("rows", SEED, "-f", "jsonl")


def test_offsets_count_characters_of_the_text_with_its_own_line_ends() -> None:
    text = TEXT.replace("\n", "\r\n")
    rows = [json.loads(line) for line in good("rows", "-", "-f", "jsonl", stdin=text.encode()).splitlines()]
    assert len(rows) == 21
    assert all(text[c["start"] : c["end"]] == (c["text"] or "") for row in rows for c in row["cells"])


def test_a_bare_file_is_called_by_its_stem(tmp_path: Path) -> None:
    path = altered(tmp_path, TEXT, "my-table.txt")
    assert json.loads(good("rows", path, "-f", "jsonl").splitlines()[0])["source"] == "my-table"


def test_rows_as_a_table_have_their_headings() -> None:
    lines = good("rows", SEED).splitlines()
    assert len(lines) == 22
    assert lines[0].split()[:4] == ["row", "line", "Study", "type"]


def test_trials_in_all_formats_say_the_same(tmp_path: Path) -> None:
    text = good("trials", SEED, "-f", "csv")
    assert text == (ROOT / "tests" / "golden" / "trials.csv").read_text(encoding="utf-8")
    records = [json.loads(line) for line in good("trials", SEED, "-f", "jsonl").splitlines()]
    assert records == from_csv(text)
    assert good("trials", SEED).splitlines()[0].split() == list(COLUMNS)
    assert good("trials", SEED, "-f", "csv", "-o", tmp_path / "t.csv") == ""
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == text


def test_without_a_source_all_of_seeds_is_read_and_without_seeds_the_packaged_ones(tmp_path: Path) -> None:
    by_default = good("trials", "-f", "csv")
    assert good("trials", "-f", "csv", *sorted(p for p in SEED.parent.iterdir() if p.is_dir())) == by_default
    assert good("trials", "-f", "csv", cwd=tmp_path) == by_default


# --- build, check, export -----------------------------------------------------------------------------------


def test_build_ends_with_its_counts_and_its_hash(tmp_path: Path) -> None:
    last = good("build", SEED, "-o", tmp_path / "releases").splitlines()[-1]
    said = dict(pair.split("=") for pair in last.split(" "))
    assert list(said) == ["trials", "reports", "triples", "conflicts", "violations", "hash", "seconds"]
    assert (said["trials"], said["reports"], said["conflicts"], said["violations"]) == ("21", "21", "6", "0")
    assert (tmp_path / "releases" / "current").resolve().name == said["hash"]
    assert not [p for p in (tmp_path / "releases").iterdir() if p.name.startswith(".building")]


def test_check_passes_a_sound_release_and_names_a_damaged_file(built: Path, tmp_path: Path) -> None:
    done = run("check", "--release", built)
    assert done.returncode == 0
    figures = done.stdout.decode().splitlines()
    assert figures[0].endswith("100 % exist, 100 % are current, 100 % are called as recorded")
    for field in ("disease", "cell_source", "tissue", "route", "phase"):
        (line,) = (line for line in figures if line.startswith(f"{field}: "))
        assert ", 100 % linked to a term, " in line
    assert [line for line in figures if "is linked to nothing" in line] == [
        "outcome: 'NRS' is linked to nothing (× 1); "
        "perhaps numeric rating scale or Scripps Neurological Rating Scale? (a suggestion)"
    ]
    assert done.stderr.decode() == f"release {built.name}: 0 findings\n"
    copy = Path(shutil.copytree(built, tmp_path / built.name, symlinks=True))
    with (copy / "trials.csv").open("a") as stream:
        stream.write("one more line\n")
    done = run("check", "--release", copy)
    assert done.returncode == 1
    assert "trials.csv: the file does not fit its checksum" in done.stderr.decode()


FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}


@pytest.mark.parametrize("form", FORMATS)
def test_export_in_every_format_parses(form: str, built: Path, tmp_path: Path) -> None:
    good("export", "-f", form, "--release", built, "-o", tmp_path / "out")
    assert sum(1 for _ in parse(path=str(tmp_path / "out"), format=FORMATS[form])) > 10_000


def test_export_of_one_graph_is_that_graph(built: Path) -> None:
    whole = parse(good("export", "-f", "nquads", "--release", built).encode(), RdfFormat.N_QUADS)
    quality = {str(q.triple) for q in whole if str(q.graph_name).endswith("/graph/quality>")}
    one = good("export", "-f", "ntriples", "--graph", "quality", "--release", built).encode()
    assert {str(q.triple) for q in parse(one, RdfFormat.N_TRIPLES)} == quality != set()


# --- query, explain -----------------------------------------------------------------------------------------

ASK = "ASK { ?trial a <https://w3id.org/trialgraph/ontology/Trial> }"
COUNT = "SELECT (COUNT(?t) AS ?n) { ?t a <https://w3id.org/trialgraph/ontology/Trial> }"
GRAPH = "CONSTRUCT { ?t a ?c } WHERE { ?t a ?c } LIMIT 3"


def test_a_query_as_text_from_a_file_and_from_stdin(built: Path, tmp_path: Path) -> None:
    asked = ("-f", "csv", "--release", built)
    answers = {
        good("query", "-e", COUNT, *asked),
        good("query", altered(tmp_path, COUNT, "count.rq"), *asked),
        good("query", "-", *asked, stdin=COUNT.encode()),
    }
    assert answers == {"n\r\n21\r\n"}


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("table", "n\n21\n"),
        ("csv", "n\r\n21\r\n"),
        ("tsv", "?n\n21\n"),
        ("json", "{"),
        ("xml", "<?xml"),
    ],
)
def test_every_format_of_a_table(form: str, begins: str, built: Path) -> None:
    assert good("query", "-e", COUNT, "-f", form, "--release", built).startswith(begins)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_a_graph(form: str, built: Path) -> None:
    text = good("query", "-e", GRAPH, "-f", form, "--release", built)
    assert len(list(parse(text.encode(), FORMATS[form]))) == 3


def test_a_question_of_yes_or_no(built: Path) -> None:
    assert good("query", "-e", ASK, "--release", built) == "yes\n"
    assert json.loads(good("query", "-e", ASK, "-f", "json", "--release", built))["boolean"] is True


def test_saved_queries_are_listed_shown_and_run_with_their_parameters(built: Path) -> None:
    listed = {line.split("  ")[0] for line in good("query", "--list").splitlines()[1:]}
    assert len(listed) >= 20
    assert "trials-by-disease" in listed
    shown = good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "--show")
    assert "MONDO_0005301" in shown
    rows = list(csv.reader(io.StringIO(
        good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "-f", "csv", "--release", built)
    )))  # fmt: skip
    assert len(rows) > 4
    assert good("query", "-", "-f", "csv", "--release", built, stdin=shown.encode()).splitlines()


def test_explain_shows_the_characters_the_rule_and_the_mapping(built: Path) -> None:
    text = good("explain", "NCT04170426", "--release", built)
    assert "⟦392⟧" in text
    assert "rule patients.footnote-mark" in text
    assert "mapping: 'DMARD-resistant' is DMARD-resistant" in text
    found = json.loads(good("explain", "NCT04170426", "-f", "json", "--release", built))
    assert found["iri"].endswith("/trial/NCT04170426")
    for reading in found["readings"]:
        start, end = reading["offsets"]
        assert TEXT[start:end] == reading["verbatim"]
        assert reading["before"] + reading["verbatim"] + reading["after"] == LINES[reading["line"] - 1]


# --- add ----------------------------------------------------------------------------------------------------


def test_add_makes_a_folder_that_builds(tmp_path: Path) -> None:
    path = altered(tmp_path, TEXT, "My Review, Table 2.txt")
    done = run("add", path, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, "seeds/my-review-table-2\n")
    assert done.stderr.decode().startswith("now complete seeds/my-review-table-2/source.toml")
    assert (tmp_path / "seeds" / "my-review-table-2" / "source.txt").read_bytes() == path.read_bytes()
    assert len(good("trials", "-f", "jsonl", cwd=tmp_path).splitlines()) == 21
    assert "the folder is there already" in bad("add", path, cwd=tmp_path)


# --- bad input: one clear line, exit code 2 -----------------------------------------------------------------

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


def test_the_place_of_a_bad_byte_is_told_by_line_and_column(tmp_path: Path) -> None:
    number = FIRST_ROW + 1
    column = LINES[FIRST_ROW].index("Selena") + 1
    data = TEXT.replace("Selena", "\0elena", 1).encode()
    at = len(LINES[FIRST_ROW][: column - 1].encode()) + 1
    assert f"table.txt:{number}:{at}: a NUL byte" in bad("rows", altered(tmp_path, data))


@pytest.mark.parametrize("verb", ["rows", "trials", "build"])
def test_a_seed_that_is_not_there(verb: str, tmp_path: Path) -> None:
    assert "nowhere: cannot be read (no such file or directory)" in bad(verb, "nowhere", cwd=tmp_path)
    (tmp_path / "folder").mkdir()
    assert "no source.toml" in bad(verb, "folder", cwd=tmp_path)
    (tmp_path / "seeds").mkdir()
    assert "no source folders" in bad(verb, cwd=tmp_path)


def test_a_wrong_checksum(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    with (folder / "source.txt").open("a") as stream:
        stream.write(" ")
    line = bad("build", folder, cwd=tmp_path)
    assert "source.toml says" in line
    assert "restore the file as received" in line


def test_settings_that_are_no_toml_and_a_kind_without_a_reader(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    settings = (folder / "source.toml").read_text(encoding="utf-8")
    altered(folder, settings.replace("run-together", "hologram"), "source.toml")
    assert "kind 'hologram' has no reader" in bad("rows", folder)
    altered(folder, "kind = ", "source.toml")
    assert "not valid TOML" in bad("rows", folder)


def test_a_curation_line_that_decides_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    altered(folder, "row\tkind\tdecision\twho\twhen\twhy\n9\tarms-do-not-add-up\tuse 40\tme\tnow\tso\n",
            "curation.tsv")  # fmt: skip
    assert "is not one of: keep, use 39, use 392" in bad("trials", folder)


def test_a_curator_s_decision_is_a_layer_over_the_reading(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    altered(folder, "row\tkind\tdecision\twho\twhen\twhy\n9\tarms-do-not-add-up\tuse 392\tme\tnow\tso\n",
            "curation.tsv")  # fmt: skip
    record = json.loads(good("trials", folder, "-f", "jsonl").splitlines()[8])
    assert (record["n_total"], record["n_treatment"], record["conflicts"]) == (
        54,
        392,
        ["arms-do-not-add-up"],
    )


# --- rows that cannot be read: the others still are, exit code 1 --------------------------------------------


def with_line(line: str, after: int = 2) -> str:
    """The table with one more line behind its second row."""
    at = FIRST_ROW + after
    return "\n".join([*LINES[:at], line, *LINES[at:]])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x" * 10_000_000, "the line has 10000000 characters, more than the 8000"),
        ("This is no row of that table at all, whoever wrote it.", "no way of cutting it fits the columns"),
    ],
    ids=["ten megabytes", "no segmentation"],
)
def test_a_bad_row_is_reported_with_its_number_and_the_others_are_read(
    line: str, why: str, tmp_path: Path
) -> None:
    path = altered(tmp_path, with_line(line))
    done = run("rows", path, "-f", "jsonl")
    assert done.returncode == 1
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    assert [r["row"] for r in rows] == [1, 2, *range(4, 23)]
    (said,) = done.stderr.decode().splitlines()
    assert said.startswith(f"warning: {path}:{FIRST_ROW + 3}:1: row 3 is not read: {why}")
    built = run("build", path, "-o", tmp_path / "releases")
    assert built.returncode == 1
    assert built.stdout.decode().splitlines()[-1].startswith("trials=21 reports=21 ")
    assert "row 3 is not read" in built.stderr.decode()
    assert "Traceback" not in built.stderr.decode()


def test_a_heading_that_nobody_knows_keeps_its_cells_as_text(tmp_path: Path) -> None:
    path = altered(tmp_path, TEXT.replace("\nRef.\n", "\nZorblax\n"))
    done = run("rows", path, "-f", "jsonl")
    assert done.returncode == 1
    assert "unknown heading 'Zorblax'" in done.stderr.decode()
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    assert len(rows) == 21
    assert {(r["cells"][10]["header"], r["cells"][10]["field"]) for r in rows} == {("Zorblax", None)}


# --- bad use ------------------------------------------------------------------------------------------------


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
def test_bad_use_is_one_line(arguments: Sequence[str], says: str) -> None:
    assert says in bad(*arguments)


@pytest.mark.parametrize(
    ("query", "form", "code", "says"),
    [
        ("SELECT", "csv", 2, "1:7: syntax error"),
        ("SELECT * { ?s ?p }", "csv", 2, "1:"),
        ("INSERT DATA { <a:a> <b:b> <c:c> }", "csv", 2, ""),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "csv", 2, "SERVICE"),
        (GRAPH, "table", 2, "makes a graph, not a table"),
        (GRAPH, "csv", 2, ""),
        (COUNT, "turtle", 2, ""),
    ],
)
def test_a_query_that_is_not_run_is_one_line(
    query: str, form: str, code: int, says: str, built: Path
) -> None:
    assert says in bad("query", "-e", query, "-f", form, "--release", built, code=code)


def test_a_query_beyond_its_time_ends_with_three(built: Path) -> None:
    slow = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
    assert "was stopped after 0.5 seconds" in bad(
        "query", "-e", slow, "-f", "csv", "--timeout", "0.5", "--release", built, code=3
    )


def test_what_the_graph_does_not_know(built: Path) -> None:
    assert "nothing in the graph is called 'NCT00000000'" in bad("explain", "NCT00000000", "--release", built)
    assert "there is no graph 'nosuch'" in bad("export", "--graph", "nosuch", "--release", built)


# --- disks, pipes, signals, terminals -----------------------------------------------------------------------


@pytest.mark.parametrize("place", ["below-a-file", "in-proc"])
def test_a_place_where_nothing_can_be_written(place: str, tmp_path: Path, built: Path) -> None:
    parent = altered(tmp_path, "a file", "file") if place == "below-a-file" else Path("/proc")
    assert "the release cannot be written" in bad("build", SEED, "-o", parent / "releases")
    assert "cannot be written" in bad("trials", SEED, "-f", "csv", "-o", parent / "trials.csv")
    assert "cannot be written" in bad("export", "--release", built, "-o", parent / "x.ttl")
    assert "cannot be written" in bad("add", SEED / "source.txt", "--seeds", parent / "seeds")


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path, built: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    for arguments in (
        ("build", SEED, "-o", tmp_path / "releases"),
        ("export", "--release", built, "-o", tmp_path / "x.ttl"),
    ):
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)], capture_output=True, cwd=ROOT, env=ENVIRONMENT, timeout=120,
            check=False, preexec_fn=small,
        )  # fmt: skip
        assert done.returncode == 2
        assert os.strerror(errno.EFBIG) in one_line(done.stderr)
    assert [p.name for p in tmp_path.rglob("*")] == ["releases"]


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


def test_ctrl_c_while_a_source_is_read(tmp_path: Path) -> None:
    source = tmp_path / "pipe.txt"
    os.mkfifo(source)
    with subprocess.Popen(
        [*COMMAND, "build", str(source), "-o", str(tmp_path / "releases")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        writer = source.open("wb")  # returns once the build reads from it
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        writer.close()
    assert (process.returncode, out, err) == (130, b"", b"")


def test_ctrl_c_while_a_release_is_written_leaves_the_old_one(tmp_path: Path, built: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    shutil.copytree(built, releases / built.name)
    (releases / "current").symlink_to(built.name)
    path = altered(tmp_path, TEXT.replace("87 (87/0)", "88 (88/0)"))
    with subprocess.Popen(
        [*COMMAND, "build", str(path), "-o", str(releases)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        while process.poll() is None and not list(releases.glob(".building-*")):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert sorted(p.name for p in releases.iterdir()) == sorted(["current", built.name])
    assert good("check", "-h")
    assert os.readlink(releases / "current") == built.name


@pytest.fixture
def serving(built: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--release", str(built)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_serve_prints_its_address_once_it_answers_and_ends_on_ctrl_c(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    address = serving.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.")
    serving.send_signal(signal.SIGINT)
    out, err = serving.communicate(timeout=60)
    assert (serving.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_a_port_in_use_is_one_line(built: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        line = bad("serve", "--port", str(port), "--release", built)
    assert str(port) in line
    assert "--port" in line


def test_cells_keep_their_letters_whatever_the_locale() -> None:
    plain = run("trials", SEED, "-f", "csv")
    for locale in ("C", "POSIX", "nowhere.ISO-8859-1"):
        done = run("trials", SEED, "-f", "csv", LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stdout) == (0, plain.stdout)


def test_quiet_says_nothing_but_errors(built: Path, tmp_path: Path) -> None:
    done = run("-q", "check", "--release", built)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "cannot be read" in one_line(run("-q", "rows", "nowhere", cwd=tmp_path).stderr)


def test_a_trace_only_where_it_is_asked_for(tmp_path: Path) -> None:
    done = run("-vv", "rows", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert b"Traceback" in done.stderr
    assert done.stderr.decode().splitlines()[-1].startswith("trialgraph: nowhere: cannot be read")


def on_terminal(*arguments: str | Path, **environment: str) -> str:
    """What a terminal of a hundred columns is sent, stderr with it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
        env={**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    ) as process:  # fmt: skip
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError as error:
            if error.errno != errno.EIO:  # Linux: the other side has closed
                raise
        finally:
            os.close(ours)
        assert process.wait(timeout=60) == 0
    return b"".join(parts).decode()


def test_colours_on_a_terminal_and_none_where_they_are_not_wanted(built: Path) -> None:
    asked = ("explain", "NCT04170426", "--release", built)
    assert "\x1b[" in on_terminal(*asked)
    assert "⟦" not in on_terminal(*asked)
    plain = on_terminal(*asked, NO_COLOR="1")
    assert "⟦392⟧" in plain
    assert "\x1b[" not in plain


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    shown = on_terminal("build", SEED, "-o", tmp_path / "a")
    assert "writing" in shown
    done = run("build", SEED, "-o", tmp_path / "b")
    assert done.stderr == b""
