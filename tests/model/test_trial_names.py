"""What trials without a registry id are called, and their siblings: no product, several diseases, no n, one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.graph_samples import plain_report, rich_report
from trialgraph.model.report import Condition, Product, Report
from trialgraph.model.trial_names import described, trial_names
from trialgraph.terminology.lexicon import Concept, lexicon


def _concept(field: str, words: str) -> Concept:
    found = lexicon().lookup(field, words)
    assert found, words
    return found.concept


def _disease(words: str, *, known: bool = True) -> Condition:
    concept = _concept("disease", words) if known else None
    return Condition(concept, (), None, words, plain_report().conditions[0].reading)


def _product(cell: str, tissue: str = "") -> Product:
    reading = plain_report().products[0].reading
    place = _concept("tissue", tissue) if tissue else None
    return Product(_concept("cell_type", cell), place, None, None, reading)


def _report(source: str = "one", row: int = 1, *refs: int, **changes: object) -> Report:
    plain = plain_report()
    made = replace(
        plain,
        source=source,
        row=replace(plain.row, number=row),
        products=(_product("UC-MSC"),),
        conditions=(_disease("lupus nephritis"),),
        n_total=37,
        reference=refs[0] if refs else None,
        references=refs,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by the tests


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "UC-MSC in lupus nephritis, n = 37"),
        ({"n_total": None}, "UC-MSC in lupus nephritis"),
        ({"n_total": 1027}, "UC-MSC in lupus nephritis, n = 1,027"),
        ({"n_total": 0}, "UC-MSC in lupus nephritis, n = 0"),
        ({"products": ()}, "Trial in lupus nephritis, n = 37"),
        ({"conditions": ()}, "UC-MSC, n = 37"),
        ({"products": (), "conditions": (), "n_total": None}, "Trial"),
        (
            {"conditions": (_disease("RA"), _disease("rheumatoid arthritis"), _disease("SLE"))},
            "UC-MSC in RA and SLE, n = 37",
        ),
        (
            {"conditions": tuple(map(_disease, ("RA", "SLE", "MS", "IBD")))},
            "UC-MSC in RA, SLE and 2 other diseases, n = 37",
        ),
        (
            {"conditions": (_disease("Stiff man disease", known=False),)},
            "UC-MSC in Stiff man disease, n = 37",
        ),
        (
            {"products": (_product("UC-MSC"), _product("BM-MSC"))},
            "UC-MSC + BM-MSC in lupus nephritis, n = 37",
        ),
        ({"products": (_product("UC-MSC", "umbilical cord"),)}, "UC-MSC in lupus nephritis, n = 37"),
        ({"products": (_product("MSC", "decidua"),)}, "MSC (decidua) in lupus nephritis, n = 37"),
        (
            {"products": (_product("MSC"), replace(_product("MSC"), kind=None, cell_type=None))},
            "MSC in lupus nephritis, n = 37",
        ),
        (
            {
                "products": (
                    replace(
                        _product("MSC"),
                        kind="drug",
                        cell_type=None,
                        concept=_concept("product", "methotrexate"),
                    ),
                )
            },
            "MTX in lupus nephritis, n = 37",
        ),
        ({"products": (replace(_product("MSC"), cell_type=None),)}, "BM-MSCs in lupus nephritis, n = 37"),
    ],
)
def test_a_trial_is_described_by_its_own_values(changes: dict[str, object], name: str) -> None:
    assert described(_report(**changes)) == name  # type: ignore[arg-type]  # checked by the tests


def _named(*reports: Report) -> list[str]:
    names = trial_names(reports)
    return [names[report.key] for report in reports]


def test_a_name_ends_with_where_the_source_has_the_trial() -> None:
    assert _named(_report("one", 4, 126)) == ["UC-MSC in lupus nephritis, n = 37, ref. 126"]
    assert _named(_report("one", 4, 126, 127)) == ["UC-MSC in lupus nephritis, n = 37, refs. 126, 127"]
    assert _named(_report("one", 4)) == ["UC-MSC in lupus nephritis, n = 37, row 4"]


def test_two_trials_of_one_name_are_told_apart() -> None:
    what = "UC-MSC in lupus nephritis, n = 37"
    assert _named(_report("one", 4, 126), _report("one", 5, 127)) == [
        f"{what}, ref. 126",
        f"{what}, ref. 127",
    ]
    assert _named(_report("one", 4, 126), _report("one", 5, 126)) == [
        f"{what}, ref. 126, row 4",
        f"{what}, ref. 126, row 5",
    ]
    assert _named(_report("one", 4), _report("two", 4), _report("two", 5)) == [
        f"{what}, row 4 of one",
        f"{what}, row 4 of two",
        f"{what}, row 5",
    ]
    assert _named(_report("one", 4, 126), _report("two", 4, 126)) == [
        f"{what}, ref. 126, row 4 of one",
        f"{what}, ref. 126, row 4 of two",
    ]


def test_a_registry_id_is_the_name() -> None:
    registered = rich_report()
    assert registered.registration
    assert _named(registered, _report("one", 4)) == [
        "NCT01663116",
        "UC-MSC in lupus nephritis, n = 37, row 4",
    ]
    # two reports of one trial do not take its name from each other
    assert _named(registered, replace(registered, source="other")) == ["NCT01663116", "NCT01663116"]
