"""What is written of figures: tables, targets with their verdicts, and the section of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench.docs import BEGIN, END, PAGE, keep, kept, with_section
from benchmarks.bench.peers import COMUNICA, OURS, OXIGRAPH, RDFLIB, VIRTUOSO
from benchmarks.bench.tables import page, table
from benchmarks.bench.targets import targets


def figures(cpu: float, rate: float, **more: Any) -> dict[str, Any]:
    made = {"cpu": cpu, "rate": rate, "p50": 2.0, "p95": 3.0, "p99": 4.0, "first_byte": 1.0, "slowest": 5.0}
    return made | {"requests": 100, "refused": 0, "failures": 0, "generator": 0.1, "bytes": 10.0} | more


def run(reports: int = 21, **parts: Any) -> dict[str, Any]:
    about = {"date": "2026-11-29", "machine": "x86_64", "cores": 2, "python": "3.11.7", "load before": 0.1}
    about |= {"reports": reports, "triples": 1000, "rounds": 3, "seconds": 1.0, "minutes": 5.0}
    names = (OURS, OXIGRAPH, VIRTUOSO, RDFLIB)
    return {
        "about": about,
        "versions": dict.fromkeys(names, "1.0"),
        "left out": {COMUNICA: "cannot be installed: node and npm are not there"},
        "faults": [],
        "loading": {OXIGRAPH: 0.5},
        "memory": {"after the start": {}, "after the work": {}},
        "files": {"store": 5_000_000, "trials.csv": 10},
    } | parts


def verdicts(*runs: dict[str, Any]) -> dict[str, bool | None]:
    made = targets(runs)
    assert len({(t.text, t.reports) for t in made}) == len(made)
    return {f"{t.text} @ {t.reports}": t.holds for t in made}


def test_a_cell_cannot_break_the_table() -> None:
    assert table(("a", "b"), [("x | y", "two\nlines")]) == "| a | b |\n|---|---:|\n| x \\| y | two lines |"


def test_every_figure_is_in_its_cell_and_what_is_no_equal_answer_is_marked() -> None:
    lookup = {
        OURS: figures(1.5, 900),
        OXIGRAPH: figures(0.05, 25_000, generator=0.97),
        VIRTUOSO: figures(3, 400, answer="the same rows, 3 more repeated"),
        RDFLIB: {"failed": "HTTP 500"},
    }
    memory = {"after the start": {OURS: 121.0}, "after the work": {OURS: 601.0}}
    text = page([run(queries={"lookup": lookup}, memory=memory)])
    assert "| lookup | 1.50 | 0.050 (0.033 ×) | 3.00 (2.00 ×) ≠ | HTTP 500 |" in text
    assert "| lookup | 900 | ≥ 25,000 | 400 ≠ | HTTP 500 |" in text
    assert "≠ marks another answer than ours: Virtuoso, lookup: the same rows, 3 more repeated." in text
    assert "Left out: Comunica (cannot be installed: node and npm are not there)." in text
    assert "| Oxigraph | 0.500 | – | – | – |" in text
    assert "| trialgraph | – | – | 121 | 601 |" in text
    assert "| memory of all processes at most 600 MB | 21 | 601 MB | does not hold |" in text


def test_refusals_and_failures_are_in_the_table() -> None:
    waiting = {"64": {OURS: figures(1, 100, refused=0.39), OXIGRAPH: figures(1, 100, failures=0.5)}}
    text = page([run(waiting=waiting)])
    assert "| 64 | 2.00 / 3.00 / 4.00, 39 % refused | 2.00 / 3.00 / 4.00, 50 % failed |" in text
    assert verdicts(run(waiting=waiting))["64 clients of one address: none refused @ 21"] is False


@pytest.mark.parametrize(
    ("native", "ours", "holds"), [(0.05, 1.05, True), (0.05, 1.06, False), (2.9, 3.8, True)]
)
def test_a_short_query_may_cost_a_millisecond_more(native: float, ours: float, holds: bool) -> None:
    queries = {"join": {OURS: figures(ours, 1), OXIGRAPH: figures(native, 1)}}
    assert verdicts(run(queries=queries)) == {"join: CPU at most native + 1.0 ms @ 21": holds}


@pytest.mark.parametrize(("native", "ours", "holds"), [(20, 23, True), (20, 23.1, False), (5, 50, None)])
def test_a_long_query_may_cost_so_many_percent_more(native: float, ours: float, holds: bool | None) -> None:
    assert list(
        verdicts(run(queries={"scan": {OURS: figures(ours, 1), OXIGRAPH: figures(native, 1)}})).values()
    ) == [holds]


@pytest.mark.parametrize(
    ("rate", "generator", "holds"), [(5000, 0.95, True), (4990, 0.95, None), (4990, 0.5, False)]
)
def test_a_rate_that_the_generator_limits_has_no_verdict(
    rate: float, generator: float, holds: bool | None
) -> None:
    row = "saved query, behind nginx"
    cached = {"nginx and trialgraph": figures(0.02, rate, generator=generator)}
    repeated = {row: cached, "bare Flask": {"bare Flask": figures(0.2, 1000)}}
    assert list(verdicts(run(repeated=repeated)).values()) == [holds]


def test_what_was_not_measured_or_failed_has_no_verdict() -> None:
    assert verdicts(run()) == {}
    failed = {"failed": "HTTP 500"}
    parts: dict[str, Any] = {
        "queries": {"ask": {OURS: failed, OXIGRAPH: figures(1, 1)}},
        "build": failed,
        "pages": {"home": failed},
    }
    assert verdicts(run(**parts)) == {
        "page, home: it answers @ 21": False,
        "build: it succeeds @ 21": False,
        "ask: it is answered @ 21": False,
    }


def test_builds_of_two_sizes_are_linear_or_not() -> None:
    def built(reports: int, cpu: float) -> dict[str, Any]:
        return run(reports, build={"cpu": cpu, "wall": cpu, "peak": 1999.0, "rate": reports / cpu})

    name = "build: CPU for each report at most 1.1 × that at 2,100 reports @ 21000"
    assert verdicts(built(2100, 50), built(21, 6), built(21000, 550))[name] is True
    slow = verdicts(built(2100, 50), built(21000, 560))
    assert slow[name] is False
    assert slow["build: at least 40 reports a CPU second @ 2100"] is True
    assert slow["build: at least 40 reports a CPU second @ 21000"] is False


def test_saved_queries_beside_virtuoso() -> None:
    fast, slow = figures(1, 1, first=10.0), figures(1, 1, first=10.0, p50=2.5)
    saved = {
        "one": {OURS: fast, VIRTUOSO: slow},
        "two": {OURS: slow, VIRTUOSO: fast},
        "three": {OURS: {"failed": "HTTP 503", "first": 30_000.0}, VIRTUOSO: fast},
    }
    made = {t.text: t for t in targets([run(2100, saved=saved)])}
    assert made["saved queries: none fails"].measured == "1 of 3 fail: three"
    virtuoso = made["saved queries: median at most that of Virtuoso"]
    assert (virtuoso.measured, virtuoso.holds) == ("2 of 3 slower: two, three", False)
    assert "| three | HTTP 503 | – | – | 2.00 |" in page([run(2100, saved=saved)])


def test_the_section_is_replaced_and_nothing_else() -> None:
    text = f"before\n{BEGIN}\nfigures of last year\n{END}\nafter\n"
    once = with_section(text, [run()])
    assert once.startswith(f"before\n{BEGIN}\n\n### Targets")
    assert once.endswith(f"{END}\nafter\n")
    assert "last year" not in once
    assert with_section(once, [run()]) == once
    for broken in ("", BEGIN, f"{END}{BEGIN}"):
        with pytest.raises(ValueError, match="no section"):
            with_section(broken, [run()])


def test_a_run_replaces_the_one_of_its_size(tmp_path: Path) -> None:
    for one in (run(21), run(2100), run(21, faults=["x"])):
        keep(one, tmp_path)
    assert [(one["about"]["reports"], one["faults"]) for one in kept(tmp_path)] == [(21, ["x"]), (2100, [])]


def test_the_page_shows_the_figures_that_are_kept() -> None:
    """``make bench ARGS=--docs`` writes both."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_section(text, kept()) == text
