"""Extraction of the ontology module: the external terms in use, their ancestors, the descendants of chosen roots.

``ontology/module.toml`` says which roots, and for each ontology its release and licence; the terms in use are the
external ids of the concept files. Terms are kept as plain triples by subject: what an ontology has as a
part-of restriction is a triple between two classes here. The same input gives the same bytes.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.base.safe_xml import refuse_entities
from trialgraph.rdf.vocabulary import DCTERMS, HOME, OWL, PREFIXES, RDF, RDFS, SKOS, VOID, compact, expand
from trialgraph.terminology.lexicon import Lexicon

__all__ = [
    "Terms",
    "extract",
    "from_obo",
    "from_rdf",
    "in_use",
    "ontology_of",
    "rdf_form",
    "recipe",
    "turtle",
]

#: The triples of each term.
Terms = dict[NamedNode, set[Triple]]

DEFINITION: Final = expand("IAO:0000115")
REPLACED_BY: Final = expand("IAO:0100001")
PART_OF: Final = expand("BFO:0000050")
BROADER: Final = expand("skos:broader")
_SCOPES: Final = ("Exact", "Broad", "Narrow", "Related")
_SYNONYMS: Final = {scope: expand(f"oboInOwl:has{scope}Synonym") for scope in _SCOPES}
_UNSCOPED: Final = expand("oboInOwl:hasSynonym")
#: What OBO says of a synonym without a scope.
RELATED_SYNONYM: Final = _SYNONYMS["Related"]
TREE_NUMBER: Final = expand("meshv:treeNumber")
_UP: Final = (RDFS.subClassOf, BROADER)
# "a skos:related b" links terms that an ontology relates in a way that this module does not model.
_ANNOTATIONS: Final = (
    *_SYNONYMS.values(), TREE_NUMBER, DEFINITION, REPLACED_BY, SKOS.altLabel, SKOS.inScheme, BROADER,
    expand("skos:notation"), expand("skos:related"), DCTERMS.title, DCTERMS.license, DCTERMS.description,
)  # fmt: skip
_KEPT: Final = frozenset({*_ANNOTATIONS, *_UP, PART_OF, RDF.type, RDFS.label, OWL.deprecated})
_KINDS: Final = frozenset({OWL.Class, SKOS.Concept, OWL.NamedIndividual})
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|BROAD|NARROW|RELATED)?')
_HEADER: Final = """\
# The terms of other ontologies that trialgraph refers to, with their ancestors: a module, not the ontologies.
# Made by `make module` (or `trialgraph fetch`) from the releases that stand below, by module.toml; do not edit by
# hand. Each ontology keeps its licence, stated below and in LICENCE.md. Part-of links stand as plain triples between
# classes; the source has them as existential restrictions. Definitions only of the terms in use. A synonym is exact,
# broad or narrow where its source says so. Releases of MONDO, UBERON, EFO and GO as packaged, and NCIt as in CDISC CT,
# give no scope: their synonyms are related ones here, as OBO reads a synonym without a scope; many are exact.
# meshv:treeNumber is as in NLM's RDF.
"""


@cache
def recipe() -> Mapping[str, Any]:
    """``ontology/module.toml``.

    :raises InputError: it is missing or no TOML
    """
    path = resource("ontology") / "module.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("cannot be read", where=str(path), hint="reinstall trialgraph") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"no TOML: {error}", where=str(path), hint="correct the line") from error


def in_use(lexicon: Lexicon) -> set[str]:
    """CURIEs of the external terms that the concept files name, as targets or as candidates of an abbreviation."""
    targets = {line.object for lines in lexicon.lines.values() for line in lines if not line.literal}
    candidates = {candidate.curie for candidate in lexicon.ambiguous}
    return {curie for curie in targets | candidates if curie and not curie.startswith(("sssom:", "tgc:"))}


def ontology_of(curie: str) -> str | None:
    """The key in the recipe of the ontology that a term belongs to, or None."""
    prefix = curie.partition(":")[0]
    return next((key for key, about in recipe()["ontology"].items() if prefix in about["prefixes"]), None)


def from_rdf(path: Path) -> Terms:
    """The terms of an OWL or SKOS file (Turtle or RDF/XML by its suffix): only what the module keeps.

    :raises InputError: it cannot be read
    """
    made: Terms = defaultdict(set)
    restrictions: dict[Any, dict[str, Any]] = defaultdict(dict)
    nested: list[tuple[NamedNode, Any]] = []
    if rdf_form(path) == ox.RdfFormat.RDF_XML:
        refuse_entities(path)
    try:
        for quad in ox.parse(path=path, format=rdf_form(path)):
            subject, predicate, target = quad.subject, quad.predicate, quad.object
            if isinstance(subject, ox.BlankNode):
                restrictions[subject][predicate.value.rpartition("#")[2]] = target
            elif predicate == RDFS.subClassOf and isinstance(target, ox.BlankNode):
                nested.append((subject, target))
            elif predicate == _UNSCOPED:
                made[subject].add(Triple(subject, RELATED_SYNONYM, _plain(target)))
            elif predicate in _KEPT and (predicate != RDF.type or target in _KINDS):
                made[subject].add(Triple(subject, predicate, _plain(target)))
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(
            f"cannot be read as RDF: {error}", where=str(path), hint="use another file"
        ) from error
    for subject, node in nested:
        found = restrictions[node]
        whole = found.get("someValuesFrom")
        if found.get("onProperty") == PART_OF and isinstance(whole, NamedNode):
            made[subject].add(Triple(subject, PART_OF, whole))
    return made


def rdf_form(path: Path) -> ox.RdfFormat:
    """How a file is written: Turtle or, as ontologies are published, RDF/XML."""
    return ox.RdfFormat.TURTLE if path.suffix == ".ttl" else ox.RdfFormat.RDF_XML


def _plain(target: Any) -> Any:
    """English without its tag, as the concept files have their labels."""
    return Literal(target.value) if isinstance(target, Literal) and target.language else target


def from_obo(path: Path) -> tuple[Terms, str]:
    """The terms of an OBO file, and its data version (empty where none is stated).

    :raises InputError: it cannot be read
    """
    made: Terms = {}
    version = ""
    subject: NamedNode | None = None
    in_term = False
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                tag, _, value = line.rstrip("\n").partition(": ")
                if line.startswith("["):
                    in_term, subject = line.startswith("[Term]"), None
                elif tag == "data-version":
                    version = value
                elif in_term and tag == "id":
                    subject = _known(value)
                    if subject:
                        made[subject] = {Triple(subject, RDF.type, OWL.Class)}
                elif subject and tag:
                    made[subject].update(_obo(subject, tag, value))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read as OBO: {error}", where=str(path), hint="use another file"
        ) from error
    return made, version


def _obo(subject: NamedNode, tag: str, value: str) -> Iterator[Triple]:
    """The triples of one line of an OBO stanza."""
    quoted = _QUOTED.match(value)
    text = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else ""
    first = value.split(" ")[0]
    if tag == "name":
        yield Triple(subject, RDFS.label, Literal(value))
    elif tag == "def":
        yield Triple(subject, DEFINITION, Literal(text))
    elif tag == "synonym" and quoted:
        yield Triple(subject, _SYNONYMS[(quoted[2] or "Related").capitalize()], Literal(text))
    elif tag == "is_obsolete" and value == "true":
        yield Triple(subject, OWL.deprecated, Literal(True))
    elif tag == "relationship":
        whole = _known(value.split(" ")[1]) if first in ("part_of", "BFO:0000050") else None
        if whole:
            yield Triple(subject, PART_OF, whole)
    elif tag in ("is_a", "replaced_by"):
        target = _known(first)
        if target:
            yield Triple(subject, RDFS.subClassOf if tag == "is_a" else REPLACED_BY, target)


def _known(curie: str) -> NamedNode | None:
    """The IRI of a CURIE in an OBO file; None if its prefix is unknown."""
    try:
        return expand(curie)
    except UsageError:
        return None


def extract(terms: Terms, used: Iterable[str]) -> Terms:
    """The terms in use, those that the recipe names, the descendants of its roots, and all ancestors.

    Definitions stay with the terms in use only.
    """
    wanted, seeds = recipe()["terms"], {expand(curie) for curie in used}
    below: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for subject, triples in terms.items():
        for triple in triples:
            if triple.predicate == RDFS.subClassOf:
                below[triple.object].add(subject)  # type: ignore[index]  # blank nodes are left out above
    roots = {expand(curie) for curie in wanted["roots"]}
    chosen = _reached(roots, lambda node: below[node])
    chosen |= seeds | {expand(curie) for curie in (*wanted["also"], *wanted["obsolete"])}
    ups = (*_UP, PART_OF)
    chosen = _reached(chosen, lambda node: (t.object for t in terms.get(node, ()) if t.predicate in ups))
    chosen &= terms.keys()
    made: Terms = {}
    for node in chosen:
        links = (t for t in terms[node] if t.predicate not in ups or t.object in chosen)
        made[node] = {t for t in links if t.predicate != DEFINITION or node in seeds}
    return made


def _reached(start: Iterable[NamedNode], step: Any) -> set[NamedNode]:
    found: set[NamedNode] = set()
    todo = list(start)
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(step(node))
    return found


def turtle(terms: Terms, releases: Mapping[str, str]) -> bytes:
    """The module as Turtle, sorted: our header, each ontology with its release and licence, the terms.

    :param releases: of each ontology in the recipe, which release the terms are from
    """
    triples = {triple for found in terms.values() for triple in found}
    about = recipe()["ontology"]
    for node in terms:
        key = ontology_of(compact(node.value))
        if key:
            triples.add(Triple(node, RDFS.isDefinedBy, NamedNode(about[key]["iri"])))
    individuals = {t.subject for t in triples if t.predicate == RDF.type and t.object == SKOS.Concept}
    triples |= {Triple(node, RDF.type, OWL.NamedIndividual) for node in individuals}
    triples.update(_header(releases), _declared(triples))
    body = ox.serialize(sorted(triples, key=_order), format=ox.RdfFormat.TURTLE, prefixes=_prefixes(triples))
    assert body is not None  # noqa: S101 - without an output file, serialize returns the bytes
    return "\n".join((_HEADER, *_laid_out(body.decode("utf-8")), "")).encode("utf-8")


def _order(triple: Triple) -> tuple[str, bool, str]:
    """By subject, its kind first."""
    return str(triple.subject), triple.predicate != RDF.type, str(triple)


def _laid_out(body: str) -> Iterator[str]:
    """The engine's Turtle with its prefixes in order and an empty line before each subject."""
    lines = body.splitlines()
    yield from sorted(line for line in lines if line.startswith("@prefix"))
    for line in lines:
        if not line.startswith("@prefix"):
            yield line if line.startswith("\t") else f"\n{line}"


def _header(releases: Mapping[str, str]) -> Iterator[Triple]:
    own, node = recipe()["module"], NamedNode(HOME + "module")
    yield Triple(node, RDF.type, OWL.Ontology)
    yield Triple(node, DCTERMS.title, Literal(own["title"], language="en"))
    yield Triple(node, DCTERMS.description, Literal(own["description"], language="en"))
    yield Triple(node, DCTERMS.license, NamedNode(own["licence"]))
    version = max([own["version"], *re.findall(r"\d{4}-\d\d-\d\d", " ".join(releases.values()))])
    yield Triple(node, OWL.versionInfo, Literal(version))
    yield Triple(node, OWL.versionIRI, NamedNode(f"{HOME}releases/{version}/module"))
    yield Triple(VOID.Dataset, RDF.type, OWL.Class)
    for key, about in recipe()["ontology"].items():
        # No owl:Ontology: a document in OWL 2 DL has one.
        iri = NamedNode(about["iri"])
        yield Triple(iri, RDF.type, VOID.Dataset)
        yield Triple(iri, RDFS.label, Literal(about["title"]))
        yield Triple(iri, DCTERMS.title, Literal(about["title"]))
        yield Triple(iri, DCTERMS.license, NamedNode(about["licence"]))
        yield Triple(iri, OWL.versionInfo, Literal(releases[key]))


def _declared(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Declarations of the properties in use, as OWL tools require."""
    used = {triple.predicate for triple in triples}
    for predicate in used & set(_ANNOTATIONS):
        yield Triple(predicate, RDF.type, OWL.AnnotationProperty)
    if PART_OF in used:
        yield Triple(PART_OF, RDF.type, expand("owl:ObjectProperty"))
    yield Triple(SKOS.Concept, RDF.type, OWL.Class)


def _prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    """The prefixes that the IRIs of the triples have."""
    iris = {node.value for t in triples for node in t if isinstance(node, NamedNode)}
    used = {compact(iri).partition(":")[0] for iri in iris}
    return {name: PREFIXES[name] for name in sorted(used & set(PREFIXES))}
