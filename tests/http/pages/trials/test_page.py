"""The table of trials with its facets: what they count and offer, its columns and its order."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from tests.html_page import page
from trialgraph.extract.trials_table import flat_columns
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.rdf.vocabulary import PREFIXES, TG, expand
from trialgraph.release.lists.facets import FACETS, NONE, TABLE_FACETS, Facet
from trialgraph.release.open import Release

HTML = {"Accept": "text/html"}
#: Facets of the list whose values are texts, which the graph does not link.
TEXTS = {facet.name for facet in TABLE_FACETS}
TOLD = re.compile(r"<b>([\d,]+) reports?</b> of ([\d,]+) trial")
OFFERED = re.compile(
    r'name="(\w+)" value="([^"]+)"( checked)?>\s*<bdi>(.*?)</bdi>.*?<span class="n">([\d,]+)</span>',
    re.DOTALL,
)


@pytest.fixture(scope="module")
def seed(release: Release) -> Iterator[FlaskClient]:
    """A client of the first source alone."""
    with Pool(release, size=1) as pool:
        yield create_app(release, pool).test_client()


def offered(text: str) -> dict[tuple[str, str], int]:
    """Facet and value to the count beside it."""
    return {
        (name, unescape(value)): int(count.replace(",", ""))
        for name, value, _, _, count in OFFERED.findall(text)
        if name not in TEXTS
    }


def trials_of(client: FlaskClient, asked: str) -> set[str]:
    """The trials of the list, each of which may have several reports."""
    return {report["iri"] for report in json.loads(client.get(f"/trials.json?{asked}").text)}


def clause(facet: Facet, values: list[str]) -> str:
    """The same restriction in SPARQL, in its own words."""
    broader = f"/<{facet.broader}>*" if facet.broader else ""
    parts = []
    for value in values:
        if value == NONE:
            parts.append(f"NOT EXISTS {{ ?trial {facet.through}<{facet.link}> ?any }}")
        else:
            iri = expand(value if ":" in value else f"tgc:{value}").value
            iri = f"https://w3id.org/trialgraph/registry/{value}" if facet.name == "registry" else iri
            tree = f"EXISTS {{ ?trial {facet.through}<{facet.link}>{broader} <{iri}> }}"
            # where a reviewed scope stands beside a term, it counts
            beside = f"<{PREFIXES['tg']}standsBeside> <{iri if facet.scopes else facet.link}>"
            parts.append(
                f"EXISTS {{ ?trial {TG.inScope}/{beside} }} || (NOT EXISTS {{ ?scope {beside} }} && {tree})"
            )
    return f"FILTER({' || '.join(parts)})"


def counted(store: Store, chosen: dict[str, list[str]]) -> int:
    """How many trials fit, as the engine counts them."""
    filters = " ".join(clause(f, chosen[f.name]) for f in FACETS if chosen.get(f.name))
    query = f"SELECT (COUNT(DISTINCT ?trial) AS ?n) {{ ?trial a {TG.Trial} . {filters} }}"
    (row,) = store.query(query)  # type: ignore[misc] # a SELECT
    return int(row["n"].value)


def test_the_list_holds_every_trial_once(two_client: FlaskClient, two_store: Store) -> None:
    listed = json.loads(two_client.get("/trials.json").text)
    assert len({trial["iri"] for trial in listed}) == counted(two_store, {}) == 26
    assert len({(report["source"], report["row"]) for report in listed}) == len(listed) > 26
    assert all(
        f'href="/trial/{t["iri"].partition("/trial/")[2]}"' in page(two_client, "/trials") for t in listed[:3]
    )


def test_each_count_is_what_the_engine_counts_under_the_other_facets(
    two_client: FlaskClient, two_store: Store
) -> None:
    drawn = random.Random(20261123)  # noqa: S311 - a draw that can be repeated
    everything = sorted(offered(page(two_client, "/trials")))
    assert len({name for name, _ in everything}) == len(FACETS)
    for restrictions in (0, 1, 1, 2, 2, 3):
        chosen: dict[str, list[str]] = {}
        for name, value in drawn.sample(everything, restrictions):
            chosen.setdefault(name, []).append(value)
        asked = "&".join(f"{name}={value}" for name, values in chosen.items() for value in values)
        text = page(two_client, f"/trials?{asked}")
        total = TOLD.search(text)
        assert total
        assert int(total[2]) == counted(two_store, chosen)
        for (name, value), count in drawn.sample(sorted(offered(text).items()), 25):
            others = {n: v for n, v in chosen.items() if n != name}
            assert (asked, name, value, count) == (
                asked,
                name,
                value,
                counted(two_store, {**others, name: [value]}),
            )


def test_values_of_a_facet_are_alternatives_and_a_disease_includes_narrower_ones(
    two_client: FlaskClient,
) -> None:
    def count(asked: str) -> int:
        return len(trials_of(two_client, asked))

    assert count("donor=autologous&donor=allogeneic&donor=none") == 26
    assert count("donor=autologous&donor=allogeneic") == 26 - count("donor=none")
    assert count("disease=MONDO:0005301") == 5, "multiple sclerosis, the secondary progressive one included"
    assert count("disease=MONDO:0000450") == 1
    assert count("phase=phase-1") > count("phase=phase-1a") > 0
    assert count("phase=phase-2") > count("phase=phase-1-2") > count("phase=phase-1b-2a") > 0
    assert count("registry=chictr") == count("registry=ChiCTR") == 2
    assert count("disease=http://purl.obolibrary.org/obo/MONDO_0005301") == 5


def test_the_same_state_has_one_address(two_client: FlaskClient) -> None:
    one = page(
        two_client, "/trials?tissue=UBERON:0002371&disease=MONDO:0005301&disease=MONDO:0008383&sort=patients"
    )
    other = page(
        two_client, "/trials?disease=MONDO:0008383&sort=patients&disease=MONDO:0005301&tissue=UBERON:0002371"
    )
    links = [re.findall(r'href="(/trials\.csv[^"]*)"', text) for text in (one, other)]
    assert links[0] == links[1]
    assert unescape(links[0][0]).endswith(
        "?disease=MONDO:0005301&disease=MONDO:0008383&tissue=UBERON:0002371&sort=patients"
    )


def test_an_empty_list_says_how_to_widen_it(two_client: FlaskClient) -> None:
    text = page(two_client, "/trials?disease=MONDO:0005556&tissue=UBERON:0001013&donor=autologous")
    assert "No trial of the sources read fits all of this" in text
    widened = re.findall(r'<li><a href="([^"]+)">without [^<]*</a> \((\d+) trial', text)
    assert len(widened) == 4
    for href, count in widened:
        told = TOLD.search(page(two_client, unescape(href)))
        assert told
        assert told[2] == count


@pytest.mark.parametrize(
    "value", ["MONDO:9999999", "nonsense", "javascript:alert(1)", "<script>", "%00", "a b", '"']
)
def test_a_value_that_is_not_known_is_an_error(two_client: FlaskClient, value: str) -> None:
    reply = two_client.get(f"/trials?disease={value}", headers=HTML)
    assert reply.status_code == 400
    text = reply.text
    assert "is nothing that this release knows" in text
    assert "<script" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    "asked",
    [
        "disea=x",
        "sort=nonsense",
        "sort=-label",
        "columns=nonsense",
        "page=0",
        "page=x",
        "page=99999999999",
        "cells=x",
    ],
)
def test_a_parameter_that_does_not_fit_is_told(two_client: FlaskClient, asked: str) -> None:
    path = "/trials.csv" if asked.startswith("cells") else "/trials"
    assert two_client.get(f"{path}?{asked}", headers=HTML).status_code == 400


@pytest.mark.parametrize(
    ("asked", "trials"),
    [
        ("disease=MONDO:0007179", 21),
        ("disease=MONDO:0007915", 6),
        ("disease=MONDO:0002562", 5),
        ("disease=tgc:systemic-lupus-erythematosus", 6),
        ("disease=DOID:9074", 6),
        ("disease=MESH:D008180", 6),
        ("disease=DOID:2377", 5),
        ("route=NCIT:C38267", 2),
        ("outcome=NCIT:C112520", 5),
        ("outcome=tgc:edss", 5),
        ("cell=MESH:D059630", 21),
        ("phase=phase-2", 12),
        ("phase=NCIT:C15601", 12),
    ],
)
def test_any_id_gives_the_same_list_by_the_reviewed_scope(seed: FlaskClient, asked: str, trials: int) -> None:
    assert len(trials_of(seed, asked)) == trials


def test_the_reviewed_scopes_stand_first_and_the_tree_one_click_away(seed: FlaskClient) -> None:
    menu = page(seed, "/trials").partition("<summary>Disease</summary>")[2].partition("</fieldset>")[0]
    first, _, tree = menu.partition("<summary>The whole tree of MONDO</summary>")
    assert re.findall(r'check in(\d)".*?<bdi>(.*?)</bdi>.*?<span class="n">(\d+)', first) == [
        ("0", "autoimmune disease", "21"),
        ("1", "rheumatoid arthritis", "10"),
        ("1", "lupus erythematosus", "6"),
        ("2", "systemic lupus erythematosus", "6"),
        ("3", "lupus nephritis", "2"),
        ("0", "demyelinating disease", "5"),
        ("1", "multiple sclerosis", "5"),
        ("2", "secondary progressive multiple sclerosis", "1"),
    ]
    assert re.findall(r'value="(MONDO:\d+)".*?<small class="soft">(.*?)</small>', first) == [
        ("MONDO:0007179", "as reviewed; 19 by MONDO’s tree"),
        ("MONDO:0004670", "as reviewed; 4 by MONDO’s tree"),
        ("MONDO:0007915", "as reviewed; 4 by MONDO’s tree"),
    ]
    assert "disease by developmental or physiological process" not in first
    assert "inflammatory disease" in tree


def test_each_value_of_a_facet_is_one_checkbox(seed: FlaskClient) -> None:
    text = page(seed, "/trials?disease=MONDO:0007915")
    boxes = re.findall(r'type="checkbox" id="[^"]+" name="(\w+)" value="([^"]+)"', text)
    assert len(boxes) == len(set(boxes)) > 50


def heads(text: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*><a href="[^"]*">(.*?)</a>', text)


def test_a_form_with_columns_leads_to_the_one_address(two_client: FlaskClient) -> None:
    sent = two_client.get("/trials?columns=phase&columns=dose&donor=autologous&sort=-n_total", headers=HTML)
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/trials?donor=autologous&columns=phase,dose&sort=-n_total"
    assert heads(page(two_client, sent.headers["Location"])) == ["Trial", "Phase", "Dose"]
    every = page(two_client, "/trials?columns=all")
    assert len(heads(every)) == 1 + len(flat_columns(["all"]))
    assert heads(page(two_client, "/trials?columns=default")) == heads(page(two_client, "/trials"))


def test_the_head_sorts_either_way_and_says_how(two_client: FlaskClient) -> None:
    def sorts(asked: str) -> list[tuple[str, str]]:
        text = page(two_client, f"/trials{asked}")
        return re.findall(r'<th scope="col" class="num"(.*?)><a href="([^"]*)">n</a>', text)

    assert sorts("") == [("", "/trials?sort=n_total")]
    assert sorts("?sort=n_total") == [(' aria-sort="ascending"', "/trials?sort=-n_total")]
    assert sorts("?sort=-n_total") == [(' aria-sort="descending"', "/trials")]
    assert sorts("?sort=patients") == [(' aria-sort="descending"', "/trials")], "the name it had before"


def test_flags_stand_at_their_values(seed: FlaskClient) -> None:
    text = page(seed, "/trials")
    rows = {
        row[1]: row[0]
        for row in re.findall(r"(<tr[^>]*><th scope=\"row\">.*?<bdi>(.*?)</bdi>.*?</tr>)", text, re.DOTALL)
    }
    cells = re.findall(r"<td.*?</td>", rows["NCT04170426"], re.DOTALL)
    (treated,) = [cell for cell in cells if ">39<" in cell]
    assert '<a class="st error" href="/conflict/wjsc-107202-table1/9/arms-do-not-add-up"' in treated
    assert "printed 392" in treated
    assert 'href="/trials/wjsc-107202-table1/9/n_treatment"' in treated
    assert rows["NCT04170426"].startswith('<tr class="flagged hard">')
    assert "○" not in text
    assert '<span class="st none">not specified</span>' in rows["NCT02034188"]
    # where the column is not shown, the flag stands at the name of the trial
    head = re.search(
        r"<th scope=\"row\">(?:(?!</th>).)*NCT04170426.*?</th>",
        page(seed, "/trials?columns=phase"),
        re.DOTALL,
    )
    assert head
    assert "printed 392" in head[0]


@pytest.mark.parametrize(
    ("value", "leads"),
    [
        ("wjsc-107202-table1/9/n_treatment", "/reading/wjsc-107202-table1/9/n_treatment/2"),
        ("wjsc-107202-table1/9/dose", "/reading/wjsc-107202-table1/9/dose/1"),
        ("wjsc-107202-table1/9/donor_type", "/reading/wjsc-107202-table1/9/donor/1"),
        ("wjsc-107202-table1/9/registry", "/reading/wjsc-107202-table1/9/registration/1"),
        ("wjsc-107202-table1/9/sponsor", "/report/wjsc-107202-table1/9"),
    ],
)
def test_a_value_leads_to_its_words(seed: FlaskClient, value: str, leads: str) -> None:
    answer = seed.get(f"/trials/{value}")
    assert (answer.status_code, answer.headers["Location"]) == (303, leads)
    assert seed.get(leads, headers=HTML).status_code == 200


def test_a_column_that_is_none_leads_nowhere(seed: FlaskClient) -> None:
    assert seed.get("/trials/wjsc-107202-table1/9/nonsense").status_code == 404


def test_reports_of_one_trial_stand_together_until_it_is_sorted(two_client: FlaskClient) -> None:
    def names(asked: str) -> list[str]:
        return re.findall(r'<th scope="row">.*?<bdi>(.*?)</bdi>', page(two_client, f"/trials{asked}"))

    def runs(held: list[str]) -> int:
        return sum(one != other for one, other in pairwise(held)) + 1

    assert runs(names("")) == 26
    assert sorted(names("?sort=n_total")) == sorted(names(""))
    assert runs(names("?sort=n_total")) > 26, "reports with other numbers of patients stand apart"


def test_pages_of_the_list_hold_each_row_once(
    two_client: FlaskClient, change_settings: Callable[..., None]
) -> None:
    whole = re.findall(r'<th scope="row">.*?</th>', page(two_client, "/trials?sort=trial"), re.DOTALL)
    change_settings(list_rows=7)
    seen, path = 0, "/trials?sort=trial"
    while path:
        text = page(two_client, path)
        seen += text.count('<th scope="row">')
        following = re.search(r'href="([^"]+)" rel="next"', text)
        path = unescape(following[1]) if following else ""
    assert seen == len(whole)
    assert "behind the end of the table" in page(two_client, "/trials?page=999")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/term/MONDO:0007915", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/MONDO:0004670", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/MONDO:0007179", "21 trials by the reviewed scope, 19 by MONDO’s tree."),
        ("/concept/systemic-lupus-erythematosus", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/DOID:9074", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/CL:0000134", "21 trials by the reviewed scope, 21 by CL’s tree."),
        ("/term/MONDO:0005556", "2 trials are linked to it or to what is narrower."),
        ("/concept/edss", "5 trials are linked to it or to what is narrower."),
        ("/term/NCIT:C112520", "5 trials are linked to it or to what is narrower."),
        ("/concept/phase-2", "12 trials are linked to it or to what is narrower."),
    ],
)
def test_the_page_of_a_term_counts_as_the_list_does(seed: FlaskClient, path: str, words: str) -> None:
    text = page(seed, path)
    assert words in re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text))
    listed = re.search(r'<a href="(/trials\?[^"]+)">See them in the list', text)
    assert listed
    assert len(trials_of(seed, unescape(listed[1]).partition("?")[2])) == int(words.split()[0])


def test_only_the_values_with_most_trials_are_offered_and_those_that_are_asked_for(
    two_client: FlaskClient, change_settings: Callable[..., None]
) -> None:
    whole = offered(page(two_client, "/trials"))
    change_settings(facet_values=2)
    text = page(two_client, "/trials?tissue=UBERON:0001987")
    held = {key: count for key, count in offered(text).items() if key[0] == "tissue"}
    assert set(held) == {
        ("tissue", v) for v in ("UBERON:0002331", "UBERON:0002371", "UBERON:0001987", "none")
    }
    assert all(whole[key] == count for key, count in held.items())
    assert "2 more; name them in the address: <code>tissue=</code>" in text
