"""The figures of a release: pictures of its rows and no others, left out or drawn again where something is wrong."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from trialgraph.base.errors import WorkerFailed
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.rdf.formats import FORMATS
from trialgraph.release.figures import prepared
from trialgraph.release.figures.figure import FIGURES, Drawn, Figure, Row, request_of
from trialgraph.release.figures.prepared import (
    FOLDER,
    drawn_before,
    figures_fault,
    links_of,
    write_figures,
)
from trialgraph.release.lists.facets import NONE
from trialgraph.release.open import Release, open_release

MAP, DOSES, PHASES, OUTCOMES = FIGURES
KNOWN = {"disease": {"http://x.org/d"}, "tissue": {"http://x.org/t"}, "phase": {"1"}, "results": {"r"}}


@pytest.fixture
def copy(two_sources: Release, tmp_path: Path) -> Release:
    """A release whose files may be spoilt."""
    place = tmp_path / two_sources.path.name
    shutil.copytree(two_sources.path, place, copy_function=shutil.copy)
    return open_release(place, Settings())


def answer(folder: Path, figure: Figure, rows: list[Row]) -> None:
    """Write the prepared answer to the question of a figure."""
    (folder / "answers").mkdir(exist_ok=True)
    names = list(rows[0]) if rows else ["trials"]
    bindings = [{n: {"type": "literal", "value": v} for n, v in row.items() if v} for row in rows]
    content = {"head": {"vars": names}, "results": {"bindings": bindings}}
    path = folder / "answers" / f"{figure.question}.{FORMATS['json'].suffix}"
    path.write_text(json.dumps(content), encoding="utf-8")


def phases(*labels: str) -> list[Row]:
    return [
        {"phase": "1", "phaseLabel": one, "status": "", "statusLabel": "none", "trials": "2"}
        for one in labels
    ]


def test_a_built_release_has_a_picture_of_the_rows_of_each_figure(two_sources: Release) -> None:
    digests = two_sources.manifest[FOLDER]
    assert len(digests) == 3 * len(FIGURES) + 1
    assert set(digests) == {path.name for path in (two_sources.path / FOLDER).iterdir()}
    assert figures_fault(two_sources) == ""


def test_links_name_what_is_known_and_what_is_not_stated() -> None:
    row = {"disease": "http://x.org/d", "tissue": "http://x.org/other"}
    [link] = links_of(MAP, [row], KNOWN)
    assert urlsplit(link).path == "/trials"
    assert parse_qs(urlsplit(link).query) == {"disease": ["http://x.org/d"], "tissue": [NONE]}
    trial = {"trial": "https://w3id.org/trialgraph/trial/NCT1"}
    assert links_of(DOSES, [trial], KNOWN) == ["/trial/NCT1"]


def test_a_picture_is_of_its_rows_and_of_no_others(copy: Release) -> None:
    rows = json.loads((copy.path / "answers" / f"{PHASES.question}.json").read_text(encoding="utf-8"))
    table = [
        {name: one.get(name, {}).get("value", "") for name in rows["head"]["vars"]}
        for one in rows["results"]["bindings"]
    ]
    links = links_of(PHASES, table, {f: {row[c] for row in table} for f, c in PHASES.facets.items()})
    # whatever the facets know, the rows alone tell one picture from another
    index = json.loads((copy.path / FOLDER / "index.json").read_text(encoding="utf-8"))
    other = request_of(PHASES, table[1:], links[1:])
    assert drawn_before(copy, PHASES, other) is None
    assert set(index) == {figure.slug for figure in FIGURES}


def test_pictures_are_found_until_a_byte_of_them_changes(
    tmp_path: Path, copy: Release, caplog: pytest.LogCaptureFixture
) -> None:
    rows = phases("Phase 1", "Phase 2")
    answer(tmp_path, PHASES, rows)
    digests = write_figures(tmp_path, KNOWN, DEFAULTS)
    assert set(digests) == {"phases.svg", "phases.narrow.svg", "phases.png", "index.json"}
    shutil.rmtree(copy.path / FOLDER)
    shutil.copytree(tmp_path / FOLDER, copy.path / FOLDER)
    copy = replace(copy, manifest={**copy.manifest, FOLDER: digests})
    wanted = request_of(PHASES, rows, links_of(PHASES, rows, KNOWN))
    found = drawn_before(copy, PHASES, wanted)
    assert found is not None
    assert found.svg == (tmp_path / FOLDER / "phases.svg").read_text(encoding="utf-8")
    assert found.png.startswith(b"\x89PNG")
    assert drawn_before(copy, PHASES, wanted.replace("Phase 2", "Phase 3")) is None
    assert drawn_before(copy, MAP, wanted) is None
    for name in digests:
        whole = (copy.path / FOLDER / name).read_bytes()
        (copy.path / FOLDER / name).write_bytes(whole.replace(b"e", b"f", 1))
        with caplog.at_level(logging.WARNING):
            assert drawn_before(copy, PHASES, wanted) is None
        assert name in caplog.text
        assert figures_fault(copy) == f"its file {name} is not as it was written"
        (copy.path / FOLDER / name).unlink()
        assert drawn_before(copy, PHASES, wanted) is None
        assert figures_fault(copy) == f"its file {name} is missing"
        (copy.path / FOLDER / name).write_bytes(whole)


def test_one_that_cannot_be_drawn_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def draw(requests: list[str], _seconds: float) -> list[Drawn]:
        if any('"chart": "phases"' in request for request in requests):
            raise WorkerFailed("it is broken")
        return [Drawn("<svg/>", "<svg/>", b"") for _ in requests]

    monkeypatch.setattr(prepared, "draw_figures", draw)
    answer(tmp_path, PHASES, phases("Phase 1"))
    answer(
        tmp_path,
        MAP,
        [
            {
                "diseaseLabel": "d",
                "tissueLabel": "t",
                "disease": "",
                "tissue": "",
                "trials": "1",
                "patients": "2",
            }
        ],
    )
    with caplog.at_level(logging.WARNING):
        assert "phases.svg" not in write_figures(tmp_path, KNOWN, DEFAULTS)
    assert "phases" in caplog.text
    assert (tmp_path / FOLDER / "evidence-map.svg").is_file()


@pytest.mark.parametrize("labels", [[], ["a", "b", "c"]])
def test_nothing_is_drawn_of_no_rows_or_of_too_many(tmp_path: Path, labels: list[str]) -> None:
    answer(tmp_path, PHASES, phases(*labels))
    assert write_figures(tmp_path, KNOWN, Settings(figure_marks=2)) == {}
    assert not (tmp_path / FOLDER).exists()
