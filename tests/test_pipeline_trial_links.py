"""A build of a table and of records that name former numbers and numbers of other registries: what is one trial."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from tests.build.engines import TwiceInReverse
from tests.cli.command import SHORT
from tests.extract.registries.records import registry_folder, study
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.build.shards import Wanted
from trialgraph.extract.curation import CURATION_COLUMNS
from trialgraph.extract.registries.selection import Selection
from trialgraph.graph.check_result import CheckResult
from trialgraph.pipeline import build, build_parts
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.vocabulary import DCTERMS, TG
from trialgraph.release.open import Release
from trialgraph.views.explain import explain

#: The number of a trial of the table, which a record calls its former one.
FORMER = "NCT01741857"
PRESENT, WRONG = "NCT00000410", "NCT02300909"
EUDRACT = "2020-000890-25"
TRUE_LINK, FALSE_LINK = "ISRCTN12345674", "2012-001234-12"


def record(number: str, former: list[str], others: list[str]) -> Any:
    made = study(number)
    identification = made["protocolSection"]["identificationModule"]
    identification["secondaryIdInfos"] = [{"id": other, "type": "OTHER"} for other in others]
    if former:
        identification["nctIdAliases"] = former
    return made


def folder_of(home: Path, records: list[Any], decisions: list[tuple[str, str]]) -> Path:
    """A seed folder of a registry, with decisions: record, decision."""
    registry_folder(home, *records)
    lines = ["\t".join(CURATION_COLUMNS)]
    lines += [f"{of}\tsame-trial\t{what}\tA. Reviewer\t2026-11-29\tanother trial" for of, what in decisions]
    (home / "curation.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A table, a registry's folder whose reviewer decided on three links, and another file."""
    folder = tmp_path_factory.mktemp("links")
    table = folder / "table.txt"
    table.write_text(SHORT, encoding="utf-8")
    records = [
        record(PRESENT, [FORMER], [TRUE_LINK, FALSE_LINK]),
        # A record may still stand under the former number, in an older file.
        record(WRONG, ["NCT01738087"], []),
    ]
    decided = [
        (PRESENT, f"reject {FALSE_LINK}"),
        (PRESENT.lower(), f"confirm {TRUE_LINK}"),
        (WRONG, "reject nct01738087"),
    ]
    older = folder / "older.json"
    of_former = study(PRESENT)
    of_former["protocolSection"]["identificationModule"]["nctId"] = FORMER
    older.write_text(json.dumps([of_former, study("NCT01738087")]), encoding="utf-8")
    portal = folder / "portal.xml"
    countries = "".join(
        f"<Trial><TrialID>EUCTR{EUDRACT}-{country}</TrialID><Secondary_ID>{EUDRACT}</Secondary_ID></Trial>"
        for country in ("DE", "ES")
    )
    portal.write_text(
        f"<Trials_downloaded_from_ICTRP>{countries}</Trials_downloaded_from_ICTRP>", encoding="utf-8"
    )
    return [table, folder_of(folder / "registry", records, decided), older, portal]


@pytest.fixture(scope="module")
def built(
    sources: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Release, tuple[CheckResult, ...]]:
    return build(sources, releases=tmp_path_factory.mktemp("releases"), settings=DEFAULTS)


@pytest.fixture(scope="module")
def store(built: tuple[Release, tuple[CheckResult, ...]]) -> Store:
    made = Store()
    for quad in parse(path=str(built[0].file("dataset.nq")), format=RdfFormat.N_QUADS):
        made.add(quad)
        made.add(type(quad)(quad.subject, quad.predicate, quad.object))
    return made


def values(store: Store, node: NamedNode, name: NamedNode) -> set[str]:
    return {quad.object.value for quad in store.quads_for_pattern(node, name, None)}  # type: ignore[union-attr]


def links_of(store: Store, number: str) -> dict[str, NamedNode]:
    """The links that a record states, by their other number."""
    report = iris.report("registry", number)
    found = (quad.subject for quad in store.quads_for_pattern(None, TG.linkStatedBy, report))
    return {
        other: link
        for link in found
        if isinstance(link, NamedNode)
        for other in values(store, link, TG.linkedNumber)
    }


def test_a_former_number_is_of_the_trial_of_the_record_that_names_it(
    built: tuple[Release, tuple[CheckResult, ...]], store: Store
) -> None:
    trial = iris.trial(PRESENT)
    assert values(store, trial, TG.hasReport) == {
        iris.report("registry", PRESENT).value,
        iris.report("older", FORMER).value,
        iris.report("table", 2).value,
    }
    assert values(store, trial, DCTERMS.identifier) == {PRESENT}
    assert values(store, trial, TG.formerIdentifier) == {FORMER}
    # Nothing is said of a second trial.
    assert not list(store.quads_for_pattern(iris.trial(FORMER), None, None))
    assert not list(store.quads_for_pattern(None, None, iris.trial(FORMER)))
    assert built[0].manifest["counts"]["trials"] == built[0].manifest["counts"]["reports"] - 3
    assert {f.severity for f in built[1]} <= {"info", "warning"}


def test_the_countries_of_one_trial_have_a_report_each(store: Store) -> None:
    trial = iris.trial(EUDRACT)
    reports = {iris.report("portal", f"EUCTR{EUDRACT}-{country}").value for country in ("DE", "ES")}
    assert values(store, trial, TG.hasReport) == reports
    # That a record names its own number is no link.
    assert not list(store.quads_for_pattern(None, TG.linksTrial, trial))


def test_who_states_the_former_number_is_in_the_graph(store: Store) -> None:
    link = links_of(store, PRESENT)[FORMER]
    assert values(store, link, TG.linkKind) == {"alias"}
    assert values(store, link, TG.linksTrial) == {iris.trial(PRESENT).value}
    assert values(store, link, TG.linkStatus) == {"stated"}
    assert values(store, link, TG.linkStatedAt) == {"/protocolSection/identificationModule/nctIdAliases/0"}


def test_a_rejected_link_joins_nothing_and_keeps_its_decision(store: Store) -> None:
    links = links_of(store, PRESENT)
    status = {other: values(store, link, TG.linkStatus) for other, link in links.items()}
    assert status == {FORMER: {"stated"}, TRUE_LINK: {"confirmed"}, FALSE_LINK: {"rejected"}}
    (decision,) = values(store, links[FALSE_LINK], TG.linkDecidedBy)
    assert decision in values(store, iris.report("registry", PRESENT), TG.hasCuration)
    assert values(store, NamedNode(decision), DCTERMS.creator) == {"A. Reviewer"}
    assert values(store, NamedNode(decision), TG.decision) == {f"reject {FALSE_LINK}"}
    graphs = {q.graph_name for q in store.quads_for_pattern(NamedNode(decision), None, None)}
    assert iris.graph("quality") in graphs
    # A former number that a reviewer rejected is a trial of its own.
    assert values(store, iris.trial("NCT01738087"), DCTERMS.identifier) == {"NCT01738087"}
    assert len(values(store, links_of(store, WRONG)["NCT01738087"], TG.linksTrial)) == 2


def test_explain_tells_who_linked_and_who_rejected(store: Store) -> None:
    found = {link.number: link for link in explain(store, FORMER).links}
    assert explain(store, FORMER).iri == iris.trial(PRESENT).value
    assert (found[FALSE_LINK].status, found[FALSE_LINK].who) == ("rejected", "A. Reviewer")
    assert (found[FALSE_LINK].why, found[FALSE_LINK].when) == ("another trial", "2026-11-29")
    assert (found[FORMER].status, found[FORMER].who) == ("stated", "")
    assert found[TRUE_LINK].record == PRESENT
    one = record_iris.trial_link("registry", PRESENT, 1)
    assert len(explain(store, one.value).links) == 1


def test_each_way_to_build_makes_the_same_graph(
    built: tuple[Release, tuple[CheckResult, ...]], sources: list[Path], tmp_path: Path
) -> None:
    settings = Settings(jobs=1, shard_reports=2)
    made, _ = build_parts(sources, tmp_path / "parts", settings=settings, engine=TwiceInReverse())
    assert len(made.parts) > 3
    assert made.release == built[0].hash


def test_what_is_not_built_merges_nothing(sources: list[Path], tmp_path: Path) -> None:
    wanted = Wanted(only=Selection(numbers=frozenset({WRONG})))
    made, _ = build_parts(sources[:2], tmp_path / "parts", settings=Settings(jobs=1), wanted=wanted)
    stated = b"".join((tmp_path / "parts" / part.file).read_bytes() for part in made.parts)
    assert f"{iris.trial(FORMER)} {DCTERMS.identifier} {Literal(FORMER)}".encode() in stated
    assert PRESENT.encode() not in stated


def test_a_former_number_of_two_trials_is_told_and_merges_nothing(
    sources: list[Path], tmp_path: Path
) -> None:
    both = tmp_path / "both.json"
    both.write_text(
        json.dumps([record(PRESENT, [FORMER], []), record(WRONG, [FORMER], [])]), encoding="utf-8"
    )
    made, findings = build_parts([sources[0], both], tmp_path / "parts", settings=Settings(jobs=1))
    told = [f for f in findings if FORMER in f.line() and "not merged" in f.line()]
    assert [f.severity for f in told] == ["warning", "warning"]
    stated = b"".join((tmp_path / "parts" / part.file).read_bytes() for part in made.parts)
    assert f"{iris.trial(FORMER)} {DCTERMS.identifier} {Literal(FORMER)}".encode() in stated


@pytest.mark.parametrize(
    ("of", "what", "told"),
    [
        (PRESENT, "reject NCT00007696", f"record {PRESENT} states no link to NCT00007696"),
        ("NCT00007696", f"reject {FALSE_LINK}", "no record NCT00007696 is read here"),
        (PRESENT, "reject nothing", "decides on no link"),
        (PRESENT, f"use {FALSE_LINK}", "decides on no link"),
    ],
)
def test_a_decision_on_no_link_is_one_line(tmp_path: Path, of: str, what: str, told: str) -> None:
    made = folder_of(tmp_path / "registry", [record(PRESENT, [FORMER], [FALSE_LINK])], [(of, what)])
    with pytest.raises(InputError) as error:
        build([made], releases=tmp_path / "releases", settings=DEFAULTS)
    assert told in error.value.line()
    assert "curation.tsv:2" in error.value.line()
    assert "\n" not in error.value.line()


def test_two_decisions_on_one_link_are_one_line(tmp_path: Path) -> None:
    decided = [(PRESENT, f"reject {FALSE_LINK}"), (PRESENT, f"confirm {FALSE_LINK}")]
    made = folder_of(tmp_path / "registry", [record(PRESENT, [], [FALSE_LINK])], decided)
    with pytest.raises(InputError, match="line 2 decides on its link to"):
        build([made], releases=tmp_path / "releases", settings=DEFAULTS)


def test_reports_are_compared_by_way_of_links_that_are_not_rejected(store: Store) -> None:
    pairs = {
        (left, right)
        for quad in store.quads_for_pattern(None, TG.leftReport, None)
        for left in values(store, quad.subject, TG.leftReport)  # type: ignore[arg-type]
        for right in values(store, quad.subject, TG.rightReport)  # type: ignore[arg-type]
    }
    row = iris.report("table", 2).value
    # The record of NCT01738087 in the older file is compared with nothing: its link was rejected.
    assert pairs == {
        (row, iris.report("registry", PRESENT).value),
        (row, iris.report("older", FORMER).value),
    }
