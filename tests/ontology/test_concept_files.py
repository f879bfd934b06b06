"""The concept files: valid SSSOM, one meaning a surface form and column, no id that is not evidenced."""

from __future__ import annotations

import csv
import logging
import re
import warnings
from collections import Counter
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SKOS, Graph, URIRef

from tools.concepts import tidy
from trialgraph.base.package_data import resource
from trialgraph.graph.mappings import line_iri
from trialgraph.rdf.vocabulary import compact, expand
from trialgraph.terminology.lexicon import Lexicon, lexicon, normalise

FOLDER = resource("ontology") / "concepts"
FILES = sorted(FOLDER.glob("*.sssom.tsv"))
FIELDS = {
    *("disease", "qualifier", "cell_type", "tissue", "donor", "route", "method", "phase", "unit"),
    *("outcome", "mechanism", "product", "conclusion", "status", "trial_structure", "masking", "allocation"),
}
NO_TERM = "sssom:NoTermFound"


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        rows = (line for line in lines if not line.startswith("#"))
        return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


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
    for form in ("MS", "Crohn", "NMOSD"):
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


WORKING_NOTES = re.compile(
    r"TRAP|DRIFT|RENAMED|MISMATCH|TODO|FIXME|looked for|^-\d|negative control|row[s ]|\bv?\?\?"
)


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
        ("route", "i.v.", "intravenous", "tgc:intravenous"),
        ("phase", "Phase Ib/IIa", "Phase 1b/2a", "tgc:phase-1b-2a"),
        ("phase", "Phase Ia", "Phase 1a", "tgc:phase-1a"),
        ("outcome", "dsDNA", "anti-dsDNA antibody", "tgc:anti-dsdna-antibody"),
        ("outcome", "CRP levels", "C-reactive protein", "tgc:c-reactive-protein"),
        ("outcome", "psychological evaluations", "psychological evaluation", "tgc:psychological-evaluation"),
        ("outcome", "cognitive evaluations", "cognitive evaluation", "tgc:cognitive-evaluation"),
        ("outcome", "SLEDAI-2K", "SLEDAI-2K", "tgc:sledai-2k"),
        ("outcome", "VAS pain", "pain VAS", "tgc:pain-visual-analog-scale"),
        ("outcome", "Treg", "regulatory T cell amount", "tgc:regulatory-t-cell-amount"),
        ("outcome", "proportion of Tregs", "Treg percentage", "tgc:treg-percentage"),
        ("outcome", "BILAG-2004 index", "BILAG-2004", "tgc:bilag-2004"),
        ("outcome", "ACPA", "anti-citrullinated protein antibody", "tgc:anti-citrullinated-protein-antibody"),
        ("mechanism", "tolerant DC", "tolerogenic dendritic cells", "tgc:tolerogenic-dendritic-cells"),
        ("qualifier", "knee", "of the knee", "tgc:of-the-knee"),
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


def matches(words: Lexicon, concept: str) -> dict[str, str]:
    return {line.object: line.predicate for line in words.concepts[concept].external}


def test_a_measure_is_no_more_than_related_to_the_cell_or_substance_that_it_measures(words: Lexicon) -> None:
    """Cells, chemicals and findings are measured; MeSH has substances beside measures: those are listed."""
    measured = ("CL:", "CHEBI:", "UBERON:", "GO:")
    substances = {"MESH:D000075422", "MESH:C000718988", "MESH:D000974", "MESH:D016207", "MESH:C084881"}
    for concept in words.concepts.values():
        if concept.field == "outcome":
            for line in concept.external:
                finding = line.object.startswith("HP:") and line.object != "HP:0034382"
                if line.object.startswith(measured) or line.object in substances or finding:
                    assert line.predicate == "skos:relatedMatch", line


@pytest.mark.parametrize(
    ("concept", "term", "predicate"),
    [
        ("tgc:safety", NO_TERM, "skos:exactMatch"),
        ("tgc:placenta-derived-mesenchymal-stem-cell", "CL:2000061", "skos:narrowMatch"),
        ("tgc:treg-percentage", "NCIT:C187735", "skos:narrowMatch"),
        ("tgc:knee-involvement", "UBERON:0001485", "skos:relatedMatch"),
        ("tgc:autologous", "MESH:D014182", "skos:relatedMatch"),
        ("tgc:haq", "EFO:0022381", "skos:narrowMatch"),
        ("tgc:haq-di", "EFO:0022381", "skos:exactMatch"),
    ],
)
def test_what_a_review_found(concept: str, term: str, predicate: str, words: Lexicon) -> None:
    assert matches(words, concept)[term] == predicate


def test_no_two_concepts_are_the_same_term(words: Lexicon) -> None:
    exact: dict[str, set[str]] = {}
    for concept in words.concepts.values():
        for line in concept.external:
            if line.predicate == "skos:exactMatch" and line.object != NO_TERM:
                exact.setdefault(line.object, set()).add(concept.id)
    assert {term: ids for term, ids in exact.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("field", "form", "predicate"),
    [
        ("outcome", "IL-6", "skos:closeMatch"),
        ("outcome", "IL-6 level", "skos:exactMatch"),
        ("outcome", "serum IL-6", "skos:broadMatch"),
        ("outcome", "CD4+CD25+FoxP3+ cells", "skos:closeMatch"),
        ("cell_type", "HSCT", "skos:relatedMatch"),
        ("product", "IFN-γ", "skos:narrowMatch"),
    ],
)
def test_a_form_says_how_it_is_the_concept(field: str, form: str, predicate: str, words: Lexicon) -> None:
    found = words.lookup(field, form)
    assert found
    assert found.mapping.predicate == predicate


def test_every_concept_has_one_definition(words: Lexicon) -> None:
    """In definitions.tsv, or beside its other axioms in trialgraph.ttl or ladder.ttl."""
    ours = Graph()
    for name in ("trialgraph.ttl", "ladder.ttl"):
        ours.parse(resource("ontology") / name)
    elsewhere = {compact(str(node)) for node in ours.subjects(SKOS.definition)}
    assert {c for c in words.concepts if (c in words.definitions) == (c in elsewhere)} == set()
    assert set(words.definitions) <= set(words.concepts)
    for concept, definition in words.definitions.items():
        assert re.fullmatch(r"[^\n\t]{10,240}\.", definition.text), concept
        assert definition.broader in {"", *words.concepts}, concept


def test_a_definition_of_others_is_theirs(words: Lexicon) -> None:
    """Its first sentence, from the term that is exactly the concept; the licences of these three permit that."""
    module = Graph().parse(resource("ontology") / "module.ttl")
    quoted = {c: d for c, d in words.definitions.items() if d.source}
    assert len(quoted) > 80
    for concept, definition in quoted.items():
        assert definition.source.startswith(("MONDO:", "CL:", "UBERON:"))
        assert matches(words, concept)[definition.source] == "skos:exactMatch"
        said = str(module.value(URIRef(expand(definition.source).value), URIRef(expand("IAO:0000115").value)))
        said = " ".join(re.sub(r"\[[A-Z]+\]", "", said).split())
        assert said.startswith(definition.text.rstrip(".")), concept
