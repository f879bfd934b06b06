"""Which file suits which tool, with one command for each: for the data page, the help of the verb and the docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["USES", "Use"]


@dataclass(frozen=True, slots=True)
class Use:
    """A tool, or several that take the same file.

    :param options: of ``trialgraph export``
    :param file: what the command writes
    :param words: what is in it
    """

    tool: str
    options: str
    file: str
    words: str

    @property
    def command(self) -> str:
        """The exact command."""
        return f"trialgraph export {self.options} -o {self.file}"


USES: Final = (
    Use("Excel, LibreOffice", "-f xlsx", "trials.xlsx", "one row per report"),
    Use("pandas, R, DuckDB, SQL", "-f tables", "trialgraph-tables.zip", "CSV tables with keys"),
    Use("Protégé, owlready2", "-f turtle --core", "trialgraph-core.ttl", "facts and hierarchies in OWL"),
    Use("GraphDB, Jena, Oxigraph", "-f trig", "trialgraph.trig", "all named graphs"),
    Use("Virtuoso, rdflib", "-f turtle", "trialgraph.ttl", "all graphs merged"),
    Use("JavaScript, JSON tools", "-f jsonld", "trialgraph.jsonld", "readable JSON-LD"),
    Use("Neo4j", "-f turtle --core", "trialgraph-core.ttl", "for neosemantics (n10s)"),
    Use("NetworkX, igraph, Gephi", "-f graphml", "trialgraph.graphml", "a network with labels"),
    Use("Translator, KGX", "-f kgx", "trialgraph-kgx.tar.gz", "nodes and edges in Biolink"),
    Use("SSSOM, vocabularies", "-f sssom", "trialgraph-sssom.zip", "mappings and terms"),
    Use("Zenodo, WorkflowHub", "-f rocrate", "trialgraph-rocrate.zip", "the release as an RO-Crate"),
    Use("Zotero, EndNote", "-f ris", "trials.ris", "papers and registry records"),
)
