"""The generated page on the fields of registry records."""

from __future__ import annotations

from trialgraph.extract.registries.mapping import LAYERS, field_mapping
from trialgraph.model.record import FieldLine

__all__ = ["registry_fields"]


def registry_fields() -> str:
    """The fields of registries' records: the mapping files as tables."""
    lines = [
        "# Fields of registry records",
        "",
        "A line for each field that is read, as in `ontology/mappings/`: where its value stands (a JSON pointer with",
        "`{n}` for an index; of the WHO's portal the name of the field), which node it is stated of, as which",
        "property, what reads it, and what of the registry's own documentation says what it means. The core is always",
        "read, the other layers where they are asked for.",
    ]
    for name, of in (
        ("clinicaltrials_gov", "ClinicalTrials.gov"),
        ("clinicaltrials_gov_versions", "Versions of ClinicalTrials.gov"),
        ("ictrp", "ICTRP"),
    ):
        mapping = field_mapping(name)
        for layer in LAYERS:
            of_layer = [line for line in mapping.lines.values() if line.layer == layer]
            if of_layer:
                lines += [
                    "",
                    f"## {of}: {layer}",
                    "",
                    "| place | node | property | reader | meaning |",
                ]
                lines.append("|---|---|---|---|---|")
            lines += [_field(line) for line in of_layer]
        if mapping.unread:
            lines += ["", f"## {of}: known and not read", "", "| place | why |", "|---|---|"]
        lines += [f"| `{path}` | {why} |" for path, why in mapping.unread.items()]
    return "\n".join(lines) + "\n"


def _field(line: FieldLine) -> str:
    return f"| `{line.path}` | {line.node} | `{line.predicate}` | {line.reader} | {line.source} |"
