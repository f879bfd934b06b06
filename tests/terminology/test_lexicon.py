"""Words to concepts: tolerant of spelling, never of meaning, never across columns."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base.errors import InputError
from trialgraph.terminology.lexicon import Lexicon, fold, lexicon, normalise, read_mappings

SURFACES = [(name, m.subject, m.object) for name, rows in lexicon().lines.items() for m in rows if m.literal]


def looked_up(field: str, text: str) -> str | None:
    found = lexicon().lookup(field, text)
    return found.concept.label if found else None


def test_there_are_enough_words_to_speak_of() -> None:
    assert len(SURFACES) > 1000
    assert {"disease", "cell_type", "tissue", "route", "outcome", "mechanism", "phase"} <= set(
        lexicon().lines
    )


def test_every_surface_form_leads_to_its_own_concept() -> None:
    wrong = [
        f"{field}: {surface!r} leads to {found.concept.id if found else None}, not {wanted}"
        for field, surface, wanted in SURFACES
        if (found := lexicon().lookup(field, surface)) is None or found.concept.id != wanted
    ]
    assert not wrong, "\n".join(wrong)


def test_every_surface_form_is_found_inside_a_sentence() -> None:
    wrong = []
    for field, surface, wanted in SURFACES:
        text = f"xx, {surface}, xx"
        spans = [(text[i:j], m.concept.id) for i, j, m in lexicon().find(field, text)]
        if (surface, wanted) not in spans:
            wrong.append(f"{field}: {surface!r} gives {spans}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("field", "text", "label"),
    [
        ("disease", "Lupus Nephritis", "lupus nephritis"),
        ("disease", "rheumatoid  arthritis", "rheumatoid arthritis"),
        ("outcome", "adverse event", "adverse events"),
        ("outcome", "Adverse Events.", "adverse events"),
        ("route", "intra articular", "intra-articular"),
        ("route", "Intra‑articular", "intra-articular"),
        ("cell_type", "UC MSCs", "umbilical cord mesenchymal stem cell"),
        ("cell_type", "UC–MSC", "umbilical cord mesenchymal stem cell"),
    ],
)
def test_case_hyphen_blank_and_plural_do_not_matter(field: str, text: str, label: str) -> None:
    assert looked_up(field, text) == label


def test_greek_letters_and_their_latin_names_by_letter() -> None:
    spelled = [(f, s, c) for f, s, c in SURFACES if set("αβγκ") & set(s)]
    assert spelled
    for field, surface, concept in spelled:
        latin = surface.translate(str.maketrans("αβγκ", "abgk"))
        found = lexicon().lookup(field, latin)
        assert found, f"{field}: {latin}"
        assert found.concept.id == concept


def test_an_abbreviation_means_what_its_column_means_by_it() -> None:
    assert looked_up("disease", "RA") == "rheumatoid arthritis"
    assert [f for f in lexicon().lines if f != "disease" and lexicon().lookup(f, "RA")] == []


@pytest.mark.parametrize("text", ["it", "It", "ms", "as", "is", "all"])
def test_small_words_are_no_abbreviations(text: str) -> None:
    for field in ("route", "disease", "method"):
        assert lexicon().lookup(field, text) is None
        assert list(lexicon().find(field, f"whether {text} was given")) == []


def test_nothing_is_guessed() -> None:
    for field in lexicon().lines:
        for text in ("", " ", "-", ".", "gibberish", "rheumatoid arthritide", "umbilical"):
            found = lexicon().lookup(field, text)
            assert found is None, f"{field}: {text!r} leads to {found}"


def test_an_unknown_field_knows_nothing() -> None:
    assert lexicon().lookup("colour", "RA") is None
    assert lexicon().surfaces("colour") == ()


def test_found_words_stand_where_they_say() -> None:
    text = "EDSS, MRI, and TNF-α levels; relapse rate"
    spans = [(i, j) for i, j, _ in lexicon().find("outcome", text)]
    assert [text[i:j] for i, j in spans][:2] == ["EDSS", "MRI"]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_word_inside_a_word_is_not_found() -> None:
    assert [m.concept.label for _, _, m in lexicon().find("disease", "CRABS and GRAMS, DRAMA")] == []


def test_the_external_term_is_the_exact_one_that_the_field_prefers() -> None:
    concept = next(c for c in lexicon().concepts.values() if c.label == "rheumatoid arthritis")
    assert concept.curie == "MONDO:0008383"
    assert all(c.curie == c.id or ":" in c.curie for c in lexicon().concepts.values())
    assert all("NoTermFound" not in c.curie for c in lexicon().concepts.values())


def test_a_cell_type_that_names_its_tissue_knows_it() -> None:
    found = lexicon().lookup("cell_type", "BM-MSCs")
    assert found
    tissue = lexicon().tissue_of(found.concept)
    assert tissue
    assert (tissue.label, tissue.curie) == ("bone marrow", "UBERON:0002371")
    plain = lexicon().lookup("cell_type", "MSCs")
    assert plain
    assert lexicon().tissue_of(plain.concept) is None


def test_an_ambiguous_abbreviation_names_its_candidates() -> None:
    assert [c.label for c in lexicon().candidates("outcome", "NRS")] == [
        "numeric rating scale",
        "Scripps Neurological Rating Scale",
    ]
    assert lexicon().candidates("disease", "NRS") == ()


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text(st.sampled_from("sSiIeEuUyYαγβİß -‑–’`.,;:x\u00a0"), max_size=12))
def test_folding_keeps_places_of_difficult_letters(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert normalise(text.upper() if text.isascii() else text) == normalise(text)


@given(st.sampled_from(sorted(lexicon().lines)), st.text(max_size=60))
def test_any_text_may_be_searched(field: str, text: str) -> None:
    end_before = 0
    for start, end, mention in lexicon().find(field, text):
        assert end_before <= start < end <= len(text)
        assert mention.concept.field == field
        end_before = end
    lexicon().lookup(field, text)


HEAD = (
    "subject_id\tsubject_label\tsubject_type\tpredicate_id\tobject_id\tobject_label\tmapping_justification\n"
)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_its_lines_with_their_numbers(tmp_path: Path) -> None:
    lines = read_mappings(
        write(
            tmp_path / "colour.sssom.tsv",
            '# mapping_date: "2026-11-23"\n'
            + HEAD
            + '\tred "ish"\trdfs literal\tskos:exactMatch\ttgc:red\tred\tsemapv:ManualMappingCuration\n'
            + "tgc:red\tred\t\tskos:exactMatch\tPATO:0000322\tred\tsemapv:ManualMappingCuration\n",
        )
    )
    assert [(m.id, m.subject, m.literal, m.object, m.date) for m in lines] == [
        ("colour/3", 'red "ish"', True, "tgc:red", "2026-11-23"),
        ("colour/4", "tgc:red", False, "PATO:0000322", "2026-11-23"),
    ]
    own = Lexicon({"colour": lines})
    assert own.concepts["tgc:red"].label == "red"
    found = own.lookup("colour", 'Red "ish"')
    assert found
    assert found.mapping.id == "colour/3"


def test_a_file_without_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"colour\.sssom\.tsv: columns missing: .*object_id"):
        read_mappings(write(tmp_path / "colour.sssom.tsv", "subject_id\tsubject_label\n"))


def test_a_header_that_is_no_yaml(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the header is no YAML"):
        read_mappings(write(tmp_path / "colour.sssom.tsv", "# a: [\n" + HEAD))
