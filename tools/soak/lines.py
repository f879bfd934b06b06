"""Broken lines of tables through the readers: ``python -m tools.soak.lines 50000``.

Lines of the seed and lines made from known cells are spoilt: cells dropped, doubled, merged, exchanged; characters of
other scripts and directions, control characters, bytes that are no UTF-8; numbers and names grown beyond sense. What
comes out is a graph or one of the project's errors, every offset lies in the text, and no line takes more than its
share of time.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.extract.segmentation.lines import HEADINGS, cells
from tools.soak.report import Report, finish
from trialgraph.base.errors import TrialgraphError
from trialgraph.graph.quads import quads
from trialgraph.pipeline import Read, read_all
from trialgraph.terminology.lexicon import lexicon

__all__ = ["main", "table"]

SEED: Final = Path(__file__).parents[2] / "seeds" / "wjsc-107202-table1" / "source.txt"
ROWS: Final = 20
#: A line that takes longer than this is a fault whatever the machine does beside it, in seconds.
LONGEST: Final = 20.0
ODD: Final = (
    *(
        "\u202e",
        "\u200f",
        "\u2066",
        "\ufeff",
        "\u200b",
        "\u0301",
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x85",
        "\u2028",
        "\t",
        "\r",
    ),
    *(
        "٣",
        "０４",
        "Ⅳ",
        "𝟚",
        "ⅠⅠ",
        "²",
        "½",
        "µ",
        "β",
        "–",
        "—",
        "−",
        "×",
        "·",
        "…",
        "’",
        "«",
        "😀",
        "é",
        "N\u0421T",
        "ＮＣＴ",
    ),
    *(
        "((",
        "))",
        "[",
        "]",
        "/",
        "//",
        ",",
        ";",
        "|",
        "||",
        '"',
        "'",
        "<script>",
        "&amp;",
        "{}",
        "=1+1",
        "\\",
        "%s",
        "{0}",
    ),
    *(
        "9" * 400,
        "1e999",
        "10^99",
        "0/0",
        "-1",
        "1 × 10",
        "10⁹⁹⁹",
        "00000",
        "NCT",
        "NCT0417042",
        "NCT041704260",
        "[0]",
    ),
    *(
        "Phase",
        "Phase I",
        "IIIII",
        "/I",
        "MSCs",
        "a" * 300,
        "IV or " * 30,
        "cells/kg, " * 30,
        "and " * 100,
        "( " * 200,
    ),
    *("(39/", "months", "months " * 50, "SLE", "SLE, " * 60, "increased", "no ", "not ", "- ", "-", "N/A"),
)


def _known() -> list[str]:
    """The rows of the seed."""
    return [line for line in SEED.read_text(encoding="utf-8").split("\n")[16:] if line.strip()]


def _spoilt(parts: Sequence[str], choose: random.Random) -> str:
    """A line of which something is wrong."""
    made = list(parts)
    for _ in range(choose.choice((1, 1, 2, 4))):
        at = choose.randrange(len(made))
        what = choose.randrange(6)
        piece = made[at]
        cut = choose.randrange(len(piece) + 1)
        if what == 0:
            made[at] = ""
        elif what == 1:
            made[at] = piece * choose.randint(2, 12)
        elif what == 2:
            made[at] = piece[:cut] + choose.choice(ODD) + piece[cut:]
        elif what == 3:
            made[at] = piece[:cut] + piece[cut + choose.randint(1, 5) :]
        elif what == 4:
            other = choose.randrange(len(made))
            made[at], made[other] = made[other], made[at]
        else:
            made[at] = choose.choice(ODD) * choose.randint(1, 3)
    return "".join(made).replace("\n", " ")


def table(choose: random.Random, rows: int) -> bytes:
    """Headings and some spoilt rows under them: one table in ten has all columns, the others a few in any order."""
    whole = choose.random() < 0.1
    fields = list(HEADINGS) if whole else choose.sample(list(HEADINGS), choose.randint(2, 6))
    known = _known()
    made = []
    for _ in range(rows):
        if whole and choose.random() < 0.5:
            line = choose.choice(known)
            cuts = sorted(choose.randrange(len(line) + 1) for _ in range(6))
            parts = [line[a:b] for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
        else:
            built = cells(choose)
            parts = [built[field] for field in fields]
        made.append(_spoilt(parts, choose))
    data = "\n".join(["Table", *(HEADINGS[field] for field in fields), *made]).encode(
        "utf-8", "surrogatepass"
    )
    if choose.random() < 0.02:
        at = choose.randrange(len(data))
        data = data[:at] + bytes([choose.randrange(128, 256)]) + data[at:]
    return data


_NO_BREAKS: Final = str.maketrans("", "", "\r\n")


def _judge(read: Read, report: Report) -> None:
    """Every offset within the text, every verbatim text where it says it is, every line whole."""
    text = read.source.text
    report.counts["rows read"] += len(read.table.rows)
    report.counts["rows kept unread, with the reason"] += len(read.table.unread)
    for row in read.table.rows:
        line = text[row.cells[0].start : row.cells[-1].end]
        # A row may be broken over lines; a line break between two cells is part of neither.
        if "".join(c.text or "" for c in row.cells).translate(_NO_BREAKS) != line.translate(_NO_BREAKS):
            report.fault("cells that are not their line", repr(line[:200]))
        for cell in row.cells:
            if text[cell.start : cell.end] != (cell.text or "") or not 0 <= cell.start <= cell.end <= len(
                text
            ):
                report.fault("a cell that is not its text", repr(line[:200]))
    for made in read.reports:
        for reading in made.readings:
            report.counts["readings"] += 1
            if (
                not 0 <= reading.start <= reading.end <= len(text)
                or text[reading.start : reading.end] != reading.verbatim
            ):
                report.fault("a reading that is not its text", repr((reading.name, reading.verbatim[:100])))


def _one(path: Path, report: Report, *, stated: bool) -> None:
    """One table to reports, and to a graph where it is to be stated."""
    try:
        (read,) = read_all([path])
        _judge(read, report)
        if stated:
            report.counts["triples"] += len(quads(read.reports, [read.source], lexicon(), [read.table]))
    except TrialgraphError as error:
        report.counts["tables refused whole, with the reason"] += 1
        if len(error.line().splitlines()) != 1:
            report.fault("an error of several lines", error.line())
    except RecursionError as error:
        report.fault("RecursionError", repr(error))
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        report.fault(f"{type(error).__name__} in {frame.name}", f"{error} {path.read_bytes()!r}")


def _growth(folder: Path) -> float:
    """How much longer a table takes that has twice the rows; the best of three."""
    known = _known()

    def seconds(times: int) -> float:
        (folder / "long.txt").write_text("\n".join([*HEADINGS.values(), *(known * times)]))
        best = 1e9
        for _ in range(3):
            began = time.process_time()
            read_all([folder / "long.txt"])
            best = min(best, time.process_time() - began)
        return best

    seconds(1)  # what is made once is made now
    return seconds(2) / seconds(1)


def main(count: int, seed: int = 1, *, measure: bool = True) -> Report:
    """Read ``count`` spoilt lines.

    :param measure: whether to compare the time of a table with that of one with twice the rows
    """
    report = Report("spoilt rows")
    report.counts["spoilt rows"] = count
    choose = random.Random(seed)  # noqa: S311 - to be repeated
    began, slowest = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "spoilt.txt"
        for number in range(-(-count // ROWS)):
            path.write_bytes(table(choose, ROWS))
            start = time.process_time()
            _one(path, report, stated=number % 10 == 0)
            slowest = max(slowest, time.process_time() - start)
        if slowest > LONGEST:
            report.fault("slow", f"{slowest:.1f} s for {ROWS} rows")
        if measure:
            growth = _growth(Path(home))
            report.peak("times as long for a table with twice the rows", growth)
            if growth > 2.5:
                report.fault("time grows faster than the table", f"{growth:.2f} times")
    report.peak(f"slowest table of {ROWS} rows, seconds of processor time", slowest)
    report.counts["seconds of the run"] = round(time.monotonic() - began)
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1]), *(map(int, sys.argv[2:]))))
