"""The table of trials as files: the same rows, columns and order, as each program reads them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]  # ships no types
from flask.testing import FlaskClient
from openpyxl import load_workbook

from trialgraph.extract.trials_table import COLUMNS, flat_columns
from trialgraph.release.open import Release

EVERY = [column.name for column in flat_columns(["all"])]


def rows_of(client: FlaskClient, asked: str = "") -> list[dict[str, str]]:
    """The rows of the exact CSV, with all columns unless some are asked for."""
    asked = asked if "columns=" in asked else f"columns=all&{asked}"
    text = client.get(f"/trials.csv?cells=exact&{asked}").text
    return list(csv.DictReader(io.StringIO(text)))


def sheet_of(client: FlaskClient, asked: str = "") -> list[tuple[Any, ...]]:
    """The sheet of trials without its first column, their names."""
    book = load_workbook(io.BytesIO(client.get(f"/trials.xlsx?{asked}").data))
    return [row[1:] for row in book["Trials"].iter_rows(values_only=True)]


def test_the_exact_csv_is_the_file_of_the_release(two_client: FlaskClient, two_sources: Release) -> None:
    answer = two_client.get("/trials.csv?cells=exact")
    assert answer.data == two_sources.file("trials.csv").read_bytes(), "the columns that others rely on"
    assert answer.headers["X-Trialgraph-Cells"] == "exact"
    whole = two_client.get("/trials.csv?cells=exact&columns=all")
    assert whole.data == two_sources.file("trials-all.csv").read_bytes()
    assert list(csv.DictReader(io.StringIO(answer.text)).fieldnames or ()) == list(COLUMNS)
    assert two_client.get("/trials", headers={"Accept": "text/csv"}).data == answer.data


def test_the_csv_for_spreadsheets_says_what_it_is(two_client: FlaskClient) -> None:
    answer = two_client.get("/trials.csv?columns=registration_id,phase,outcomes")
    assert answer.data.startswith(b"\xef\xbb\xbfregistration_id,phase,outcomes\r\n")
    assert answer.headers["X-Trialgraph-Cells"] == "safe"
    assert "attachment; filename=trialgraph-trials-" in answer.headers["Content-Disposition"]
    cells = {row[1] for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    assert "Phase 1/2" in cells
    assert not any(cell[:1].isdigit() for cell in cells)


def test_every_format_has_the_same_rows_columns_and_order(two_client: FlaskClient) -> None:
    asked = "donor=autologous&sort=-n_total&columns=registration_id,n_total,dose,outcomes"
    names = [
        "registration_id",
        "n_total",
        "dose_low",
        "dose_high",
        "dose_levels",
        "dose_unit",
        "combined_with",
        "outcomes",
    ]
    exact = rows_of(two_client, asked)
    assert list(exact[0]) == names
    totals = [int(row["n_total"]) for row in exact if row["n_total"]]
    assert totals == sorted(totals, reverse=True)
    assert len(exact) > 3
    records = json.loads(two_client.get(f"/trials.json?{asked}").text)
    assert [list(record)[2:] for record in records] == [names] * len(exact)
    assert [record["registration_id"] or "" for record in records] == [
        row["registration_id"] for row in exact
    ]
    head, *sheet = sheet_of(two_client, asked)
    assert head[:3] == ("Registry id", "Patients", "Lowest dose")
    assert [[str(cell if cell is not None else "") for cell in row] for row in sheet] == [
        list(row.values()) for row in exact
    ]


def test_those_without_a_value_stand_last_either_way(two_client: FlaskClient) -> None:
    for sort in (
        "phase",
        "-phase",
        "n_control",
        "-n_control",
        "start_date",
        "dose",
        "-dose",
        "-cells",
        "trial",
        "reference",
    ):
        name = {"dose": "dose_unit", "trial": "source", "cells": "tissue_sources"}.get(
            sort.removeprefix("-"), sort.removeprefix("-")
        )
        stated = [bool(row[name]) for row in rows_of(two_client, f"sort={sort}")]
        assert stated == sorted(stated, reverse=True), sort


def test_a_workbook_has_types_links_and_where_it_comes_from(
    two_client: FlaskClient, two_sources: Release
) -> None:
    book = load_workbook(io.BytesIO(two_client.get("/trials.xlsx?disease=MONDO:0005301").data))
    sheet = book["Trials"]
    head = [cell.value for cell in sheet[1]]
    assert len(head) == 1 + len(EVERY)
    assert sheet["B1"].comment.text.startswith("source: ")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert all(
        row[0].hyperlink.target.startswith("https://w3id.org/trialgraph/trial/")
        for row in sheet.iter_rows(min_row=2)
    )
    assert all(isinstance(row[head.index("Patients")].value, int) for row in sheet.iter_rows(min_row=2))
    assert "1/2" in {row[head.index("Phase")].value for row in sheet.iter_rows(min_row=2)}
    told = "\n".join(
        str(cell)
        for row in book["Provenance and licence"].iter_rows(values_only=True)
        for cell in row
        if cell
    )
    assert two_sources.hash in told
    assert "10.4252/wjsc.v17.i7.107202" in told
    assert "https://creativecommons.org/licenses/by-nc/4.0/" in told
    assert "https://w3id.org/trialgraph/trials?disease=MONDO:0005301" in told
    assert "127.0.0.1" not in told
    assert "localhost" not in told


def test_references_are_read_by_a_reference_manager(two_client: FlaskClient) -> None:
    entries = rispy.loads(two_client.get("/trials.ris?donor=autologous").text)
    kinds = {entry["type_of_reference"] for entry in entries}
    assert kinds >= {"JOUR", "DATA"}
    records = {entry["accession_number"] for entry in entries if "accession_number" in entry}
    assert records == {
        i for row in rows_of(two_client, "donor=autologous") for i in row["registration_ids"].split("|") if i
    }
    assert all(entry["urls"] for entry in entries)
    assert {"10.4252/wjsc.v17.i7.107202"} <= {entry.get("doi") for entry in entries}
    rows = rows_of(two_client, "donor=autologous")
    cited = {f"{row['source']}-ref-{row['reference']}" for row in rows if row["reference"]}
    assert {entry["id"] for entry in entries if "-ref-" in entry["id"]} == cited


def test_an_answer_that_one_has_is_not_sent_again(two_client: FlaskClient) -> None:
    for suffix in ("csv", "json", "xlsx", "ris"):
        tag = two_client.get(f"/trials.{suffix}?sort=trial").headers["ETag"]
        again = two_client.get(f"/trials.{suffix}?sort=trial", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert two_client.get(f"/trials.{suffix}", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("suffix", ["ods", "xls", "nonsense"])
def test_a_format_that_is_none_is_not_found(two_client: FlaskClient, suffix: str) -> None:
    assert two_client.get(f"/trials.{suffix}").status_code == 404
