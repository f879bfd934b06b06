"""A small table of two rows, its concepts and readings of its cells, without a reader."""

from __future__ import annotations

import hashlib
from pathlib import Path

from trialgraph.extract.sources import Source
from trialgraph.model.reading import Reading, Rule, Value
from trialgraph.model.table import Cell, Row
from trialgraph.terminology.lexicon import Concept, Definition, Lexicon, MappingLine, Mention

HEADERS = (
    ("Study type", "phase"),
    ("MSC source", "cell_source"),
    ("Disease", "disease"),
    ("Patients", "patients"),
    ("Administration", "administration"),
    ("Follow-up", "follow_up"),
    ("Mechanism", "mechanism"),
    ("Outcome measures", "outcomes"),
    ("Conclusion", "conclusion"),
    ("Number", "registration"),
    ("Ref.", "reference"),
    ("Funding", None),
)
LINES = (
    (
        "Phase Ib/IIa",
        "AD-MSCs, Cx611 (allogeneic)",
        "Refractory RA",
        "54 (392/15)",
        "(1-2) × 106 cells/kg, IV infusion with DMARDs and herbs",
        "6.5",
        "Immunomodulation",
        'ACR20, "joy" \\ 5 µg\tµ',
        "Safe; ACR20 rose",
        "NCT01663116",
        "[7]",
        "none",
    ),
    ("-", "BM-MSCs", "SLE", "2 (2/0)", None, "4", None, None, None, None, None, None),
)
RULE = Rule("sample.words", "The words as printed.", "RA", "RA", "-")
SLUG = "sample-table"


def mapping(field: str, subject: str, target: str, label: str, *, literal: bool, **more: str) -> MappingLine:
    """A line of a concept file."""
    given = {
        "predicate": "skos:exactMatch",
        "justification": "semapv:ManualMappingCuration",
        "release": "",
        "comment": "",
        "date": "2026-11-23",
        "author": "The trialgraph authors",
        "source": "" if literal else "bioregistry:sample",
    } | more
    object_label = label if literal else "an external term"
    name = subject if literal else label
    return MappingLine(
        f"{field}/9", subject, name, literal, object=target, object_label=object_label, **given
    )


CONCEPTS = (
    ("disease", "RA", "rheumatoid-arthritis", "rheumatoid arthritis", "skos:exactMatch", "MONDO:0008383"),
    ("disease", "SLE", "lupus", "systemic lupus erythematosus", "skos:exactMatch", "MONDO:0007915"),
    ("qualifier", "Refractory", "refractory", "refractory", "skos:exactMatch", "sssom:NoTermFound"),
    (
        "cell_type",
        "AD-MSCs",
        "ad-msc",
        "adipose-derived mesenchymal stem cell",
        "skos:exactMatch",
        "CL:0002570",
    ),
    ("cell_type", "BM-MSCs", "bm-msc", "our own bone marrow cell", "skos:broadMatch", "CL:0000134"),
    ("tissue", "adipose tissue", "adipose-tissue", "adipose tissue", "skos:exactMatch", "UBERON:0001013"),
    ("tissue", "knee", "knee", "knee", "skos:exactMatch", "UBERON:0001465"),
    ("route", "IV", "intravenous", "intravenous", "skos:exactMatch", "NCIT:C38276"),
    ("method", "infusion", "infusion", "infusion", "skos:exactMatch", "MESH:D007262"),
    ("phase", "Ib/IIa", "phase-1b-2a", "Phase 1b/2a", "skos:broadMatch", "NCIT:C15694"),
    ("outcome", "ACR20", "acr20", "ACR20 response", "skos:exactMatch", "EFO:0022379"),
    (
        "mechanism",
        "Immunomodulation",
        "immunomodulation",
        "immunomodulation",
        "skos:exactMatch",
        "MESH:D056747",
    ),
    ("outcome", "pain", "pain", "pain", "skos:closeMatch", "EFO:0022379"),
    ("outcome", "walking", "walking", "walking", "skos:narrowMatch", "NCIT:C115794"),
    ("mechanism", "repair", "repair", "repair", "skos:relatedMatch", "MESH:D056747"),
    ("product", "DMARDs", "dmard", "disease-modifying antirheumatic drug", "skos:exactMatch", "CHEBI:35842"),
)


#: Words that are something else than the concept that they lead to, or are the words of another ontology.
FORMS = [
    mapping("outcome", surface, "tgc:pain", "pain", literal=True, **more)
    for surface, more in {
        "knee pain": {"predicate": "skos:broadMatch"},
        "discomfort": {"predicate": "skos:narrowMatch"},
        "nociception": {"predicate": "skos:relatedMatch"},
        "ache": {
            "justification": "semapv:LexicalMatching",
            "source": "bioregistry:sample",
            "release": "2026-05-05",
        },
    }.items()
]


def sample_lexicon() -> Lexicon:
    """One surface form and one external mapping for each concept."""
    lines: dict[str, list[MappingLine]] = {}
    for field, surface, slug, label, predicate, curie in CONCEPTS:
        lines.setdefault(field, []).append(mapping(field, surface, f"tgc:{slug}", label, literal=True))
        lines[field].append(
            mapping(
                field, f"tgc:{slug}", curie, label, literal=False, predicate=predicate, release="2026-05-05"
            )
        )
    lines["outcome"] += FORMS
    definitions = {f"tgc:{slug}": Definition(f"What {label} means.") for _, _, slug, label, *_ in CONCEPTS}
    definitions["tgc:lupus"] = Definition("A disease of many organs.", "MONDO:0007915")
    definitions["tgc:walking"] = Definition("How well a patient walks.", broader="tgc:pain")
    return Lexicon({field: tuple(made) for field, made in lines.items()}, definitions=definitions)


LEXICON = sample_lexicon()


def known(field: str, surface: str) -> Mention:
    """What the words mean in that field."""
    mention = LEXICON.lookup(field, surface)
    assert mention is not None, surface
    return mention


def concept(field: str, surface: str) -> Concept:
    """The concept of the words in that field."""
    return known(field, surface).concept


def sample_source() -> Source:
    """The table's text: the lines between a caption and the end, cells run together."""
    body = "Caption α\n" + "\n".join("".join(cell or "" for cell in line) for line in LINES) + "\nodd line\n"
    meta = {
        "title": "A sample of trials",
        "doi": "10.1000/sample.1",
        "table": 1,
        "licence": "CC-BY-NC-4.0",
        "licence_iri": "https://creativecommons.org/licenses/by-nc/4.0/",
        "issued": "2025-07-26",
        "retrieved": "2026-11-23",
        "published_in": "Journal of Samples 2025;1(1):1",
        "rights": "Copyright ©The Author(s) 2025.",
    }
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Source(SLUG, Path("seeds") / SLUG / "source.txt", body, digest, meta=meta)


def sample_row(number: int) -> Row:
    """Row ``number`` (1 or 2) of the table, its cells at their true offsets."""
    text = sample_source().text
    at = text.index("".join(cell or "" for cell in LINES[number - 1]))
    cells = []
    for column, ((header, field), words) in enumerate(zip(HEADERS, LINES[number - 1], strict=True), start=1):
        end = at + len(words or "")
        key = field.replace("_", "-") if field else f"column-{column}"
        cells.append(Cell(header, field, key, column, words, at, end))
        at = end
    close = tuple(cells[:2]) if number == 2 else ()
    return Row(SLUG, number, number + 1, tuple(cells), 0.987654, close)


def reading(row: Row, field: str, words: str, name: str, value: Value = None, kind: str = "") -> Reading:
    """Those words in that cell, as a reading."""
    cell = row.cell(field)
    assert cell is not None
    assert cell.text is not None
    start = cell.start + cell.text.index(words)
    mention = known(kind, words) if kind else None
    return Reading(name, cell, words, start, start + len(words), value, RULE.id, mention)
