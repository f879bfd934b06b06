"""JATS XML: label, caption, notes and marks, the CALS table model, hostile XML."""

from __future__ import annotations

import pytest

from tests.extract.grids.made_files import beside, grids, texts
from trialgraph.base.errors import InputError

WRAP = (
    '<article xmlns:xlink="x"><body><table-wrap id="T1"><label>Table 1</label><caption><title>Trials.</title><p>More.</p></caption>'  # noqa: E501 - markup as it is written
    '<alternatives><graphic xlink:href="a.gif"/><table><thead><tr><th rowspan="2">A</th><th colspan="2">B</th></tr>'
    "<tr><th>b1</th><th>b2</th></tr></thead><tbody><tr>"
    '<td>1<xref ref-type="table-fn" rid="f1"><sup>1</sup></xref></td><td>Smith <xref ref-type="bibr">12</xref>&nbsp;x</td>'  # noqa: E501 - markup as it is written
    '<td>10<sup>&#8722;9</sup></td></tr></tbody></table></alternatives><table-wrap-foot><fn id="f1"><label>1</label>'
    "<p>Planned.</p></fn></table-wrap-foot></table-wrap></body></article>"
)
DOCTYPE = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2 20190208//EN" "JATS-archivearticle1.dtd">'


@pytest.mark.parametrize("before", ["", '<?xml version="1.0" encoding="UTF-8"?>\n' + DOCTYPE])
def test_a_table_with_label_caption_notes_and_marks(before: str) -> None:
    (grid,) = grids(before + WRAP)
    assert texts(grid) == [["A", "B", "B"], ["A", "b1", "b2"], ["1", "Smith 12 x", "10⁻⁹"]]
    assert grid.rows[2].cells[0].marks == ("1",)
    assert beside(grid) == [
        ("label", "Table 1", ()),
        ("caption", "Trials.", ()),
        ("caption", "More.", ()),
        ("footnote", "Planned.", ("1",)),
    ]
    assert grid.rows[2].cells[1].address.value == "/article/body/table-wrap/alternatives/table/tbody/tr/td[2]"


def test_a_cals_table() -> None:
    o = "oasis:"
    specs = "".join(f'<{o}colspec colnum="{n}" colname="c{n}"/>' for n in (1, 2, 3))
    (grid,) = grids(
        f'<article xmlns:oasis="urn:x"><table-wrap><{o}table><{o}tgroup cols="3">{specs}<{o}thead><{o}row>'
        f'<{o}entry morerows="1">A</{o}entry><{o}entry namest="c2" nameend="c3">B</{o}entry></{o}row>'
        f"<{o}row><{o}entry>b</{o}entry><{o}entry>c</{o}entry></{o}row></{o}thead><{o}tbody>"
        f'<{o}row><{o}entry>1</{o}entry><{o}entry colname="c3">3</{o}entry></{o}row></{o}tbody></{o}tgroup></{o}table>'
        "</table-wrap></article>"
    )
    assert texts(grid) == [["A", "B", "B"], ["A", "b", "c"], ["1", "", "3"]]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('<!DOCTYPE article [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + WRAP, "declares entities"),
        ('<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + WRAP, "declares entities"),
        ('<!DOCTYPE article [<!ENTITY % a SYSTEM "x"> %a;]>' + WRAP, "declares entities"),
        (WRAP[:-30], "not well-formed XML"),
        ("<article><table-wrap>" + "<p>" * 5_000, "Excessive depth"),
        (
            "<article><table-wrap><label>Table 3</label><graphic/></table-wrap></article>",
            "Table 3 is given as an image",
        ),
    ],
)
def test_hostile_files_are_one_clear_line(data: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        grids(data)
    assert says in error.value.line()
