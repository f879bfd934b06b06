"""How the dataset and a trial are cited: files that parsers read, under the public address, whatever asks for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rispy  # type: ignore[import-untyped]  # ships no types
from bibtexparser.entrypoint import parse_string
from flask import Flask
from flask.testing import FlaskClient

from tests.html_page import page
from trialgraph.http.site import LIVE
from trialgraph.release.open import Release

PUBLIC = "https://trials.example.org/graph"


@pytest.fixture
def public(
    two_app: Flask, change_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """A client of the application with a public address and a DOI."""
    here = two_app.extensions[LIVE].site
    monkeypatch.setattr(here, "_made", {k: v for k, v in here._made.items() if k != "about"})
    change_settings(public_url=PUBLIC, dataset_doi="https://doi.org/10.5281/zenodo.1")
    return two_app.test_client()


def test_the_dataset_is_cited_with_release_doi_and_address(public: FlaskClient, two_sources: Release) -> None:
    bib = public.get("/dataset.bib")
    library = parse_string(bib.text)
    assert library.failed_blocks == []
    entry = library.entries[0]
    assert entry["url"] == f"{PUBLIC}/dataset"
    assert entry["doi"] == "10.5281/zenodo.1"
    assert two_sources.hash[:12] in entry["version"]
    first = rispy.loads(public.get("/dataset.ris").text)[0]
    assert (first["type_of_reference"], first["doi"], first["urls"]) == (
        "DATA",
        "10.5281/zenodo.1",
        [f"{PUBLIC}/dataset"],
    )
    assert (
        bib.headers["Content-Disposition"] == f"attachment; filename=trialgraph-{two_sources.hash[:12]}.bib"
    )
    shown = page(public, "/dataset")
    assert "https://doi.org/10.5281/zenodo.1" in shown.partition('id="cite"')[2]


def test_a_trial_is_cited_with_the_papers_and_records_behind_it(public: FlaskClient) -> None:
    entries = rispy.loads(public.get("/trial/NCT01741857.ris").text)
    assert entries[0]["urls"] == [f"{PUBLIC}/trial/NCT01741857"]
    assert "NCT01741857" in {entry.get("accession_number") for entry in entries}
    assert "10.4252/wjsc.v17.i7.107202" in {entry.get("doi") for entry in entries}
    unregistered = parse_string(public.get("/trial/wjsc-107202-table1/1.bib").text)
    assert unregistered.entries[0]["url"] == f"{PUBLIC}/trial/wjsc-107202-table1/1"
    assert public.get("/trial/nonsense.bib").status_code == 404


@pytest.mark.parametrize("path", ["/dataset.bib", "/dataset.ris", "/trial/NCT01741857.bib", "/trials.ris"])
def test_no_address_of_this_machine_is_in_a_citation(two_client: FlaskClient, path: str) -> None:
    text = two_client.get(path, headers={"Host": "127.0.0.1:8000"}).text
    assert "127.0.0.1" not in text
    assert "localhost" not in text
    assert "https://w3id.org/trialgraph/" in text
    assert "10.5281" not in text, "without the setting there is no DOI of the dataset"


def test_the_page_of_the_dataset_says_what_each_file_is_for(two_client: FlaskClient) -> None:
    uses = page(two_client, "/dataset").partition('id="use"')[2].partition("</table>")[0]
    for use, file in (
        ("Protégé", "trialgraph-core.ttl"),
        ("GraphDB", "trialgraph.trig"),
        ("Excel", "trials.xlsx"),
    ):
        assert use in uses
        assert f">{file}</a>" in uses
    assert "trialgraph export -f kgx -o" in uses, "made on request, by its command"


def test_a_download_is_saved_under_the_name_of_its_file(two_client: FlaskClient) -> None:
    with two_client.get("/export/trialgraph.trig") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=trialgraph.trig"
