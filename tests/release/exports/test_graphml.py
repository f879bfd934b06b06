"""GraphML: NetworkX and igraph count what the release counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import igraph
import networkx
import pytest

from tests.release.exports.made import made
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.graphml import LINKS
from trialgraph.release.open import Release


@pytest.fixture(scope="module")
def path(all_seeds: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("graphml") / "trialgraph.graphml"
    file.write_bytes(made(all_seeds, "graphml"))
    return file


def test_two_readers_find_all_nodes_and_edges(path: Path, all_seeds: Release) -> None:
    facts = Facts(all_seeds)
    links = Counter(
        name for trial in facts.trials() for link, name, _ in LINKS for _ in facts.nodes(trial, link)
    )
    by_networkx = networkx.read_graphml(path, force_multigraph=True)
    by_igraph = igraph.Graph.Read_GraphML(str(path))
    assert (
        Counter(kind for *_, kind in by_networkx.edges(data="kind")) == Counter(by_igraph.es["kind"]) == links
    )
    kinds = Counter(kind for _, kind in by_networkx.nodes(data="kind"))
    assert kinds == Counter(by_igraph.vs["kind"])
    assert kinds["trial"] == all_seeds.manifest["counts"]["trials"]
    assert set(kinds) == {"trial", "disease", "product", "outcome"}
    assert sum(kinds.values()) == len(by_networkx) == by_igraph.vcount()


def test_every_node_has_a_label_and_numbers_are_numbers(path: Path) -> None:
    nodes = dict(networkx.read_graphml(path).nodes(data=True))
    assert all(node["label"] for node in nodes.values())
    trial = nodes["tg-trial:NCT04170426"]
    assert (trial["enrolled"], trial["enrolled_control"], trial["follow_up_months"]) == (54, 15, 12.0)
    assert trial["phase"] == "Phase 1/2a"


def test_a_number_that_reports_state_differently_is_left_out(all_seeds: Release, path: Path) -> None:
    nodes = dict(networkx.read_graphml(path).nodes(data=True))
    facts = Facts(all_seeds)
    differing = 0
    for trial in facts.trials():
        stated = {n for r in facts.nodes(trial, TG.hasReport) for n in facts.texts(r, TG.followUpMonths)}
        node = next(node for node in nodes.values() if node["iri"] == trial.value)
        differing += len(stated) > 1
        assert ("follow_up_months" in node) == (len(stated) == 1)
    assert differing
