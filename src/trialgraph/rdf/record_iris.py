"""IRIs of what is read from records of registries, beside those of :mod:`trialgraph.rdf.iris`."""

from __future__ import annotations

from pyoxigraph import NamedNode

from trialgraph.rdf.iris import mint

__all__ = ["change", "field_mapping", "record", "record_part", "trial_link"]

Part = str | int


def record(source: str, name: Part) -> NamedNode:
    """A record of a registry by its number."""
    return mint("record", source, name)


def record_part(source: str, name: Part, kind: str, *indices: int) -> NamedNode:
    """A part of a record, by its kind and its indices into the lists on the way to it, from 0."""
    return mint(f"record-{kind}", source, name, *indices)


def trial_link(source: str, name: Part, n: int) -> NamedNode:
    """The ``n``-th statement of a record that two numbers are of one trial."""
    return mint("trial-link", source, name, n)


def field_mapping(name: str, path: str) -> NamedNode:
    """A line of a mapping file, by the name of the file and the line's path template."""
    return mint("field-mapping", name, path)


def change(source: str, name: Part, field: str, n: int) -> NamedNode:
    """The ``n``-th change of a field that a state of a record brought."""
    return mint("change", source, name, field, n)
