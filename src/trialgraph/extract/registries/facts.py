"""A record to its facts, by the lines of a mapping file: one walk, no deeper than the file's own templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from trialgraph.extract.registries.mapping import LAYERS, FieldMapping, field_mapping
from trialgraph.extract.registries.values import Reader, Unlisted, Unreadable, reader_of
from trialgraph.model.record import FieldLine, Layer, RecordFact

__all__ = ["RecordFacts", "record_facts"]

_ITEM: Final = "{n}"


@dataclass(slots=True)
class _Step:
    """A place in the templates: what may stand under it.

    :param path: its template
    :param skipped: nothing under it is read
    """

    path: str
    children: dict[str, _Step] = field(default_factory=dict)
    item: _Step | None = None
    line: FieldLine | None = None
    read: Reader | None = None
    only: tuple[str, frozenset[str]] | None = None
    skipped: bool = True


@dataclass(slots=True)
class RecordFacts:
    """What a record states.

    :param problems: places of values that are none, each with the reason and what is wrong
    :param unknown: templates of keys, and words of enumerations, that the mapping file lacks, each with how often
    """

    facts: list[RecordFact] = field(default_factory=list)
    problems: list[tuple[str, Unreadable]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, tuple[int, ...], object]] = field(default_factory=set)


def record_facts(name: str, record: Mapping[str, Any], layers: Iterable[Layer] = ("core",)) -> RecordFacts:
    """The facts of a record, in its order.

    :param name: of the mapping file
    :param layers: besides the core
    """
    made = RecordFacts()
    _object(_steps(name, frozenset(layers) | {"core"}), record, (), made)
    return made


@cache
def _steps(name: str, layers: frozenset[Layer]) -> _Step:
    mapping = field_mapping(name)
    root = _Step("", skipped=False)
    for path, line in mapping.lines.items():
        step = _place(root, path, opened=line.layer in layers)
        if line.layer in layers:
            step.line, step.read = line, reader_of(line.reader, mapping.enums)
    for path in mapping.unread:
        _place(root, path, opened=False)
    if not layers >= set(LAYERS):
        _narrow(root, mapping, layers)
    return root


def _place(root: _Step, path: str, *, opened: bool) -> _Step:
    """The step of a template, made with all above it."""
    step = root
    for key in path.split("/")[1:]:
        below = f"{step.path}/{key}"
        if key == _ITEM:
            step.item = step.item or _Step(below)
            step = step.item
        else:
            step = step.children.setdefault(key, _Step(below))
        step.skipped = step.skipped and not opened
    return step


def _narrow(root: _Step, mapping: FieldMapping, layers: frozenset[Layer]) -> None:
    if "results" in layers:
        return
    for path, only in mapping.only.items():
        _place(root, path, opened=True).only = only


def _object(step: _Step, value: Mapping[str, Any], indices: tuple[int, ...], made: RecordFacts) -> None:
    children = step.children
    for key, below in value.items():
        child = children.get(key)
        if child is None:
            made.unknown[f"{step.path}/{key}"] += 1
        elif not child.skipped and below is not None:
            _value(child, below, indices, made)


def _value(step: _Step, value: Any, indices: tuple[int, ...], made: RecordFacts) -> None:
    if step.line is not None and step.read is not None:
        _state(step.line, step.read, value, indices, made)
    if step.children:
        if isinstance(value, dict):
            _object(step, value, indices, made)
        else:
            _wrong(step, indices, value, "an object", made)
    elif step.item is not None:
        if isinstance(value, list):
            _items(step.item, value, indices, made)
        elif step.line is None:
            _wrong(step, indices, value, "a list", made)


def _items(item: _Step, values: list[Any], indices: tuple[int, ...], made: RecordFacts) -> None:
    only = item.only
    for index, value in enumerate(values):
        if only is not None and isinstance(value, dict) and str(value.get(only[0])) not in only[1]:
            continue
        _value(item, value, (*indices, index), made)


def _state(line: FieldLine, read: Reader, raw: Any, indices: tuple[int, ...], made: RecordFacts) -> None:
    value = read(raw)
    if isinstance(value, Unreadable):
        made.problems.append((line.at(indices), value))
        return
    if isinstance(value, Unlisted):
        made.unknown[f"{line.path}={raw[:80]}"] += 1
        value = value.value
    if value is None:
        return
    if line.distinct:
        stated = (line.path, indices[: line.depth], value)
        if stated in made.seen:
            return
        made.seen.add(stated)
    made.facts.append(
        RecordFact(line, indices, value, raw if isinstance(raw, str) and value != raw else None)
    )


def _wrong(step: _Step, indices: tuple[int, ...], value: Any, wanted: str, made: RecordFacts) -> None:
    place = step.path
    for index in indices:
        place = place.replace(_ITEM, str(index), 1)
    what = f"{type(value).__name__} where {wanted} is expected"
    made.problems.append((place, Unreadable("value of another type", what)))
