"""Minting: any text gives a valid IRI, and two keys never share one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.rdf import iris

# Surrogates too: a source is decoded UTF-8 and has none, but a caller may.
TEXT = (
    st.text()
    | st.text(alphabet=st.characters(), max_size=3)
    | st.sampled_from(["", ".", "..", "a/b", "%2F", "~"])
)
KEY = st.lists(TEXT, min_size=1, max_size=4).map(tuple)
VALID = re.compile(r"https://w3id\.org/trialgraph/trial(/([A-Za-z0-9._~-]|%[0-9A-F]{2})*)+")


@given(KEY)
def test_any_text_gives_a_valid_iri(key: tuple[str, ...]) -> None:
    iri = iris.trial(*key)
    assert VALID.fullmatch(iri.value)
    # The engine's own parser takes it back.
    line = serialize([Triple(iri, iri, iri)], format=RdfFormat.N_TRIPLES)
    assert [quad.subject for quad in parse(line, format=RdfFormat.N_TRIPLES)] == [iri]


@given(KEY, KEY)
def test_different_keys_give_different_iris(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (iris.trial(*one) == iris.trial(*other)) == (one == other)


def test_a_part_of_dots_is_no_path_step() -> None:
    assert iris.trial("..").value.endswith("/trial/%2E%2E")


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (iris.trial("NCT01741857"), "trial/NCT01741857"),
        (iris.trial("wjsc-107202-table1", 5), "trial/wjsc-107202-table1/5"),
        (iris.report("wjsc-107202-table1", 9), "report/wjsc-107202-table1/9"),
        (iris.cell("wjsc-107202-table1", 9, "patients"), "cell/wjsc-107202-table1/9/patients"),
        (iris.reading("s", 9, "n_total", 1), "reading/s/9/n_total/1"),
        (iris.product("Cx611"), "product/cx611"),
        (iris.product("BX U001", "allogeneic"), "product/bx-u001/allogeneic"),
        (iris.conflict("s", 2, "arms-do-not-add-up"), "conflict/s/2/arms-do-not-add-up"),
        (iris.conflict("s", 2, "arms-do-not-add-up", 2), "conflict/s/2/arms-do-not-add-up/2"),
        (iris.registry("ClinicalTrials.gov"), "registry/clinicaltrials.gov"),
        (iris.graph("meta"), "graph/meta"),
    ],
)
def test_iris_are_readable(made: NamedNode, path: str) -> None:
    assert made.value == "https://w3id.org/trialgraph/" + path


def test_registry_ids_and_dois_are_public_iris() -> None:
    assert (
        iris.bioregistry("chictr", "ChiCTR-INR-17012462").value
        == "https://bioregistry.io/chictr:ChiCTR-INR-17012462"
    )
    assert iris.doi("10.4252/wjsc.v17.i7.107202").value == "https://doi.org/10.4252/wjsc.v17.i7.107202"


@pytest.fixture
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has minted no IRI yet."""
    monkeypatch.setattr(iris, "_base", None)


@pytest.mark.usefixtures("new_process")
def test_the_base_is_the_default_unless_another_is_given() -> None:
    assert iris.base() == DEFAULTS.base_iri


@pytest.mark.usefixtures("new_process")
def test_the_base_is_given_once() -> None:
    iris.use_base("http://localhost:8000/kg/")
    assert iris.graph("meta").value == "http://localhost:8000/kg/graph/meta"
    assert iris.graph_name(iris.graph("meta")) == "meta"
    iris.use_base("http://localhost:8000/kg/")
    with pytest.raises(InputError, match=r"TRIALGRAPH_BASE_IRI: .* use one base in a process"):
        iris.use_base(DEFAULTS.base_iri)
    assert iris.base() == "http://localhost:8000/kg/"


@pytest.mark.usefixtures("new_process")
def test_no_other_base_is_taken_once_iris_were_minted() -> None:
    iris.graph("meta")
    with pytest.raises(InputError, match=f"the base {DEFAULTS.base_iri}, not http://localhost:8000/kg/"):
        iris.use_base("http://localhost:8000/kg/")


@pytest.mark.usefixtures("new_process")
@pytest.mark.parametrize("base", ["trialgraph", "file:///x/", "http://x/ y/", "http://x", "https://x/?q=/"])
def test_a_bad_base_is_one_clear_line(base: str) -> None:
    with pytest.raises(InputError, match=r"TRIALGRAPH_BASE_IRI: .* is no base for IRIs; give"):
        iris.use_base(base)
    assert iris.base() == DEFAULTS.base_iri


@given(st.sampled_from(["meta", "provenance", "wjsc-107202-table1"]))
def test_graph_names_are_read_back(name: str) -> None:
    assert iris.graph_name(iris.graph(name)) == name
