"""A sound graph of registry records, for tests that break it."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from pyoxigraph import Quad

from tests.extract.registries.records import read, study
from tests.graph.sound_graph import derived_anew
from trialgraph.extract.sources import Source
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads
from trialgraph.release.graphs import indexed_quads, ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["SLUG", "derived_anew", "record_source", "sound_records"]

SLUG = "records"
#: With results, with a link to another registry, with products and doses in its prose.
STUDIES = ("NCT00000410", "NCT02300909", "NCT01738087")


def record_source() -> Source:
    """The source of the records."""
    return Source(SLUG, Path("records.json"), "", "0" * 64, kind="registry", meta={"licence": "CC-PDM-1.0"})


@cache
def sound_records() -> frozenset[Quad]:
    """All graphs but ``meta`` of three real records, one of them with a secondary id of another registry."""
    records = [study(number) for number in STUDIES]
    identification = records[0]["protocolSection"]["identificationModule"]
    identification["secondaryIdInfos"] = [{"id": "ISRCTN12345674", "type": "REGISTRY", "domain": "ISRCTN"}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{SLUG}.json"
        path.write_text(json.dumps(records), encoding="utf-8")
        reports, problems = read(path)
    assert (len(reports), problems) == (3, [])
    stated = quads(reports, [record_source()], lexicon()) | ontology_quads()
    stated |= indexed_quads(stated)
    return frozenset(stated | inferred_quads(stated))
