"""The concept files: valid SSSOM, one meaning a surface form and column, no id that is not evidenced."""

from __future__ import annotations

import csv
import logging
import re
import warnings
from collections import Counter
from pathlib import Path

import pytest
from rdflib import OWL, RDF

from tools.concepts import tidy
from trialgraph.base.package_data import resource
from trialgraph.graph.mappings import line_iri
from trialgraph.terminology.lexicon import Lexicon, lexicon, normalise

FOLDER = resource("ontology") / "concepts"
FILES = sorted(FOLDER.glob("*.sssom.tsv"))
FIELDS = {
    *("disease", "qualifier", "cell_type", "tissue", "donor", "route", "method", "phase", "unit"),
    *("outcome", "mechanism", "product", "conclusion", "status", "trial_structure"),
}
NO_TERM = "sssom:NoTermFound"


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon()


def test_there_is_a_file_for_each_field() -> None:
    assert {path.name.removesuffix(".sssom.tsv") for path in FILES} == FIELDS | {f"{f}.forms" for f in FIELDS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_holds_literal_mappings_or_mappings_of_entities(path: Path) -> None:
    literal = {row["subject_type"] == "rdfs literal" for row in table(path.name)}
    assert literal == {path.name.endswith(".forms.sssom.tsv")}


def test_the_files_are_in_order() -> None:
    """Subjects are made from the words, and a form is a lexical match where the term's release has it as a name."""
    assert tidy.main(["--check"]) == 0


def test_synonyms_of_mondo_are_lexical_matches_with_their_source(words: Lexicon) -> None:
    found = {line.subject: line for line in words.lines["disease"] if line.literal}
    for form in ("Bechet syndrome", "MIS-C", "stroke", "multiple myeloma", "T2D"):
        line = found[form]
        assert (line.justification, line.source, line.release) == (
            "semapv:LexicalMatching",
            "bioregistry:mondo",
            "v2026-05-05",
        )
    for form in ("RA", "SLE", "lupus", "Crohn"):
        line = found[form]
        assert (line.justification, line.source, line.release) == ("semapv:ManualMappingCuration", "", "")
    assert sum(line.justification == "semapv:LexicalMatching" for line in found.values()) > 67


def test_the_address_of_a_mapping_does_not_show_the_file_that_it_stands_in(words: Lexicon) -> None:
    """Published addresses, from when forms and terms stood in one file."""
    lines = {line_iri(line).value for line in words.lines["disease"]}
    assert {
        "https://w3id.org/trialgraph/mapping/disease/RA/rheumatoid-arthritis",
        "https://w3id.org/trialgraph/mapping/disease/rheumatoid-arthritis/MONDO%3A0008383",
    } <= lines


WORKING_NOTES = re.compile(r"TRAP|DRIFT|RENAMED|MISMATCH|TODO|FIXME|looked for|^-\d|negative control|row[s ]|\bv?\?\?")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_comments_are_for_readers(path: Path) -> None:
    assert [row["comment"] for row in table(path.name) if WORKING_NOTES.search(row["comment"])] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_line_has_author_and_justification(path: Path) -> None:
    for row in table(path.name):
        assert row["author_label"] == "The trialgraph authors"
        assert row["mapping_justification"] in {
            "semapv:ManualMappingCuration",
            "semapv:LexicalMatching",
            "semapv:MappingReview",
        }
        lexical = row["mapping_justification"] == "semapv:LexicalMatching"
        if path.name.endswith(".forms.sssom.tsv"):
            assert lexical == bool(row["subject_source"]) == bool(row["subject_source_version"])
        else:
            assert row["object_source"], "what was searched, where no term was found"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_valid_sssom_and_nothing_of_it_is_lost(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        # sssom 0.4 sets a pandas option that pandas 3 deprecates; its dependencies warn likewise.
        warnings.simplefilter("ignore")
        from sssom.constants import SchemaValidationType
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate
        from sssom.writers import to_rdf_graph

        checks = [SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness]
        with caplog.at_level(logging.WARNING):
            parsed = parse_sssom_table(path)
        reports = validate(parsed, checks, fail_on_error=False)
        converted = to_rdf_graph(parsed)  # what `sssom convert -O rdf` writes
    # The parser drops a malformed line with no more than a warning (a surface "N/A" is NaN to it).
    written = sum(not line.startswith("#") for line in path.read_text(encoding="utf-8").splitlines()) - 1
    assert len(parsed.df) == written
    assert not [r.levelname for r in caplog.records if "not well-formed" in r.getMessage()]
    assert [problem.message for report in reports.values() for problem in report.results] == []
    assert set(reports) == set(checks)
    stem = path.name.removesuffix(".sssom.tsv")
    assert parsed.metadata["mapping_set_id"] == f"https://w3id.org/trialgraph/mappings/{stem}"
    axioms = set(converted.subjects(RDF.type, OWL.Axiom))
    assert len(axioms) == written
    for end in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget):
        assert [len(list(converted.objects(axiom, end))) for axiom in axioms] == [1] * written, end
    assert parsed.metadata["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_a_slug_stands_in_one_file_only_and_has_one_label(words: Lexicon) -> None:
    at: dict[str, set[tuple[str, str]]] = {}
    for field, lines in words.lines.items():
        for line in lines:
            local, label = (
                (line.object, line.object_label) if line.literal else (line.subject, line.subject_label)
            )
            at.setdefault(local, set()).add((field, label))
    assert {slug: names for slug, names in at.items() if len(names) > 1} == {}
    assert all(slug.startswith("tgc:") for slug in at)


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_concept_says_where_it_leads(field: str, words: Lexicon) -> None:
    for concept in words.concepts.values():
        if concept.field == field:
            assert concept.external, f"{concept.id} is neither mapped nor declared to have no term"
            ends = [line.object for line in concept.external]
            assert NO_TERM not in ends or ends == [NO_TERM], concept.id


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_surface_form_means_one_concept_and_is_found_whole(field: str, words: Lexicon) -> None:
    meanings: dict[str, set[str]] = {}
    for line in words.lines[field]:
        if line.literal:
            meanings.setdefault(normalise(line.subject), set()).add(line.object)
            found = list(words.find(field, line.subject))
            assert [(start, end, m.concept.id) for start, end, m in found] == [
                (0, len(line.subject), line.object)
            ], line.subject
    assert {form: ids for form, ids in meanings.items() if len(ids) > 1} == {}


def test_no_line_is_written_twice(words: Lexicon) -> None:
    for field, lines in words.lines.items():
        seen = Counter((line.subject, line.predicate, line.object) for line in lines)
        assert [key for key, n in seen.items() if n > 1] == [], field


def test_every_external_id_is_evidenced_with_its_label(words: Lexicon) -> None:
    evidence = {row["curie"]: row for row in table("evidence.tsv")}
    used = set()
    for lines in words.lines.values():
        for line in lines:
            if not line.literal and line.object != NO_TERM:
                used.add(line.object)
                row = evidence[line.object]
                assert (line.object_label, line.release) == (row["label"], row["release"]), line.object
                assert row["evidence"], line.object
    candidates = {row["candidate_curie"] for row in table("ambiguous.tsv")} - {""}
    assert set(evidence) == used | candidates


def test_an_ambiguous_abbreviation_has_several_candidates_and_nrs_is_not_mapped(words: Lexicon) -> None:
    candidates: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in table("ambiguous.tsv"):
        candidates.setdefault((row["field"], row["surface"]), []).append(row)
    assert len(candidates[("outcome", "NRS")]) == 2
    for (field, surface), rows in candidates.items():
        assert len(rows) > 1, surface
        mention = words.lookup(field, surface)
        mapped = [row for row in rows if row["note"].startswith("mapped")]
        label = [mention.concept.label] if mention else []
        assert label == [row["candidate_label"] for row in mapped], surface
    assert words.lookup("outcome", "NRS") is None


def test_cell_types_of_a_tissue_name_it(words: Lexicon) -> None:
    tissue = {row["cell_concept"]: row["tissue_concept"] for row in table("cell_tissue.tsv")}
    for cell, source in tissue.items():
        assert words.concepts[cell].field == "cell_type"
        assert words.concepts[source].field == "tissue"
    cord = words.lookup("cell_type", "hUC-MSCs")
    assert cord
    assert words.concepts[tissue[cord.concept.id]].curie == "UBERON:0002331"
    assert "tgc:mesenchymal-stem-cell" not in tissue


@pytest.mark.parametrize(
    ("field", "words_", "label", "curie"),
    [
        ("disease", "RA", "rheumatoid arthritis", "MONDO:0008383"),
        ("disease", "SPMS", "secondary progressive multiple sclerosis", "MONDO:0000450"),
        ("disease", "Crohn’s disease", "Crohn disease", "MONDO:0005011"),
        ("qualifier", "with knee involvement", "knee involvement", "tgc:knee-involvement"),
        ("qualifier", "Persistently active", "persistently active", "tgc:persistently-active"),
        ("cell_type", "umbilical cord-derived MSCs", "umbilical cord mesenchymal stem cell", "CL:0002569"),
        ("tissue", "Wharton's jelly", "mesenchyme of umbilical cord", "UBERON:0003422"),
        ("route", "i.v.", "intravenous", "NCIT:C38276"),
        ("phase", "Phase Ib/IIa", "Phase 1b/2a", "tgc:phase-1b-2a"),
        ("phase", "Phase Ia", "Phase 1a", "tgc:phase-1a"),
        ("outcome", "dsDNA", "anti-dsDNA antibody", "tgc:anti-dsdna-antibody"),
        ("outcome", "CRP levels", "C-reactive protein", "NCIT:C64548"),
        ("outcome", "psychological evaluations", "neuropsychological tests", "tgc:neuropsychological-tests"),
        ("mechanism", "IFN-γ effect", "response to interferon gamma", "tgc:response-to-interferon-gamma"),
        ("product", "DMARDs", "DMARD", "tgc:dmard"),
    ],
)  # fmt: skip
def test_words_of_a_column_lead_to_their_concept(
    field: str, words_: str, label: str, curie: str, words: Lexicon
) -> None:
    mention = words.lookup(field, words_)
    assert mention
    assert (mention.concept.label, mention.concept.curie) == (label, curie)


@pytest.mark.parametrize(
    "compound", ["Refractory RA", "DMARD-resistant RA", "Persistently active SLE", "RA with knee involvement"]
)
def test_a_compound_is_no_disease(compound: str, words: Lexicon) -> None:
    assert words.lookup("disease", compound) is None
    assert [m.concept.field for *_, m in words.find("disease", compound)] == ["disease"]
    assert len(list(words.find("qualifier", compound))) == 1


def test_placental_cells_are_below_mesenchymal_stem_cells(words: Lexicon) -> None:
    placental = words.concepts["tgc:placenta-derived-mesenchymal-stem-cell"]
    assert placental.curie == placental.id
    assert placental.broader == "CL:0000134"
