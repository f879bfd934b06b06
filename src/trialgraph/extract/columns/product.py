"""Product that is given, where it is no column of cells: a CAR-T product, a vector, a drug, as printed."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.columns.plain_words import words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "product.printed",
    "The words of a cell under a heading of products, vectors or drugs are the product.",
    example="CTL019 (tisagenlecleucel)", gives="CTL019 (tisagenlecleucel)", counter_example="12",
)  # fmt: skip

COLUMN: Final = words_column(
    field="product",
    order=165,
    headings=r"(?:(?:study|investigational|medicinal|trial|commercial|gene therapy|car ?-?(?:t|nk)(?: cell)?"
    r"|car) ){0,4}(?:products?|drugs?"
    r"|agents?|vectors?|constructs?|car constructs?|compounds?|medications?)(?: name)?(?: ?(?:/|and"
    r"|or) ?(?:vectors?|drugs?"
    r"|products?|constructs?))?|name of (?:the )?(?:product|drug|agent)|drug/product|viral vectors?|vector type"
    r"|(?:(?:aav|vector|viral|capsid) ?(?:/|and)? ?){0,2}(?:serotypes?|capsids?)(?: ?(?:/|and) ?(?:vectors?"
    r"|promoters?))?"
    r"|(?:trade|brand|proprietary|generic|product|drug|vaccine|device|compound|agent) names?|inn|biologics?"
    r"|biologicals?|devices?"
    r"|(?:vaccines?|drugs?|therapeutic|therapy|product|vaccine) (?:candidates?|agents?)|vaccines?"
    r"|medical devices?|(?:oncolytic |viral )?virus(?:es)?|(?:monoclonal )?antibod(?:y|ies)|gene therap(?:y"
    r"|ies)"
    r"|treatment products?"
    r"|(?:test|study) (?:articles?|drugs?|agents?|devices?)|(?:therapeutic|biological|active) (?:agents?|substances?"
    r"|ingredients?)|name of (?:the )?(?:vector|vaccine|device|compound|cell product)"
    r"|(?:study|investigational) medicinal products?",
    display="Product",
    name="product_names",
    meaning="product that is given, as printed, where no column of cells names it",
    states=TG.productNamed,
    by=PRINTED,
    weight=lambda _: 0.5,
    longest=200,
    several=True,
)
