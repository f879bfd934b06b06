"""What the graph states of products: cells, drugs, other biologics, devices, procedures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.model.nodes import Nodes, term
from trialgraph.model.report import Product, ProductKind
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept
from trialgraph.terminology.lexicon import Concept

__all__ = ["drug_triples", "product_triples", "product_wording"]

# The class of each kind, and the property that says what it is; cells have several.
_CLASSES: Final[Mapping[ProductKind | None, tuple[NamedNode, NamedNode | None]]] = {
    "cells": (TG.CellProduct, None),
    "drug": (TG.DrugProduct, TG.substance),
    "biologic": (TG.BiologicProduct, TG.substance),
    "device": (TG.Device, TG.deviceType),
    "procedure": (TG.Procedure, TG.procedureType),
    None: (TG.Product, None),
}


def product_triples(nodes: Nodes) -> Iterator[Triple]:
    """The products of a report, and which intervention gives which."""
    products = {n: (nodes.product(n, p), p) for n, p in enumerate(nodes.report.products, start=1)}
    for given, made in nodes.interventions:
        for n in made.products if made.products is not None else products:
            yield Triple(given, TG.ofProduct, products[n][0])
    for n, (node, product) in products.items():
        kind, what = _CLASSES[product.kind]
        yield Triple(node, RDF.type, kind)
        yield Triple(node, RDFS.label, text(_label(product) or f"Product {n} of {nodes.label}"))
        if product.concept and what:
            yield Triple(node, what, term(product.concept))
        if product.kind == "cells":
            yield from _cells(node, product)


def _cells(node: NamedNode, product: Product) -> Iterator[Triple]:
    if product.cell_type:
        yield Triple(node, TG.cellType, term(product.cell_type))
    if product.tissue:
        yield Triple(node, TG.tissueSource, term(product.tissue))
    if product.donor:
        yield Triple(node, TG.donorType, concept(product.donor))
    if product.code:
        yield Triple(node, TG.productCode, text(product.code))


def _label(product: Product) -> str:
    if product.kind != "cells":
        return product.concept.label if product.concept else ""
    # A shared product has one label whatever its reports say of it, so the code alone.
    if product.code:
        return product.code
    name = product.cell_type.label if product.cell_type else ""
    return f"{name}, {product.donor}" if name and product.donor else name


def product_wording(nodes: Nodes) -> Iterator[Triple]:
    """The words of the products that no concept covers; those of cells stand in the parts of their names."""
    for n, product in enumerate(nodes.report.products, start=1):
        if product.kind != "cells" and product.concept is None:
            yield Triple(nodes.product(n, product), TG.asReported, text(product.reading.verbatim))


def drug_triples(nodes: Nodes, n: int, drug: Concept | None) -> Iterator[Triple]:
    """A drug that is given beside the products, by its number among those of the report."""
    node = nodes.drug(n, drug)
    yield Triple(node, RDF.type, TG.DrugProduct)
    yield Triple(node, RDFS.label, text(drug.label if drug else f"Co-treatment {n} of {nodes.label}"))
    if drug:
        yield Triple(node, TG.substance, term(drug))
