"""The checks see every way in which a sound graph was broken, and nothing in the sound one."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from tests.graph_samples import LEXICON, RULE, plain_report, reports, rich_report, sample_source, unread
from trialgraph import iris
from trialgraph.checks import Finding, check_quads
from trialgraph.release import ontology_quads
from trialgraph.triples import quads
from trialgraph.vocab import PREFIXES

HEAD = f"BASE <{iris.base()}>\n" + "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
TEXT = Path(__file__).with_name("graph_mutations.txt").read_text(encoding="utf-8")
MUTATIONS = dict(part.split("\n", 1) for part in TEXT.split("\n## ")[1:])


@cache
def sound() -> frozenset[Quad]:
    return quads(reports(), [sample_source()], LEXICON, unread(), [RULE]) | ontology_quads()


def test_a_sound_graph_has_no_findings() -> None:
    assert check_quads(sound(), [sample_source()]) == ()


@pytest.mark.parametrize("name", MUTATIONS)
def test_it_sees_that(name: str) -> None:
    store = Store()
    store.extend(sound())
    # The store hands back what was put in: what is found below is found because of the mutation.
    assert frozenset(store) == sound()
    store.update(HEAD + MUTATIONS[name])
    broken = frozenset(store)
    assert broken != sound(), "the mutation changes nothing"
    found = check_quads(broken, [sample_source()])
    assert [finding for finding in found if finding.severity == "violation"]
    assert all("\n" not in finding.message and finding.focus for finding in found)


def test_a_sound_graph_of_another_base_has_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_BASE_IRI", "https://example.org/kg/")
    made = quads(reports(), [sample_source()], LEXICON, unread(), [RULE]) | ontology_quads()
    assert made != sound()
    assert check_quads(made, [sample_source()]) == ()


def test_a_finding_names_the_node_and_what_is_wrong() -> None:
    store = Store()
    store.extend(sound())
    store.update(HEAD + MUTATIONS["a product has two donors"])
    assert check_quads(store, [sample_source()]) == (
        Finding(
            "violation",
            iris.product("Cx611").value,
            "tg:donorType: a product has one donor type, autologous or allogeneic",
        ),
        Finding("violation", iris.trial("NCT01663116").value, "tg:trialDonorType is missing"),
    )


def test_a_disease_that_is_not_mapped_is_a_warning() -> None:
    condition = rich_report().condition
    assert condition is not None
    report = dataclasses.replace(rich_report(), condition=dataclasses.replace(condition, disease=None))
    made = quads([report, plain_report()], [sample_source()], LEXICON, unread(), [RULE]) | ontology_quads()
    assert check_quads(made, [sample_source()]) == (
        Finding("warning", iris.condition("sample-table", 1).value, "tg:disease: the disease is not mapped"),
    )


def test_a_source_that_was_not_read_is_seen() -> None:
    found = check_quads(sound(), [dataclasses.replace(sample_source(), slug="other")])
    assert {finding.message for finding in found} == {
        f"it cites a source that was not read: {iris.source('sample-table').value}"
    }
