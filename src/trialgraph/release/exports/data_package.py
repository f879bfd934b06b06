"""The tables of a release as CSV, with their description, in one archive: a Frictionless data package."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from trialgraph.rdf.formats import CSV
from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import TG, licence_name
from trialgraph.release.exports.archive import packed, zipped
from trialgraph.release.exports.description import DescribedRelease
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.tables import PROVENANCE, TABLES, TableSpec, cells

__all__ = ["DESCRIPTION", "data_package"]

DESCRIPTION: Final = "datapackage.json"
_ALL: Final = (*TABLES, PROVENANCE)
Write = Callable[[Sequence[str]], object]


def data_package(facts: Facts, trials: Sequence[NamedNode], about: DescribedRelease) -> Iterator[bytes]:
    """A ``.zip`` of the tables and of :data:`DESCRIPTION`.

    :param trials: those that were chosen
    """
    return packed(lambda folder: _written(folder, facts, trials, about), zipped)


def _written(folder: Path, facts: Facts, trials: Sequence[NamedNode], about: DescribedRelease) -> list[Path]:
    with ExitStack() as stack:
        write: dict[str, Write] = {}
        for table in _ALL:
            file = stack.enter_context((folder / f"{table.name}.csv").open("w", encoding="utf-8", newline=""))
            write[table.name] = csv.writer(file, lineterminator="\n").writerow
            write[table.name](_header(table))
        rows = _Rows(facts, write)
        for trial in trials:
            for report in facts.nodes(trial, TG.hasReport):
                rows.add(report)
    tables = [folder / f"{table.name}.csv" for table in _ALL]
    description = folder / DESCRIPTION
    described = _description(about, dict(zip((table.name for table in _ALL), tables, strict=True)))
    description.write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [description, *tables]


def _header(table: TableSpec) -> list[str]:
    parent = [table.parent[0]] if table.parent[0] else []
    names = [column.name for column in table.columns]
    return [*names[:1], *parent, *names[1:]]


class _Rows:
    """The rows of one report after another."""

    def __init__(self, facts: Facts, write: dict[str, Write]) -> None:
        self.facts, self.write = facts, write
        self.seen: set[tuple[str, str]] = set()
        #: Nodes of this report whose readings are written.
        self.told: set[str] = set()

    def add(self, report: NamedNode) -> None:
        self.told.clear()
        for table in TABLES:
            if not table.path:
                self._row(table, report, None)
                continue
            for *way, last in filter(None, (table.path, table.also)):
                for parent in self._reached(report, way):
                    for node in self._reached(parent, [last]):
                        self._row(table, node, parent)

    def _reached(self, node: NamedNode, path: Sequence[NamedNode]) -> list[NamedNode]:
        if path and path[0] == TG.hasIntervention:
            given = self.facts.interventions(node)
            return list(dict.fromkeys(made for one in given for made in self.facts.nodes(one, *path[1:])))
        return self.facts.nodes(node, *path)

    def _row(self, table: TableSpec, node: NamedNode, parent: NamedNode | None) -> None:
        if table.once:
            key = (table.name, node.value)
            if key in self.seen:
                return
            self.seen.add(key)
        self.write[table.name](self._cells(table, node, parent))
        if node.value in self.told:
            return
        self.told.add(node.value)
        for reading in self.facts.readings(node):
            self.write[PROVENANCE.name](self._cells(PROVENANCE, reading, node))

    def _cells(self, table: TableSpec, node: NamedNode, parent: NamedNode | None) -> list[str]:
        first, *rest = cells(self.facts, node, table.columns)
        where = [compressed(parent.value)] if table.parent[0] and parent is not None else []
        return [first, *where, *rest]


def _description(about: DescribedRelease, files: dict[str, Path]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "trialgraph",
        "id": about.iri,
        "title": about.title,
        "version": about.version,
        "homepage": about.page,
        **({"created": f"{about.issued}T00:00:00Z"} if about.issued else {}),
        "contributors": [{"title": about.creator, "role": "author"}],
        "licenses": [_licence(iri) for iri in about.licences],
        "sources": [
            {"title": source.title, **({"path": source.document} if source.document else {})}
            for source in about.sources
        ],
        "resources": [_resource(table, files[table.name]) for table in _ALL],
    }


def _licence(iri: str) -> dict[str, str]:
    return {"name": licence_name(NamedNode(iri)), "path": iri}


def _resource(table: TableSpec, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": table.name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "description": table.words,
        "format": CSV.suffix,
        "mediatype": CSV.media_type,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": _schema(table),
    }


def _schema(table: TableSpec) -> dict[str, Any]:
    types = {column.name: (column.type, column.words) for column in table.columns}
    name, of = table.parent
    fields = []
    for field in _header(table):
        kind, words = types.get(field, ("string", "The row that it belongs to"))
        fields.append({"name": field, "type": kind, "description": words})
    keys = {table.name: table.key for table in TABLES}
    links = [(name, of, keys[of])] if of else []
    links += [(field, other, keys[other]) for field, other in _LINKS.get(table.name, ())]
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": [table.columns[0].name, name] if table.shared else [table.key],
        "foreignKeys": [
            {"fields": [field], "reference": {"resource": other, "fields": [key]}}
            for field, other, key in links
        ],
    }


#: Keys that are columns of their own, besides the parents; only where a cell holds at most one.
_LINKS: Final = {
    "reports": (("trial", "trials"), ("source", "sources")),
    "findings": (("arm", "arms"), ("compared_with", "arms")),
}
