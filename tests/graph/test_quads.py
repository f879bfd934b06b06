"""Model to quads: what is stated, in which graph, and that nothing else is."""

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from tests.graph_samples import plain_report, reports, rich_report, tables, with_product
from tests.sample_table import HEADERS, LEXICON, LINES, RULE, SLUG, sample_source
from trialgraph.base.errors import InputError
from trialgraph.graph.quads import quads
from trialgraph.rdf import iris
from trialgraph.rdf.literals import boolean, date, decimal, integer, text
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.rdf.vocabulary import PREFIXES, TG, XSD, compact, expand

HEAD = f"BASE <{iris.base()}>\n" + "".join(
    f"PREFIX {prefix}: <{space}>\n" for prefix, space in PREFIXES.items()
)
MADE = quads(reports(), [sample_source()], LEXICON, tables(), [RULE])


def store(made: frozenset[Quad]) -> Store:
    filled = Store()
    filled.extend(made)
    return filled


STORE = store(MADE)


def ask(pattern: str, within: Store = STORE) -> bool:
    """Whether the pattern holds in the merge of the graphs."""
    found = within.query(f"{HEAD}ASK {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(found, QueryBoolean)
    return bool(found)


def select(query: str, within: Store = STORE) -> set[tuple[str, ...]]:
    """The rows of a query over the merge of the graphs, IRIs as CURIEs."""
    found = within.query(HEAD + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {
        tuple(compact(term.value) for term in row if isinstance(term, NamedNode | Literal)) for row in found
    }


# One pattern a paragraph; <trial/…> and the like are relative to the base of the data.
PATTERNS = Path(__file__).with_name("graph_patterns.txt").read_text(encoding="utf-8").strip().split("\n\n")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_states(pattern: str) -> None:
    assert ask(pattern), pattern


def test_every_cell_is_quoted_at_its_offsets() -> None:
    rows = select(
        "SELECT ?row ?column ?start ?end ?quote { ?r tg:hasCell ?c ; tg:rowNumber ?row . "
        "?c tg:inColumn/tg:columnNumber ?column ; oa:hasSelector ?p . ?p oa:start ?start ; oa:end ?end . "
        "OPTIONAL { ?c tg:cellText ?quote } }"
    )
    assert len(rows) == len(LINES) * len(HEADERS)
    text = sample_source().text
    for row, column, start, end, *quote in rows:
        assert text[int(start) : int(end)] == (LINES[int(row) - 1][int(column) - 1] or "")
        assert quote == ([text[int(start) : int(end)]] if start != end else [])


def test_a_value_leads_back_to_its_characters_rule_and_mapping() -> None:
    assert select(
        "SELECT ?words ?start ?rule ?surface { ?c tg:disease MONDO:0008383 ; tg:readFrom ?r . "
        "?r tg:readsField 'disease' ; tg:verbatim ?words ; tg:startOffset ?start ; tg:byRule/rdfs:label ?rule ; "
        "tg:byMapping/sssom:subject_label ?surface }"
    ) == {("RA", str(sample_source().text.index("RA54")), "sample.words", "RA")}


@pytest.mark.parametrize(
    ("shortcut", "values"),
    [
        ("trialDisease", {"MONDO:0008383", "MONDO:0007915"}),
        ("trialQualifier", {"tgc:refractory"}),
        ("trialPhase", {"tgc:phase-1b-2a"}),
        ("trialRoute", {"tgc:intravenous"}),
        ("trialCellType", {"CL:0002570", "tgc:bm-msc"}),
        ("trialTissueSource", {"UBERON:0001013"}),
        ("trialDonorType", {"tgc:allogeneic"}),
        ("trialOutcome", {"tgc:acr20"}),
        ("trialMechanism", {"tgc:immunomodulation"}),
        ("trialProduct", {compact(iris.product("Cx611").value), compact(iris.own_product(SLUG, 2, 1).value)}),
        ("trialCombinedWith", {"tgc:dmard", compact(iris.own_drug(SLUG, 1, 2).value)}),
        ("trialResultsStatus", {"tgc:results-published"}),
        (
            "trialConcept",
            {
                "tgc:rheumatoid-arthritis",
                "tgc:lupus",
                "tgc:refractory",
                "tgc:phase-1b-2a",
                "tgc:intravenous",
                "tgc:ad-msc",
                "tgc:bm-msc",
            }
            | {"tgc:adipose-tissue", "tgc:allogeneic", "tgc:acr20", "tgc:immunomodulation", "tgc:dmard"}
            | {"tgc:results-published"},
        ),
        ("trialConflictKind", {"tgc:dose-out-of-line", "tgc:arms-do-not-add-up"}),
    ],
)
def test_shortcuts_are_one_hop(shortcut: str, values: set[str]) -> None:
    found = select(f"SELECT ?v {{ GRAPH <graph/summary> {{ ?t tg:{shortcut} ?v }} ?t a tg:Trial }}")
    assert found == {(value,) for value in values}


def test_no_shortcut_is_left_out() -> None:
    shortcuts = select("SELECT DISTINCT ?p { GRAPH <graph/summary> { ?t ?p ?v } }")
    assert shortcuts == {(f"tg:{name}",) for name in TG.names() if name.startswith("trial")}


def test_the_words_of_the_source_stand_in_the_graph_provenance_only() -> None:
    printed = [cell for line in LINES for cell in line if cell and " " in cell]
    printed += ["MSC group", "herbs", "ACR20 rose", "odd line", "Refractory RA"]
    for quad in MADE:
        if quad.graph_name != iris.graph("provenance") and isinstance(quad.object, Literal):
            assert not [words for words in printed if words in quad.object.value], quad


def test_there_are_no_blank_nodes() -> None:
    assert not [quad for quad in MADE if BlankNode in (type(quad.subject), type(quad.object))]


def test_every_node_has_a_label_or_is_called_by_its_iri() -> None:
    nameless = select(
        "SELECT DISTINCT ?s ?kind { ?s a ?kind FILTER STRSTARTS(STR(?kind), STR(tg:)) "
        "FILTER NOT EXISTS { ?s rdfs:label ?l } }"
    )
    assert {kind for _, kind in nameless} == {"tg:Row", "tg:Cell", "tg:Reading"}
    assert all(provenance_label(expand(iri).value) for iri, _ in nameless)


def test_the_graphs_are_those_of_the_design() -> None:
    names = {iris.graph_name(quad.graph_name) for quad in MADE if isinstance(quad.graph_name, NamedNode)}
    assert names == {SLUG, "provenance", "quality", "mappings", "summary"}


def test_the_order_of_the_reports_does_not_matter() -> None:
    assert quads(reports()[::-1], [sample_source()], LEXICON, tables(), [RULE]) == MADE


def test_reports_that_agree_share_a_coded_product() -> None:
    other = with_product(plain_report(), code="cx611", donor=None)
    made = store(quads([rich_report(), other], [sample_source()], LEXICON, (), [RULE]))
    assert select("SELECT DISTINCT ?p { ?i tg:ofProduct ?p }", made) == {(iris.product("Cx611").value,)}
    # A union: what either report says of it.
    assert select("SELECT ?c { ?p a tg:CellProduct ; tg:cellType ?c }", made) == {
        ("CL:0002570",),
        ("tgc:bm-msc",),
    }


def test_reports_that_disagree_about_the_donor_have_a_product_each() -> None:
    other = with_product(plain_report(), code="CX611", donor="autologous")
    made = store(quads([rich_report(), other], [sample_source()], LEXICON, (), [RULE]))
    assert select("SELECT ?p ?d { ?p tg:donorType ?d }", made) == {
        (iris.product("Cx611", "allogeneic").value, "tgc:allogeneic"),
        (iris.product("Cx611", "autologous").value, "tgc:autologous"),
    }


def test_two_conflicts_of_a_kind_are_numbered() -> None:
    report = rich_report()
    twice = dataclasses.replace(report, conflicts=report.conflicts[1:] * 2)
    made = store(quads([twice], [sample_source()], LEXICON, (), [RULE]))
    assert select("SELECT ?k { ?k a tg:Conflict }", made) == {
        (iris.conflict(SLUG, 1, "arms-do-not-add-up", 1).value,),
        (iris.conflict(SLUG, 1, "arms-do-not-add-up", 2).value,),
    }


def test_a_source_may_not_take_the_name_of_a_fixed_graph() -> None:
    source = dataclasses.replace(sample_source(), slug="meta")
    with pytest.raises(InputError, match="a source may not be called meta; rename"):
        quads((), [source], LEXICON)


BOUND = Decimal("1e20")
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-BOUND, max_value=BOUND)


@given(DECIMALS)
def test_decimals_are_canonical_and_exact(number: Decimal) -> None:
    made = decimal(number)
    assert made.datatype == XSD.decimal
    assert Decimal(made.value) == number
    assert "E" not in made.value.upper()
    assert not ("." in made.value and made.value.endswith(("0", ".")))
    assert not made.value.startswith("-0") or "." in made.value


@given(
    DECIMALS.map(decimal)
    | st.integers().map(integer)
    | st.dates().map(lambda day: date(day.isoformat()))
    | st.integers(1, 9999).map(lambda year: date(f"{year:04}"))
    | st.booleans().map(boolean)
    | st.text(st.characters(exclude_categories=["Cs"])).map(text)
)
def test_the_store_hands_back_what_it_was_given(made: Literal) -> None:
    quad = Quad(iris.source("a"), TG.value, made)
    assert list(store(frozenset({quad}))) == [quad]


@pytest.mark.parametrize(
    ("words", "datatype"),
    [("2026-11-23", XSD.date), ("2026", XSD.gYear), ("November 2026", XSD.string), ("", XSD.string)],
)
def test_only_dates_are_typed_as_dates(words: str, datatype: NamedNode) -> None:
    assert date(words) == Literal(words, datatype=datatype)
