"""``--only``: some trials, closed over what they mention, in every RDF format."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.release.exports.made import made
from trialgraph.base.errors import UsageError
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, TG
from trialgraph.release.export import export
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.subset import NothingChosen, chosen_trials
from trialgraph.release.open import Release

ONE = "trial=NCT04170426"
TRIAL = iris.trial("NCT04170426")


@pytest.fixture(scope="module")
def quads(all_seeds: Release) -> set[Quad]:
    return set(parse(made(all_seeds, "nquads", ONE), format=RdfFormat.N_QUADS))


def test_it_holds_all_that_is_said_of_the_trial_and_nothing_of_others(
    quads: set[Quad], all_seeds: Release
) -> None:
    whole = set(parse(path=str(all_seeds.file("dataset.nq")), format=RdfFormat.N_QUADS))
    own = re.compile(r".*/(?:trial/NCT04170426|[a-z-]+/wjsc-107202-table1/9(?:/.*)?)$")
    others = re.compile(r".*/(?:report|row|cell|reading|arm|dose)/[^/]+/\d+(?:/.*)?$")
    pairs = re.compile(r".*/(?:comparison|same-trial|table-text|reference|unread)/.*")
    expected = {q for q in whole if own.match(str(q.subject)[1:-1]) and not pairs.match(str(q.subject))}
    assert len(expected) > 300
    assert expected <= quads
    subjects = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
    assert not [iri for iri in subjects if others.match(iri) and not own.match(iri)]
    assert {q.subject for q in quads if (q.predicate, q.object) == (RDF.type, TG.Trial)} == {TRIAL}


def test_it_is_closed_over_what_it_mentions(quads: set[Quad], all_seeds: Release) -> None:
    described = {q.subject for q in parse(path=str(all_seeds.file("dataset.nq")), format=RdfFormat.N_QUADS)}
    subjects = {q.subject for q in quads}
    mentioned = {q.object for q in quads if isinstance(q.object, NamedNode)} | {q.predicate for q in quads}
    assert not (mentioned & described) - subjects
    disease = next(q.object for q in quads if q.subject == TRIAL and q.predicate == TG.trialDisease)
    assert any(q.subject == disease and q.predicate == RDFS.label for q in quads)


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_holds_the_same(name: str, quads: set[Quad], all_seeds: Release) -> None:
    form = EXPORT_FORMATS[name]
    found = set(parse(made(all_seeds, name, ONE), format=form.engine))
    assert {quad.triple for quad in found} == {quad.triple for quad in quads}
    assert found == quads or not form.dataset


def test_one_header_says_which_subset_of_which_release(quads: set[Quad], all_seeds: Release) -> None:
    (header,) = {q.subject for q in quads if q.object == OWL.Ontology}
    assert str(header)[1:-1] == f"{iris.page().value}#only-trial%3DNCT04170426"
    about = {q.predicate: text_of(q.object) for q in quads if q.subject == header}
    assert about[OWL.versionInfo] == all_seeds.hash
    assert about[RDFS.label] == f"Clinical trials read out of review tables: only {ONE}"


def test_the_core_and_a_graph_of_a_subset(all_seeds: Release) -> None:
    core = set(parse(b"".join(export(all_seeds, "ntriples", core=True)), format=RdfFormat.N_TRIPLES))
    part = {
        q
        for q in parse(
            b"".join(export(all_seeds, "ntriples", core=True, only=[ONE])), format=RdfFormat.N_TRIPLES
        )
        if "#only-" not in str(q.subject)
    }
    agents = {q for q in part if "/agent/" in str(q.subject)}
    assert part - agents < core
    assert {q.subject for q in part if (q.predicate, q.object) == (RDF.type, TG.Trial)} == {TRIAL}
    summary = set(
        parse(b"".join(export(all_seeds, "nquads", "summary", only=[ONE])), format=RdfFormat.N_QUADS)
    )
    assert {q.subject for q in summary} == {TRIAL}


def test_a_disease_is_a_term_or_its_label_and_narrower_ones_count(all_seeds: Release) -> None:
    facts = Facts(all_seeds)
    by_term = chosen_trials(facts, ["disease=MONDO:0005301"])
    assert by_term == chosen_trials(facts, ["disease=Multiple sclerosis"])
    exact = {
        t
        for t in facts.trials()
        if NamedNode("http://purl.obolibrary.org/obo/MONDO_0005301") in facts.nodes(t, TG.trialDisease)
    }
    assert exact < set(by_term)
    assert set(chosen_trials(facts, ["disease=MONDO:0000001"])) == set(facts.trials())


@pytest.mark.parametrize(
    "value",
    ["NCT04170426", TRIAL.value, "trial/NCT04170426", "tg-trial:NCT04170426", "clinicaltrials:NCT04170426"],
)
def test_a_trial_goes_by_all_its_names(value: str, all_seeds: Release) -> None:
    assert chosen_trials(Facts(all_seeds), [f"trial={value}"]) == [TRIAL]


@pytest.mark.parametrize(
    "only", [["trial=NCT00000000"], ["disease=flu"], [ONE, "disease=flu"], ["trial=tg:Trial"]]
)
def test_a_condition_that_no_trial_fits_is_said(only: list[str], all_seeds: Release) -> None:
    with pytest.raises(NothingChosen, match="no trial has") as caught:
        export(all_seeds, "kgx", only=only)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("only", ["trial", "phase=2", "disease=", "=x"])
def test_another_condition_is_refused_with_those_there_are(only: str, sample: Release) -> None:
    with pytest.raises(UsageError, match="use disease=… or trial=…") as caught:
        export(sample, "turtle", only=[only])
    assert caught.value.exit_code == 2


def test_lines_stay_sorted(all_seeds: Release) -> None:
    lines = made(all_seeds, "nquads", ONE).decode().splitlines()
    assert all(before < after for before, after in pairwise(lines))


def test_records_come_with_their_states_comparisons_and_changes(registries: Release) -> None:
    stated = set(parse(made(registries, "nquads", "trial=NCT01663116"), format=RdfFormat.N_QUADS))
    whole = set(parse(path=str(registries.file("dataset.nq")), format=RdfFormat.N_QUADS))
    trial = iris.trial("NCT01663116")
    comparisons = {q.subject for q in whole if (q.predicate, q.object) == (TG.comparesTrial, trial)}
    changes = {q.subject for q in whole if (q.predicate, q.object) == (TG.changesTrial, trial)}
    assert len(comparisons) > 20
    assert len(changes) > 3
    assert comparisons | changes <= {q.subject for q in stated}
    described, subjects = {q.subject for q in whole}, {q.subject for q in stated}
    mentioned = {q.object for q in stated if isinstance(q.object, NamedNode)}
    assert not (mentioned & described) - subjects
    assert {q.subject for q in stated if (q.predicate, q.object) == (RDF.type, TG.Trial)} == {trial}
