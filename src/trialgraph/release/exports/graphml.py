"""Trials, diseases, products and outcomes as GraphML, a plain network, for NetworkX, igraph and Gephi."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode

from trialgraph.base.xml_characters import NOT_IN_XML
from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import GRAPHML_SCHEMA, GRAPHML_SPACE, SCHEMA_INSTANCE_SPACE, TG
from trialgraph.release.exports.facts import Facts

__all__ = ["LINKS", "graphml"]

#: What leads from a trial to its neighbours: the property, the kind of the edge, the kind of the neighbour.
LINKS: Final = (
    (TG.trialDisease, "studies", "disease"),
    (TG.trialProduct, "gives", "product"),
    (TG.trialCombinedWith, "combines with", "product"),
    (TG.trialOutcome, "measures", "outcome"),
)
#: Numbers of a trial, where its reports state the same.
_NUMBERS: Final = {
    "enrolled": (TG.enrolledTotal, "int"),
    "enrolled_treatment": (TG.enrolledTreatment, "int"),
    "enrolled_control": (TG.enrolledControl, "int"),
    "follow_up_months": (TG.followUpMonths, "double"),
}
_OF_NODES: Final = {
    **dict.fromkeys(("label", "kind", "iri", "phase"), "string"),
    **{name: kind for name, (_, kind) in _NUMBERS.items()},
}
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<graphml xmlns="{GRAPHML_SPACE}" xmlns:xsi="{SCHEMA_INSTANCE_SPACE}" '
    f'xsi:schemaLocation="{GRAPHML_SPACE} {GRAPHML_SCHEMA}">\n'
)


def graphml(facts: Facts, trials: Sequence[NamedNode], title: str, about: str) -> Iterator[bytes]:
    """The document: first all nodes, then all edges, as some readers want it.

    :param trials: those that were chosen
    :param title: what the network is called
    :param about: licence, version and address
    """
    yield (_HEAD + "".join(_keys()) + f'<graph id={_quoted(title)} edgedefault="directed">\n').encode()
    yield f"<desc>{_text(about)}</desc>\n".encode()
    seen: set[str] = set()
    for trial in trials:
        yield "".join(_nodes(facts, trial, seen)).encode("utf-8")
    for trial in trials:
        yield "".join(_edges(facts, trial)).encode("utf-8")
    yield b"</graph>\n</graphml>\n"


def _keys() -> Iterator[str]:
    for name, kind in _OF_NODES.items():
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<key id="link" for="edge" attr.name="kind" attr.type="string"/>\n'


def _nodes(facts: Facts, trial: NamedNode, seen: set[str]) -> Iterator[str]:
    stated = {"phase": ", ".join(facts.label(phase) for phase in facts.nodes(trial, TG.trialPhase))}
    reports = facts.nodes(trial, TG.hasReport)
    for name, (predicate, _) in _NUMBERS.items():
        values = {value for report in reports for value in facts.texts(report, predicate)}
        stated[name] = values.pop() if len(values) == 1 else ""
    yield _node(facts, trial, "trial", stated)
    for predicate, _, kind in LINKS:
        for node in facts.nodes(trial, predicate):
            if node.value not in seen:
                seen.add(node.value)
                yield _node(facts, node, kind, {})


def _node(facts: Facts, node: NamedNode, kind: str, stated: dict[str, str]) -> str:
    values = {"label": facts.label(node), "kind": kind, "iri": node.value, **stated}
    data = "".join(f'<data key="{name}">{_text(text)}</data>' for name, text in values.items() if text)
    return f"<node id={_quoted(compressed(node.value))}>{data}</node>\n"


def _edges(facts: Facts, trial: NamedNode) -> Iterator[str]:
    start = _quoted(compressed(trial.value))
    for predicate, name, _ in LINKS:
        for node in facts.nodes(trial, predicate):
            end = _quoted(compressed(node.value))
            yield f'<edge source={start} target={end}><data key="link">{name}</data></edge>\n'


def _text(text: str) -> str:
    return escape(NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return quoteattr(NOT_IN_XML.sub("\ufffd", text))
