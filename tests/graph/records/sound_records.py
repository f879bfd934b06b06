"""A sound graph of registry records, for tests that break it."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from pyoxigraph import Quad

from tests.extract.registries.records import study
from tests.graph.sound_graph import derived_anew
from trialgraph.base.settings import DEFAULTS
from trialgraph.build.records import with_current_numbers
from trialgraph.extract.curation import SAME_TRIAL
from trialgraph.extract.registries.numbers.former_numbers import current_numbers
from trialgraph.extract.registries.numbers.link_decisions import link_decisions
from trialgraph.extract.registries.reading import registry_source
from trialgraph.extract.sources import Source
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import quads
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Curation
from trialgraph.release.graphs import indexed_quads, ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["SLUG", "derived_anew", "record_source", "sound_records"]

SLUG = "records"
#: With results, with a link to another registry, with products and doses in its prose.
FORMER = "NCT00000411"
STUDIES = ("NCT00000410", "NCT02300909", "NCT01738087")


def record_source() -> Source:
    """The source of the records."""
    return Source(SLUG, Path("records.json"), "", "0" * 64, kind="registry", meta={"licence": "CC-PDM-1.0"})


@cache
def sound_records() -> frozenset[Quad]:
    """All graphs but ``meta`` of three real records; one has links to other numbers, of which one is rejected."""
    records = [study(number) for number in STUDIES]
    identification = records[0]["protocolSection"]["identificationModule"]
    identification["secondaryIdInfos"] = [{"id": "ISRCTN12345674", "type": "REGISTRY", "domain": "ISRCTN"}]
    identification["nctIdAliases"] = [FORMER]
    rejected = Curation(
        STUDIES[0], SAME_TRIAL, "reject ISRCTN12345674", "A. B.", "2026-11-29", "another trial"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{SLUG}.json"
        path.write_text(json.dumps(records), encoding="utf-8")
        source = registry_source(path, DEFAULTS, link_decisions([rejected], "curation.tsv"))
        reports = [one for one in source.reports(DEFAULTS) if isinstance(one, RecordReport)]
    assert len(reports) == 3
    current = current_numbers(source.former).of
    reports = [with_current_numbers(report, current) for report in reports]
    stated = quads(reports, [record_source()], lexicon()) | ontology_quads()
    stated |= indexed_quads(stated)
    return frozenset(stated | inferred_quads(stated))
