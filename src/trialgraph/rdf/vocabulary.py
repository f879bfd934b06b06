"""Namespaces, vocabulary terms and prefixes of the graph. Data IRIs are minted in ``iris``.

The vocabulary (``tg:``, ``tgc:``) is published once and keeps its IRIs wherever a copy is served, so that a
saved query runs on every copy; only data IRIs follow the setting ``base_iri``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.base.errors import UsageError
from trialgraph.base.package_data import resource

__all__ = [
    "CORE",
    "DCAT",
    "DCTERMS",
    "DEFAULT_GRAPH_NAMES",
    "FOAF",
    "GRAPHML_SCHEMA",
    "GRAPHML_SPACE",
    "HERE",
    "HOME",
    "IDENTIFIERS",
    "IN_SUBSET",
    "NOWHERE",
    "OA",
    "OWL",
    "PREFIXES",
    "PROV",
    "QUDT",
    "RDF",
    "RDFS",
    "REGISTRIES",
    "RESOLVED",
    "RO_CRATE_CONTEXT",
    "RO_CRATE_PROFILE",
    "SCHEMA",
    "SCHEMA_INSTANCE_SPACE",
    "SD",
    "SH",
    "SIMPLE_ENTAILMENT",
    "SKOS",
    "SPDX",
    "SPELLINGS",
    "SSSOM",
    "SVG_SPACE",
    "TERMS",
    "TG",
    "UNIT",
    "VEGA_LITE",
    "VOID",
    "VOID_EXT",
    "XSD",
    "Names",
    "compact",
    "concept",
    "content",
    "expand",
    "licence",
    "licence_name",
    "media_type",
    "rfc",
]

HOME: Final = "https://w3id.org/trialgraph/"
#: Placeholder for the server's own address, which is only known with a request.
HERE: Final = "http://here.invalid/"

_OBO: Final = "http://purl.obolibrary.org/obo/"
_OBO_SPACES: Final = """
    BFO CHEBI CL CTO DOID GO HP IAO ICO MAXO MONDO NCBITaxon NCIT OAE OBI OPMI PATO RO UBERON UO
"""

#: Prefix to namespace, as in the Bioregistry, with the CURIE spellings of the concept files.
PREFIXES: Final[Mapping[str, str]] = {
    "tg": HOME + "ontology/",
    "tgc": HOME + "concept/",
    "biolink": "https://w3id.org/biolink/vocab/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "meshv": "http://id.nlm.nih.gov/mesh/vocab#",
    "oa": "http://www.w3.org/ns/oa#",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "obo": _OBO,
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    **{space: f"{_OBO}{space}_" for space in _OBO_SPACES.split()},
    "SIO": "http://semanticscience.org/resource/SIO_",
    "bioregistry": "https://bioregistry.io/",
    "chictr": "https://bioregistry.io/chictr:",
    "clinicaltrials": "https://bioregistry.io/clinicaltrials:",
    "isrctn": "https://bioregistry.io/isrctn:",
    "doi": "https://doi.org/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}

#: Prefixes of external terms: diseases, cells, tissues, measures, units.
TERMS: Final = frozenset({"EFO", "MESH", "SIO", "unit", *_OBO_SPACES.split()})

#: Where identifiers.org resolves ``<prefix>:<id>``, and the prefixes of registries that it knows.
IDENTIFIERS: Final = "https://identifiers.org/"
RESOLVED: Final = frozenset({"clinicaltrials"})

#: Registry as printed to its Bioregistry prefix; a registry without one gives no ``tg:registeredAs``.
REGISTRIES: Final[Mapping[str, str]] = {
    "ClinicalTrials.gov": "clinicaltrials",
    "ChiCTR": "chictr",
    "ISRCTN": "isrctn",
}

#: What the Bioregistry (0.15.6, CC0) says of prefixes whose ids we print: the pattern of an id, other namespaces.
SPELLINGS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "CL": (r"^\d{7}$", ("https://identifiers.org/CL:", "https://bioregistry.io/cl:")),
    "MESH": (r"^(C|D|Q)\d+$", ("https://meshb.nlm.nih.gov/record/ui?ui=", "https://bioregistry.io/mesh:")),
    "MONDO": (r"^\d{7}$", ("https://identifiers.org/MONDO:", "https://bioregistry.io/mondo:")),
    "NCIT": (r"^(C|R|P|A|NHC)\d+$", ("https://identifiers.org/ncit:", "https://bioregistry.io/ncit:")),
    "SIO": (r"^\d{6}$", ("https://semanticscience.org/resource/SIO_",)),
    "chictr": (r"^ChiCTR(-[A-Z]+-)?\d+$", ()),
    "clinicaltrials": (
        r"^NCT\d{8}$",
        ("https://identifiers.org/clinicaltrials:", "https://www.clinicaltrials.gov/study/"),
    ),
    "doi": (r"^10.\d{2,9}/.*$", ("https://identifiers.org/doi:", "https://bioregistry.io/doi:")),
    "isrctn": (r"^ISRCTN\d+$", ("https://www.isrctn.com/",)),
}

_LICENCES: Final[Mapping[str, str]] = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
}


class Names:
    """The terms of one namespace, as attributes: ``RDFS.label``; a name that was not declared is an error."""

    def __init__(self, prefix: str, names: str) -> None:
        self._terms = {name: NamedNode(PREFIXES[prefix] + name) for name in names.split()}
        self._prefix = prefix

    def __getattr__(self, name: str) -> NamedNode:
        try:
            return self._terms[name]
        except KeyError:
            raise AttributeError(f"{self._prefix}:{name} is not declared") from None

    def names(self) -> tuple[str, ...]:
        """The declared local names, sorted."""
        return tuple(sorted(self._terms))


class OntologyNames(Names):
    """The terms of our own ontology: those that ``ontology/trialgraph.ttl`` declares, one at the start of a line."""

    def __init__(self) -> None:
        super().__init__("tg", "")
        text = (resource("ontology") / "trialgraph.ttl").read_text(encoding="utf-8")
        names = re.findall(r"^tg:(\w+)\s+a\s", text, re.MULTILINE)
        self._terms = {name: NamedNode(PREFIXES["tg"] + name) for name in names}


TG: Final = OntologyNames()
#: The subset of the ontology that is its core, and the OBO property that marks its members.
CORE: Final = NamedNode(PREFIXES["tg"] + "core")
IN_SUBSET: Final = NamedNode(PREFIXES["oboInOwl"] + "inSubset")
RDF: Final = Names("rdf", "type first rest nil langString value")
RDFS: Final = Names("rdfs", "Class label comment subClassOf subPropertyOf domain range seeAlso isDefinedBy")
OWL: Final = Names(
    "owl",
    "AnnotationProperty Class DatatypeProperty NamedIndividual ObjectProperty Ontology versionIRI versionInfo "
    "deprecated equivalentClass intersectionOf unionOf onProperty someValuesFrom hasValue "
    "inverseOf disjointWith annotatedSource annotatedProperty annotatedTarget",
)
XSD: Final = Names(
    "xsd",
    "anyURI integer decimal boolean date gYear gYearMonth hexBinary string double float int long nonNegativeInteger "
    "positiveInteger",
)
SKOS: Final = Names(
    "skos",
    "Concept ConceptScheme prefLabel altLabel definition inScheme topConceptOf note example notation broader member "
    "exactMatch closeMatch broadMatch narrowMatch relatedMatch",
)
DCTERMS: Final = Names(
    "dcterms",
    "title description identifier license source issued modified creator publisher references hasPart isPartOf date "
    "rights type conformsTo bibliographicCitation isReplacedBy hasVersion",
)
OA: Final = Names(
    "oa",
    "hasSource hasSelector refinedBy start end FragmentSelector XPathSelector TextPositionSelector SpecificResource",
)
PROV: Final = Names("prov", "wasDerivedFrom wasAttributedTo SoftwareAgent Entity")
QUDT: Final = Names("qudt", "hasUnit")
UNIT: Final = Names("unit", "NUM NUM-PER-KiloGM")
SSSOM: Final = Names(
    "sssom",
    "Mapping NoTermFound subject_label subject_id predicate_id object_id object_label mapping_justification "
    "subject_source subject_source_version object_source object_source_version mapping_date author_label "
    "match_string object_match_field",
)
DCAT: Final = Names(
    "dcat",
    "Dataset Distribution DataService distribution version mediaType byteSize downloadURL keyword landingPage "
    "accessService endpointURL endpointDescription servesDataset",
)
VOID: Final = Names(
    "void",
    "Dataset DatasetDescription Linkset triples subset dataDump sparqlEndpoint vocabulary uriSpace exampleResource "
    "entities classes properties feature classPartition class propertyPartition property distinctSubjects "
    "distinctObjects subjectsTarget objectsTarget linkPredicate",
)
VOID_EXT: Final = Names("void-ext", "datatypePartition datatype")
SD: Final = Names(
    "sd",
    "Service Dataset Graph NamedGraph name graph namedGraph defaultGraph endpoint defaultDataset feature "
    "supportedLanguage resultFormat SPARQL11Query UnionDefaultGraph BasicFederatedQuery GraphCollection "
    "availableGraphs defaultEntailmentRegime",
)
#: The engine does no inference at query time.
#: What client libraries call the default graph of whatever they ask: rdflib's Dataset, and Jena.
DEFAULT_GRAPH_NAMES: Final = frozenset(
    {"urn:x-rdflib:default", "urn:x-arq:DefaultGraph", "urn:x-arq:UnionGraph"}
)
SIMPLE_ENTAILMENT: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")
SH: Final = Names(
    "sh",
    "declare prefix namespace prefixes select ask construct SPARQLExecutable SPARQLSelectExecutable "
    "SPARQLAskExecutable SPARQLConstructExecutable NodeShape PropertyShape targetClass targetNode targetSubjectsOf "
    "targetObjectsOf path inversePath alternativePath zeroOrMorePath property minCount maxCount class datatype "
    "nodeKind in hasValue pattern minLength minInclusive minExclusive maxInclusive lessThanOrEquals disjoint node not "
    "and or message severity name description order group Violation Warning Info IRI Literal BlankNode BlankNodeOrIRI "
    "IRIOrLiteral BlankNodeOrLiteral",
)
SCHEMA: Final = Names(
    "schema",
    "keywords target additionalProperty PropertyValue propertyID name value unitText description domainIncludes "
    "rangeIncludes",
)
SPDX: Final = Names("spdx", "Checksum checksum algorithm checksumValue checksumAlgorithm_sha256")
#: The version of RO-Crate that packages follow, and its JSON-LD context.
RO_CRATE_PROFILE: Final = "https://w3id.org/ro/crate/1.2"
RO_CRATE_CONTEXT: Final = f"{RO_CRATE_PROFILE}/context"
#: The namespace of GraphML elements, that of what says where their schema is, and the schema.
GRAPHML_SPACE: Final = "http://graphml.graphdrawing.org/xmlns"
SCHEMA_INSTANCE_SPACE: Final = "http://www.w3.org/2001/XMLSchema-instance"
GRAPHML_SCHEMA: Final = f"{GRAPHML_SPACE}/1.0/graphml.xsd"
#: The namespace of SVG elements.
SVG_SPACE: Final = "http://www.w3.org/2000/svg"
FOAF: Final = Names("foaf", "Agent name primaryTopic topic")


def concept(slug: str) -> NamedNode:
    """The local concept ``tgc:<slug>``."""
    return NamedNode(PREFIXES["tgc"] + slug)


def expand(curie: str) -> NamedNode:
    """The IRI of a CURIE; a full IRI is passed through.

    :raises UsageError: the prefix is not one of :data:`PREFIXES`, or the rest makes no IRI
    """
    prefix, colon, local = curie.partition(":")
    if colon and prefix in PREFIXES:
        curie = PREFIXES[prefix] + local
    elif not curie.startswith(("http://", "https://")):
        raise UsageError(
            f"{curie!r} is no CURIE with a known prefix", hint="write prefix:name or a whole IRI"
        )
    try:
        return NamedNode(curie)
    except ValueError as error:
        raise UsageError(f"{curie!r} is no IRI: {error}") from None


_PREFIX_OF: Final = {space: max(p for p, s in PREFIXES.items() if s == space) for space in PREFIXES.values()}
# One pattern, the longest namespace first: a build compacts tens of thousands of IRIs.
_SPACE: Final = re.compile(f"({'|'.join(map(re.escape, sorted(_PREFIX_OF, key=len, reverse=True)))})")


def compact(iri: str) -> str:
    """The CURIE of an IRI by the longest namespace that fits, else the IRI itself."""
    found = _SPACE.match(iri)
    return f"{_PREFIX_OF[found[1]]}:{iri[found.end() :]}" if found and found.end() < len(iri) else iri


def content(sha256: str) -> NamedNode:
    """A release by its hash, wherever it is: what a patch names."""
    return NamedNode(f"urn:sha256:{sha256}")


def licence(name: str) -> NamedNode:
    """The IRI of a licence by its SPDX id; an id that is not in the table leads to its SPDX page."""
    return NamedNode(_LICENCES.get(name) or f"https://spdx.org/licenses/{name}.html")


def licence_name(iri: NamedNode) -> str:
    """The SPDX id of a licence by its IRI; of one that is not in the table, the IRI."""
    known = {address: name for name, address in _LICENCES.items()}
    return known.get(iri.value, iri.value)


def rfc(number: int) -> NamedNode:
    """The IRI of an RFC, as the Web Annotation vocabulary names the syntax of a fragment."""
    return NamedNode(f"http://tools.ietf.org/rfc/rfc{number}")


def media_type(name: str) -> NamedNode:
    """The IRI of a media type, as DCAT requires."""
    return NamedNode(f"https://www.iana.org/assignments/media-types/{name}")


#: Stands for the server while a figure is drawn: the renderer takes an address without a host for one of its own site.
NOWHERE: Final = "http://figure.invalid"
#: The version of Vega-Lite that charts are written in.
VEGA_LITE: Final = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
