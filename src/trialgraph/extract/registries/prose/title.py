"""The part of a phase that only a title states: 1b, 2a."""

from __future__ import annotations

from dataclasses import replace

from trialgraph.extract.columns.phase import PHASE, read_phase
from trialgraph.extract.registries.prose.texts import Texts, part_of
from trialgraph.model.reading import Reading

__all__ = ["read_sub_phase"]


def read_sub_phase(texts: Texts) -> tuple[Reading, ...]:
    """The reading of the first title that states a phase with its letter.

    The phase of the report is that of the record's field.
    """
    for text in reversed([text for text in texts if text.kind == "title"]):
        m = PHASE.search(text.text)
        if m is None:
            continue
        reading = read_phase(part_of(text.cell, *m.span())).reading
        if reading and any(char in "abc" for char in str(reading.value)):
            return (replace(reading, name="sub_phase"),)
    return ()
