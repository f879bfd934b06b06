"""The form "settle it": it answers with the same page and the finished line of ``curation.tsv``, and stores nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from flask import request

from trialgraph.http.lookup import select_rows, values

if TYPE_CHECKING:
    from trialgraph.extract.corrections import Correctable

__all__ = ["SettleForm", "form_of_reading", "forms_of_conflicts"]

#: Longest text of a field that is taken into a line.
MOST: Final = 500
FIELDS: Final = ("decision", "value", "who", "why", "evidence")
#: Stands in a decision for the value that is to be entered.
OPEN_VALUE: Final = "…"


@dataclass(frozen=True, slots=True)
class SettleForm:
    """The form of one conflict, or of one value.

    :param key: tells the forms of a page apart: ``row/kind``
    :param source: slug of the source beside which ``curation.tsv`` stands
    :param decisions: those that may be chosen; a value that is to be entered is an ``…`` in it
    :param hint: what a value has to look like
    :param line: the finished line
    :param entered: what the form was sent with
    :param sent: it was
    :param error: what is wrong with the entered value
    """

    key: str
    source: str
    decisions: tuple[str, ...]
    hint: str
    line: str
    entered: dict[str, str]
    sent: bool
    error: str = ""

    @property
    def takes_value(self) -> bool:
        """Whether a value may be entered."""
        return any(OPEN_VALUE in decision for decision in self.decisions)


@cache
def _correctable() -> Mapping[str, Correctable]:
    """What may be corrected: with the readers of all columns, which a server needs for nothing else."""
    from trialgraph.extract.corrections import CORRECTABLE

    return CORRECTABLE


def forms_of_conflicts(conflicts: Sequence[str]) -> dict[str, SettleForm]:
    """The form of each open conflict."""
    if not conflicts:
        return {}
    from trialgraph.views.curation_lines import OPEN_CONFLICTS, curation_lines

    lines = curation_lines(select_rows(OPEN_CONFLICTS.replace("WHICH", values("conflict", conflicts))))
    return {line.conflict: _form(line.source, line.row, line.kind, line.decisions) for line in lines}


def form_of_reading(source: str, row: int, name: str) -> SettleForm | None:
    """The form to enter the right value of what was read, where a reviewer may enter it.

    :param name: what was read: ``n_total``, ``dose`` …
    """
    kind = next((kind for kind, of in _correctable().items() if name in of.reads), "")
    return _form(source, row, kind, (f"value {OPEN_VALUE}",)) if kind else None


def _form(source: str, row: int, kind: str, decisions: Iterable[str]) -> SettleForm:
    from trialgraph.views.curation_lines import finished_line

    offered, known = tuple(decisions), _correctable()
    key = f"{row}/{kind}"
    sent = request.args.get("settle", "") == key
    entered = {name: request.args.get(name, "")[:MOST] if sent else "" for name in FIELDS}
    chosen = entered["decision"] if entered["decision"] in offered else offered[0] if offered else ""
    cells = {"decision": chosen.replace(OPEN_VALUE, entered["value"].strip() or OPEN_VALUE)}
    cells |= {name: entered[name] for name in ("who", "why", "evidence")}
    cells["when"] = datetime.datetime.now(datetime.UTC).date().isoformat()
    named = {d: d.removeprefix("value ").partition("=")[0] for d in offered if OPEN_VALUE in d}
    fields = {d: name if name in known else kind for d, name in named.items()}
    hints = {name: known[name].expects for name in fields.values() if name in known}
    hint = "; ".join(f"{name}: {says}" if len(hints) > 1 else says for name, says in hints.items())
    line, error = finished_line(row, kind, cells), _wrong(fields.get(chosen, ""), entered["value"].strip())
    return SettleForm(key, source, offered, hint, line, entered, sent, error)


def _wrong(name: str, text: str) -> str:
    """What is wrong with an entered value; empty where it is one, or none was entered."""
    known = _correctable()
    if not text or name not in known:
        return ""
    try:
        known[name].parse(text)
    except (ValueError, ArithmeticError):
        return f"“{text[:60]}” is no value of {name}: give {known[name].expects}"
    return ""
