"""HTML as publishers write it: spans, marks, lists, captions and notes, layout tables, hostile pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.grids.made_files import beside, grids, texts
from trialgraph.base.errors import InputError


def test_spans_lists_raised_characters_and_entities() -> None:
    (grid,) = grids(
        "<table><caption>Table 2: trials</caption><thead><tr><th rowspan=2>A<th colspan=2>B<tr><th>b1<th>b2</thead>"
        "<tr><td>x<sup>a</sup><td>1 &times; 10<sup>6</sup><td>CD34<sup>+</sup> &nbsp;z"
        "<tr><td>Smith<sup>12</sup><td>m<sup>2</sup><td><ul><li>q<li>r</ul></table><p><sup>a</sup> one. <sup>b</sup> two</p>"  # noqa: E501 - markup as it is written
    )
    assert texts(grid) == [
        ["A", "B", "B"],
        ["A", "b1", "b2"],
        ["x", "1 × 10⁶", "CD34⁺ z"],
        ["Smith¹²", "m²", "q\nr"],
    ]
    assert grid.rows[2].cells[0].marks == ("a",)
    assert grid.rows[3].cells[2].address.value == "/html/body/table/tr[2]/td[3]"
    assert beside(grid)[2:] == [("footnote", "one.", ("a",)), ("footnote", "two", ("b",))]


@pytest.mark.parametrize(
    "page",
    [
        # As PMC, MDPI, Elsevier and Wiley wrap a table.
        '<section class="tw xbox" id="T1"><h4 class="obj_head">Table 1.</h4><div class="caption p"><p>Trials.</p></div>'
        '<div class="tbl-box p">{}</div><div class="p"><a href="#">Open in a new tab</a></div>'
        '<div class="tw-foot p"><div class="fn"><p><sup>a</sup> Planned.</p></div></div></section>',
        '<div class="html-table-wrap" id="t1"><div class="html-table_wrap_discription"><b>Table 1.</b> Trials.</div></div>'  # noqa: E501 - markup as it is written
        '<div class="html-table_show mfp-hide" id="table_body_display" style="display:none"><div class="html-caption"><b>Table 1.</b> Trials.</div>'  # noqa: E501 - markup as it is written
        '{}<div class="html-table_foot html-p"><sup>a</sup> Planned.</div></div>',
        '<div class="tables" id="t1"><span class="captions"><span><p><span class="label">Table 1</span>. Trials.</p></span></span>'  # noqa: E501 - markup as it is written
        '<div class="groups">{}</div><dl class="footnotes"><dt><sup>a</sup></dt><dd>Planned.</dd></dl></div>',
        '<div class="article-table-content"><header class="article-table-caption"><span>Table 1. </span>Trials.</header>'  # noqa: E501 - markup as it is written
        '<div class="wrapper">{}</div><div class="footnotes"><ul><li><sup>a</sup> Planned.</li></ul></div></div>',
        "<p>Text.</p><p><b>Table 1.</b> Trials.</p>{}<p><sup>a</sup> Planned.</p><p>More text of the article.</p>",
    ],
)  # fmt: skip
def test_captions_and_notes_of_publishers(page: str) -> None:
    table = "<table><tr><th>Trial<th>N<tr><td>A<td>12<sup>a</sup></table>"
    (grid,) = grids(f"<html><body><main><h1>T</h1>{page.format(table)}<p>More.</p></main></body></html>")
    assert beside(grid) == [
        ("label", "Table 1", ()),
        ("caption", "Trials.", ()),
        ("footnote", "Planned.", ("a",)),
    ]
    assert (grid.rows[1].cells[1].text, grid.rows[1].cells[1].marks) == ("12", ("a",))


def test_layout_tables_are_none_and_a_table_in_a_cell_is_its_text() -> None:
    data = "<table><tr><td>Trial<td>N<tr><td>A<td>1</table>"
    assert len(grids(f"<table><tr><td>menu</td><td>{data}</td></tr></table>")) == 1
    (grid,) = grids(
        "<table><tr><td>a long text of a cell<td>another long text<tr><td><table><tr><td>x<td>y</table><td>z</table>"
    )
    assert texts(grid)[1] == ["x y", "z"]


def test_hidden_text_is_left_out_and_said() -> None:
    (grid,) = grids('<table><tr><td>A<td>1<span style="display: none">secret</span><tr><td>B<td>2</table>')
    assert texts(grid)[0] == ["A", "1"]
    assert "secret" in grid.remarks[0]


def test_the_encoding_is_the_declared_one() -> None:
    page = '<meta charset="windows-1251"><table><tr><td>Фаза<td>1<tr><td>Б<td>2</table>'
    assert texts(grids(page.encode("cp1251"))[0])[0] == ["Фаза", "1"]


def test_row_groups_end_spans_and_overlapping_cells_keep_their_place() -> None:
    (grid,) = grids(
        "<table><tbody><tr><td rowspan=0>a<td>b<tr><td>c</tbody><tbody><tr><td>d<td rowspan=9>e<tr><td colspan=2>f</tbody></table>"  # noqa: E501 - markup as it is written
    )
    assert texts(grid) == [["a", "b"], ["a", "c"], ["d", "e"], ["f", "e"]]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_any_spans_make_rows_of_one_length_and_lose_no_cell(spans: list[tuple[int, int]]) -> None:
    rows = [spans[at : at + 3] for at in range(0, len(spans), 3)]
    cells = [
        "".join(f"<td rowspan={r} colspan={c}>x{n}.{k}</td>" for k, (r, c) in enumerate(row))
        for n, row in enumerate(rows)
    ]
    (grid,) = grids("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    assert len({len(row.cells) for row in grid.rows}) == 1
    found = {cell.text for row in grid.rows for cell in row.cells}
    assert {f"x{n}.{k}" for n, row in enumerate(rows) for k in range(len(row))} <= found


def test_spans_beyond_the_table_are_cut() -> None:
    (grid,) = grids("<table><tr><td rowspan=1000000000 colspan=1000000000>a<td>b<tr><td>c</table>")
    assert texts(grid) == [["a", "b"], ["a", "c"]] or len(grid.rows[0].cells) <= 3


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<div>" * 5_000 + "<table><tr><td>a<td>b</table>", "nested too deep"),
        ("<table><tr>" + "<td>a" * 3_000 + "</table>", "a row of 3000 cells, more than 1000"),
        ("<table>" + "<tr><td colspan=1000>x<td>y</tr>" * 5_000 + "</table>", "more than 4000000 cells"),
        ("<table><tr><td>a<td>b</table>" * 1_500, "more than 1000 tables"),
        ("<table><tr><td>a\0<td>b</table>", "file:1:17: a NUL byte"),
        ("<html><body><p>no table here</p></body></html>", "no table in it"),
    ],
)
def test_hostile_pages_are_one_clear_line(page: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        grids(page)
    assert says in error.value.line()
