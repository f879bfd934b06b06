"""The gates on mappings: what main has passes, and every wrong mapping is refused by file, line, concept and term."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import pytest

from tests.graph.mapping_mutations import Mutant, accepted, mutants, rounds, terms, with_mutants, wrong
from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.terminology import branches as branches_module
from trialgraph.terminology.branches import WAYS, branches, reviewed_matches
from trialgraph.terminology.lexicon import NO_TERM, MappingLine, lexicon

MS, RA, BM_MSC = "MONDO:0005301", "tgc:rheumatoid-arthritis", "tgc:bone-marrow-mesenchymal-stem-cell"


def line_of(subject: str, target: str) -> MappingLine:
    field = lexicon().concepts[subject].field
    return next(m for m in lexicon().lines[field] if m.subject == subject and m.object == target)


def messages(*changed: Mutant) -> list[str]:
    """What the gates say of the changed lines, each without the line that it starts with."""
    found = mapping_findings(with_mutants(changed), terms())
    assert {finding.severity for finding in found} <= {"violation"}
    return [
        finding.message.partition("): ")[2] for finding in found if changed[0].line.subject in finding.message
    ]


def test_the_mappings_pass() -> None:
    assert [finding.line() for finding in mapping_findings(lexicon(), terms())] == []


def test_every_wrong_mapping_is_refused() -> None:
    """Three of each field and kind; all 700 with `mutants()`."""
    made = mutants(3)
    fields = {field for field, lines in lexicon().lines.items() if lines}
    kinds: dict[str, set[str]] = defaultdict(set)
    for mutant in made:
        kinds[mutant.line.field].add(mutant.kind)
    assert len(made) >= 250
    assert set(kinds) == fields
    # Of a field of two or three concepts, not every kind of mistake can be made.
    few = {
        field for field, lines in lexicon().lines.items() if len({x.object for x in lines if x.literal}) <= 3
    }
    told = {field: len(found) for field, found in kinds.items()}
    assert all(count >= (2 if field in few else 3) for field, count in told.items()), told
    assert len(set().union(*kinds.values())) >= 12
    assert [name for round_ in rounds(made) for name in accepted(round_)] == []


def test_the_observed_fault_is_told_with_file_line_concept_term_and_remedy() -> None:
    line = line_of(RA, "MONDO:0008383")
    spoilt = with_mutants([Mutant("observed", wrong(line, MS))])
    where = f"ontology/concepts/disease.sssom.tsv:{line.id.partition('/')[2]}"
    told = [finding for finding in mapping_findings(spoilt, terms()) if finding.focus == where]
    start = f"{RA} (rheumatoid arthritis) exactMatch {MS} (multiple sclerosis): "
    assert {finding.message.removeprefix(start) for finding in told} == {
        "tgc:multiple-sclerosis is exactly this term, too; join the concepts, or correct one of the lines",
        "no name of the concept is a name of the term; correct the id, or give a reason in "
        "ontology/concepts/reviewed_matches.tsv",
        "by its cross-references it is DOID:2377, and the concept is exactly DOID:7148; correct one of the two, or "
        "give a reason in ontology/concepts/reviewed_matches.tsv",
        "by its cross-references it is MESH:D009103, and the concept is exactly MESH:D001172; correct one of the two, "
        "or give a reason in ontology/concepts/reviewed_matches.tsv",
        "by its cross-references it is what tgc:multiple-sclerosis is; correct one of the two, or give a reason in "
        "ontology/concepts/reviewed_matches.tsv",
    }


@pytest.mark.parametrize(
    ("subject", "target", "other", "predicate", "message"),
    [
        (BM_MSC, "CL:0002540", "UBERON:0002371", "", "cell_type is not mapped to UBERON"),
        ("tgc:phase-2", "NCIT:C15601", "NCIT:C38276", "", "outside the branches of phase in NCIT (NCIT:C66737)"),
        ("tgc:multiple-sclerosis", "MESH:D009103", "MESH:D016896", "", "outside the branches of disease in MESH"),
        ("tgc:cd1c-positive-dc-amount", "CL:0002399", "CL:0002399", "skos:exactMatch", "use relatedMatch"),
        ("tgc:myocardial-infarction", "MONDO:0005068", "MONDO:0004781", "", "is exactly this term, too"),
        ("tgc:knee-joint", "UBERON:0001485", "UBERON:0001465", "", "no name of the concept is a name of the term"),
        # A term may have the name as a synonym, where another has it as its label.
        ("tgc:immunomodulation", "GO:0002682", "GO:0050727", "skos:exactMatch", "no name of the concept"),
        ("tgc:perianal-fistula", "MONDO:0000754", "MONDO:0005301", "", "share no word"),
        ("tgc:suppression-of-t-cell-proliferation", "GO:0042130", "GO:0042102", "skos:closeMatch", "opposite"),
    ],
)  # fmt: skip
def test_a_wrong_target(subject: str, target: str, other: str, predicate: str, message: str) -> None:
    if terms().get(other) is None:
        pytest.fail(f"{other} is not in the module: choose another example")
    told = messages(Mutant("one", wrong(line_of(subject, target), other, predicate)))
    assert any(message in line for line in told), told


@pytest.mark.parametrize(
    ("subject", "target", "other", "predicate", "message"),
    [
        # Broader than its exact match is none below it, nor the match itself; narrower none above it.
        (RA, "MONDO:0008383", "MONDO:0005306", "skos:broadMatch", "is not broader than MONDO:0008383"),
        (RA, "MONDO:0008383", "MONDO:0008383", "skos:broadMatch", "mapped to this term in two ways"),
        (RA, "MONDO:0008383", MS, "skos:broadMatch", "is not above MONDO:0008383"),
        (RA, "MONDO:0008383", "MONDO:0000001", "skos:narrowMatch", "is not narrower than MONDO:0008383"),
        (RA, "MONDO:0008383", MS, "skos:narrowMatch", "is not below MONDO:0008383"),
        # By MeSH tree numbers; and by our own hierarchy, where the other ontology has none here.
        ("tgc:multiple-sclerosis", "MESH:D009103", "MESH:D020528", "skos:broadMatch", "not broader than MESH:D009103"),
        ("tgc:phase-1", "NCIT:C15600", "NCIT:C199990", "skos:broadMatch", "which is exactly tgc:phase-1a, a narrower"),
        ("tgc:phase-1a", "NCIT:C199990", "NCIT:C15600", "skos:narrowMatch", "which is exactly tgc:phase-1, a broader"),
        ("tgc:das28-esr", "EFO:0009435", "EFO:0009435", "skos:narrowMatch", "mapped to this term in two ways"),
        ("tgc:placenta-derived-mesenchymal-stem-cell", "CL:2000061", "CL:2000061", "skos:broadMatch", "as narrower"),
        # Exact is one term of an ontology, and what is close to it says nothing.
        ("tgc:edss", "NCIT:C112520", "NCIT:C115791", "skos:exactMatch", "it is exactly NCIT:C112520, too"),
        ("tgc:multiple-sclerosis", MS, "MONDO:0005100", "skos:closeMatch", f"it is exactly {MS}, so what is close"),
    ],
)  # fmt: skip
def test_a_wrong_line_beside(subject: str, target: str, other: str, predicate: str, message: str) -> None:
    told = messages(Mutant("one", wrong(line_of(subject, target), other, predicate), instead=False))
    assert any(message in line for line in told), told


def test_right_lines_beside_are_accepted() -> None:
    """A broader disease, a narrower one, one by a MeSH tree number."""
    for subject, target, other, predicate in (
        ("tgc:rheumatoid-arthritis", "MONDO:0008383", "MONDO:0007179", "skos:broadMatch"),
        ("tgc:multiple-sclerosis", "MESH:D009103", "MESH:D020528", "skos:narrowMatch"),
        ("tgc:primary-progressive-multiple-sclerosis", "MONDO:0000451", MS, "skos:broadMatch"),
    ):
        line = line_of(subject, target)
        added = Mutant("right", wrong(line, other, predicate), instead=False)
        assert [m for m in messages(added) if "share no word" not in m] == [], added.name


def test_an_exception_names_a_line_and_is_needed() -> None:
    kept = dict(reviewed_matches())
    gone = ("tgc:phase-1", "skos:exactMatch", "MONDO:0005301")
    idle = ("tgc:phase-1", "skos:exactMatch", "NCIT:C15600")
    found = mapping_findings(lexicon(), terms(), reviewed={**kept, gone: "why", idle: "why"})
    assert [(finding.focus, finding.message) for finding in found] == [
        ("ontology/concepts/reviewed_matches.tsv", f"{' '.join(gone)}: there is no such mapping; remove the line"),
        ("ontology/concepts/reviewed_matches.tsv", f"{' '.join(idle)}: it needs no exception; remove the line"),
    ]  # fmt: skip
    assert len(mapping_findings(lexicon(), terms(), reviewed={})) == len(kept)


def test_an_exception_excuses_names_and_nothing_else() -> None:
    line = wrong(line_of(RA, "MONDO:0008383"), "CL:0000236")
    spoilt = with_mutants([Mutant("foreign", line)])
    found = mapping_findings(
        spoilt, terms(), reviewed={(RA, line.predicate, line.object): "why", **reviewed_matches()}
    )
    assert any("disease is not mapped to CL" in finding.message for finding in found)


def test_every_branch_is_used_and_says_why() -> None:
    rows = (resource("ontology") / "concepts" / "branches.tsv").read_text("utf-8").splitlines()
    assert all(len(row.split("\t")) == 7 and row.rsplit("\t", 1)[1] for row in rows)
    lines = [m for found in lexicon().lines.values() for m in found if not m.literal and m.object != NO_TERM]
    for (field, ontology), here in branches().items():
        mine = [m for m in lines if m.field == field and m.object.startswith(f"{ontology}:")]
        for branch in here:
            assert branch.by in WAYS
            assert any(terms().in_branch(m.object, branch) for m in mine), branch
            listed = set(branch.roots) if branch.by == "term" else set()
            assert listed <= {m.object for m in mine}, branch


@pytest.mark.parametrize(
    ("read", "name", "text", "message"),
    [
        (branches, "branches.tsv", "field\tontology\tby\nroute\tNCIT\tguess\n", "guess"),
        (reviewed_matches, "reviewed_matches.tsv", "subject_id\treason\na\t \n", "without a reason"),
    ],
)  # fmt: skip
def test_a_broken_table_is_an_error(read, name, text, message, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "concepts").mkdir()
    (tmp_path / "concepts" / name).write_text(text, "utf-8")
    monkeypatch.setattr(branches_module, "resource", lambda _: tmp_path)
    with pytest.raises(InputError, match=message):
        read.__wrapped__()


def test_an_obsolete_or_absent_term_is_told_once() -> None:
    """By the checks of terms, which name the replacement."""
    for curie in ("MONDO:0005088", "MONDO:0008384"):
        line = dataclasses.replace(line_of(RA, "MONDO:0008383"), object=curie)
        assert not [m for m in messages(Mutant("old", line)) if "name" in m]
