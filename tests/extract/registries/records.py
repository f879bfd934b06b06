"""Real records of ClinicalTrials.gov, and files made of them."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.reading import RegistrySource, registry_source
from trialgraph.model.record import Problem, RecordReport

DATA: Final = Path(__file__).parent / "data"
Study = dict[str, Any]


@cache
def sample() -> tuple[Study, ...]:
    """The records of the sample themselves, not to be changed."""
    with gzip.open(DATA / "studies.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def studies() -> list[Study]:
    """Copies of the records of the sample."""
    return copy.deepcopy(list(sample()))


def study(number: str) -> Study:
    """A copy of the record of that number."""
    return next(one for one in studies() if number_of(one) == number)


def number_of(one: Study) -> str:
    """The number of a record."""
    return str(one["protocolSection"]["identificationModule"]["nctId"])


def changed(one: Study, change: Callable[[Study], object]) -> Study:
    """A copy of a record with a change."""
    made = copy.deepcopy(one)
    change(made)
    return made


def written(path: Path, content: object) -> Path:
    """A file of that text, those bytes, or that JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def registry_folder(home: Path, *records: object) -> Path:
    """A seed folder of a registry's file with those records."""
    home.mkdir(parents=True)
    data = "\n".join(map(json.dumps, records)).encode()
    (home / "source.jsonl").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    (home / "source.toml").write_text(
        f'kind = "registry"\nlicence = "CC-PDM-1.0"\nsha256 = "{sha256}"\n', encoding="utf-8"
    )
    return home


def read(path: Path) -> tuple[list[RecordReport], list[Problem]]:
    """The reports and problems of a file."""
    source: RegistrySource = registry_source(path, DEFAULTS)
    found = list(source.reports(DEFAULTS))
    return (
        [one for one in found if isinstance(one, RecordReport)],
        [one for one in found if isinstance(one, Problem)],
    )


def report_of(tmp_path: Path, *, total: int = 60, **texts: str) -> RecordReport:
    """The report of a trial of one intervention."""
    one: Any = study("NCT00000410")
    one["protocolSection"] = {
        "identificationModule": {"nctId": "NCT00000410", "briefTitle": texts.get("title", "A trial")},
        "designModule": {"enrollmentInfo": {"count": total}},
        "descriptionModule": {"briefSummary": texts.get("summary", ".")},
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "MSC", "description": texts.get("arm", ".")},
                {"label": "Control", "description": texts.get("control", ".")},
            ],
            "interventions": [
                {"name": texts.get("name", "Mesenchymal stem cells"), "description": texts.get("given", ".")}
            ],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "x", "timeFrame": texts.get("time", "")}]},
    }
    reports, _ = read(written(tmp_path / "a.json", one))
    return reports[0]
