"""Cell source: the cell products of a trial, as cell type, tissue, donor and product code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.columns.cell_source.products import read_products
from trialgraph.extract.columns.cell_source.several_columns import read_all_products
from trialgraph.extract.product_statements import product_triples, product_wording
from trialgraph.extract.text.fit import blank_weight, whole_cell
from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Product
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import external_curie, lexicon

__all__ = ["COLUMN", "read_products"]

_SOURCE_ITEM: Final = (
    r"(?:[\w'’\- ]{0,60}?(?:MSCs?|SCs?|MSC|MNCs?|[Ss]tem cells?|[Ss]tromal cells?|[Cc]ells))"
)
_CODE_IN_PARENTHESES: Final = r"\([A-Za-z][\w®™\- ]{1,25}\)"
_SOURCE_CELL: Final = re.compile(
    rf"{_SOURCE_ITEM}(?:(?:, ?| and |/| or |\+ ?){_SOURCE_ITEM}){{0,3}}(?: ?{_CODE_IN_PARENTHESES}){{0,3}}"
)
_DONOR_WORD: Final = re.compile(r"[Aa]utologous|[Aa]llogene?ic|[Xx]enogeneic|[Ss]yngeneic")


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    base = re.split(r" ?[,(/]| and ", text, maxsplit=1)[0]
    known = lexicon().lookup("cell_type", base) or lexicon().lookup("tissue", base)
    shaped = _SOURCE_CELL.fullmatch(text)
    donor = 1.0 if _DONOR_WORD.search(text) else 0.0
    if known and (shaped or base == text):
        return 8.0 + donor
    if shaped:
        return 5.0 + donor - 0.03 * len(text)
    if _DONOR_WORD.fullmatch(text):
        return 4.0
    return (0.0 if known else -4.0) - 0.05 * len(text)


def _read(cells: Sequence[Cell]) -> Extracted:
    products, others = read_all_products(cells)
    if not products:  # a donor without cells is stated of nothing
        others = ()
    return Extracted({"products": products}, (*(product.reading for product in products), *others))


def _links(nodes: Nodes) -> Iterator[Link]:
    report = nodes.report
    given = [(nodes.product(n, product), product) for n, product in enumerate(report.products, start=1)]
    for node, product in given:
        yield node, product.reading
    # With several products a reading of donor or code does not say which of them it is about.
    cells = {node for node, product in given if product.kind == "cells"}
    if len(cells) == 1:
        for reading in report.readings:
            if reading.name in ("donor", "tissue", "product_code"):
                yield from ((node, reading) for node in cells)


def _only(values: set[str]) -> str | None:
    return values.pop() if len(values) == 1 else None


def _name(product: Product) -> str | None:
    return product.code if product.kind == "cells" else product.label


COLUMN: Final = ColumnType(
    field="cell source",
    order=20,
    headings=r"(?:(?:msc|mscs|stem|stem cell|cell|cells|tissue|donor|graft)s?[ /]?(?:cell)? ?(?:source|"
    r"sources|origin|type|types|product|products|line|population|name)s?(?: ?(?:and|/|,|&|or) ?(?:source|origin"
    r"|type|donor|tissue))?"
    r"|source|sources?(?: and type)? of (?:the )?(?:msc|mscs|cells|stem cells)|type of (?:msc|"
    r"mscs|cells|stem cells)|mscs?|(?:mesenchymal )?(?:stem|stromal) cells?|cell therapy|cells|(?:type|source"
    r"|origin|kind)"
    r"(?: ?(?:and|/|,|&|or) ?(?:type|source|origin))? of (?:the )?(?:stem |transplanted |infused |administered "
    r"|injected |therapeutic |used ){0,2}"
    r"(?:cells?|mscs?|graft|tissue|product|mesenchymal (?:stem|stromal) cells)(?: used| transplanted| infused)?"
    r"|tissue|tissue of origin"
    r"|allo(?:geneic)? ?/ ?auto(?:logous)?|auto(?:logous)? ?/ ?allo(?:geneic)?|(?:donor|allogeneic"
    r"|autologous)(?: ?(?:/|or|and) ?(?:autologous|allogeneic))?(?: (?:cells?|type|source))?"
    r"|(?:autologous|allogene?ic|auto|allo)(?: ?(?:/|or|vs\.?|versus|and) ?)(?:autologous|allogene?ic|auto|allo)"
    r"|cell(?:s)? used"
    r"|(?:used |transplanted |infused |therapeutic )cells?|(?:cell|msc|stem cell) (?:transplanted|infused|used"
    r"|origin|therapy type)"
    r"|msc (?:tissue )?(?:source|origin|type)s?|cell (?:tissue )?source|biological source"
    r"|types? of cell(?:ular)? (?:therap(?:y|ies)|products?)|cell therapy (?:products?|types?)"
    r"|(?:(?:evs?|exosomes?|vesicles?|nk|car|t|nk cells?|t cells?|immune cells?|effector cells?|hscs?"
    r"|ipscs?|pscs?|escs?"
    r"|tregs?|dcs?|pbmcs?|islets?|chondrocytes?|progenitors?|graft"
    r"|parent cells?)[ -]?(?:cells?)?) (?:source|origin|type)s?"
    r"|(?:source|origin|type)s?(?: and (?:type|source|origin))? of (?:the )?(?:[\w-]+ ){0,3}(?:cells?|mscs?"
    r"|tregs?|hscs?"
    r"|nks?|exosomes?|evs?|vesicles?|secretome|progenitors?|grafts?)(?: used| transplanted| infused)?"
    r"|starting material)",
    shape=CellShape(empty=-2.5, longest=160, fits=whole_cell(_fit), most=9.0),
    read=_read,
    flat=(
        FlatColumn(
            "tissue_sources",
            "UBERON labels of the tissues that the cells come from",
            lambda report: [p.tissue.label for p in report.products if p.tissue],
            several=True,
        ),
        FlatColumn(
            "cell_types",
            "CURIEs of the cell types; where no exact term exists, the broader one",
            lambda report: [external_curie(p.cell_type) for p in report.products if p.cell_type],
            several=True,
        ),
        FlatColumn(
            "donor_type",
            "autologous or allogeneic where the source says so",
            lambda report: _only({p.donor for p in report.products if p.donor}),
        ),
        FlatColumn(
            "product",
            "the product's code; of a product that is no cells, its name",
            lambda report: _only({name for p in report.products if (name := _name(p))}),
        ),
    ),
    filler=frozenset(["derived", "cell", "cells", "source", "sources", "human"]),
    triples=product_triples,
    links=_links,
    wording=product_wording,
    statements=(
        Statement("cell_source", TG.CellProduct),
        Statement("cell_source", TG.CellProduct, TG.cellType, "concept"),
        Statement("product_code", TG.CellProduct, TG.productCode),
    ),
    valued=("cell_source", "donor", "product_code"),
    other_readings=("tissue", "product_name"),
    gates=(
        """VALUES ?field { "donor" "tissue" "product_code" }
    ?report a tg:Report ; FROM/tg:hasCell/^tg:fromCell ?reading ; tg:hasIntervention ?given .
    ?reading tg:readsField ?field .
    FILTER EXISTS { ?any tg:readFrom ?reading }
    ?given tg:ofProduct ?focus .
    ?focus a tg:CellProduct .
    FILTER NOT EXISTS { ?focus tg:readFrom ?reading }
    FILTER NOT EXISTS {
      ?report tg:hasIntervention/tg:ofProduct ?other .
      ?other a tg:CellProduct .
      FILTER (?other != ?focus)
    }
    BIND (CONCAT("a ", ?field, " was read that the product does not rest on") AS ?message)""",
        # Both donors in one cell state none.
        """{
      SELECT ?focus WHERE {
        ?focus a tg:CellProduct ; tg:readFrom ?reading .
        ?reading tg:readsField "donor" ; tg:value ?donor .
      } GROUP BY ?focus HAVING (COUNT(DISTINCT ?donor) = 1)
    }
    MINUS { ?focus tg:donorType ?stated }
    BIND ("a donor was read that the product does not state" AS ?message)""",
    ),
    lexicons=("cell_type", "tissue", "donor", "product"),
)
