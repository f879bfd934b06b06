"""The grammars of cells: what they take whole, what they leave, and that no text makes them slow."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from trialgraph.extract.columns.administration.dose import DOSE
from trialgraph.extract.columns.follow_up import CELL_DURATION
from trialgraph.extract.columns.patients import PATIENTS
from trialgraph.extract.columns.phase import PHASE
from trialgraph.extract.columns.reference import REFERENCE
from trialgraph.extract.text.patterns import NOT_APPLICABLE, NOT_STATED, REGISTRATION, REGISTRIES


@pytest.mark.parametrize(
    "text",
    ["Phase I", "Phase II", "Phase I/II", "Phase Ia", "Phase I/IIa", "Phase Ib/IIa", "phase 1", "Phase 1/2", "Phase 2a",
     "Phase IV", "Early Phase 1", "Phase I-II", "Phase 1 and 2", "Phase 0", "Phase 1/Phase 2"],
)  # fmt: skip
def test_phases(text: str) -> None:
    assert PHASE.fullmatch(text)


@pytest.mark.parametrize("text", ["Phase", "Phase V", "Phase 5", "Phase I/", "Phased", "I/II", "Phase Id"])
def test_no_phases(text: str) -> None:
    assert not PHASE.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "total", "arms"),
    [
        ("2 (2/0)", "2", "2/0"),
        ("244 (211/78)", "244", "211/78"),
        (
            "63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)",
            "63",
            "32 MSC monotherapy group, 31 MSC + IFN-γ group",
        ),
        ("30", "30", None),
        ("n = 12", "12", None),
        ("1,204 (602/602)", "1,204", "602/602"),
        ("12 patients", "12", None),
    ],
)
def test_patients(text: str, total: str, arms: str | None) -> None:
    found = PATIENTS.fullmatch(text)
    assert found
    assert (found["total"], found["arms"]) == (total, arms)


@pytest.mark.parametrize("text", ["SLE2 (2/0)", "(2/0)", "2 (2/0", "1.5", "ten", ""])
def test_no_patients(text: str) -> None:
    assert not PATIENTS.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [
        ("1 × 106 cells/kg", "1 × 106"),
        ("10.0 × 107 cells", "10.0 × 107"),
        ("(0.75-1.5) × 106 cells/kg", "(0.75-1.5) × 106"),
        ("1, 2 or 4 × 106/kg", "1, 2 or 4 × 106"),
        ("2.5, 5.0 or 10.0 × 107", "2.5, 5.0 or 10.0 × 107"),
        ("40 million autologous BM-MSCs", "40 million"),
        ("2x10^6/kg", "2x10^6"),
        ("2 × 10⁶", "2 × 10⁶"),
        ("5 × 10e7", "5 × 10e7"),
        ("5 × 1010", "5 × 1010"),
    ],
)
def test_doses(text: str, verbatim: str) -> None:
    found = DOSE.search(text)
    assert found
    assert found.group() == verbatim


@pytest.mark.parametrize("text", ["106 cells", "1 dose", "1 × 10", "1 × 100", "1 × 102", "4 weeks", "ACR20"])
def test_no_doses(text: str) -> None:
    assert not DOSE.search(text)


def test_a_list_of_doses_may_be_long_but_not_endless() -> None:
    twelve = ", ".join(map(str, range(1, 13))) + " × 106"
    found = DOSE.search(twelve)
    assert found
    assert found.group() == twelve


@pytest.mark.parametrize(
    "text", ["4", "6 months", "12 weeks", "3-6 months", "2 yrs", "1.5 years", "48", "6-month"]
)
def test_durations(text: str) -> None:
    assert CELL_DURATION.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "registry"),
    [
        ("NCT01741857", "ClinicalTrials.gov"),
        ("ChiCTR-INR-17012462", "ChiCTR"),
        ("ChiCTR-ONC-16008770", "ChiCTR"),
        ("ChiCTR-OPN-TRC-12002222", "ChiCTR"),
        ("ChiCTR2000031735", "ChiCTR"),
        ("ISRCTN12345678", "ISRCTN"),
        ("2011-001724-34", "EU Clinical Trials Register"),
        ("EUCTR2011-001724-34-ES", "EU Clinical Trials Register"),
        ("ACTRN12615000579572", "ANZCTR"),
        ("IRCT20140818018842N14", "IRCT"),
        ("CTRI/2020/06/025986", "CTRI"),
        ("DRKS00012345", "DRKS"),
        ("UMIN000012345", "UMIN-CTR"),
        ("JPRN-UMIN000012345", "UMIN-CTR"),
        ("jRCTs031190229", "jRCT"),
        ("KCT0001234", "CRiS"),
        ("TCTR20200101001", "TCTR"),
        ("PACTR201503001073341", "PACTR"),
        ("RBR-2xyz12", "ReBEC"),
        ("NTR1234", "NTR"),
    ],
)
def test_registrations(text: str, registry: str) -> None:
    assert [name for name, shape in REGISTRIES.items() if re.fullmatch(shape, text)] == [registry]
    assert REGISTRATION.fullmatch(text)


@pytest.mark.parametrize("text", ["NCT0174185", "NCT017418570", "ChiCTR", "nct01741857", "[121]", "", "2011"])
def test_no_registrations(text: str) -> None:
    assert not REGISTRATION.fullmatch(text)


@pytest.mark.parametrize("text", ["[1]", "[121]", "[1,2]", "[1, 2]", "[12-14]", "[12–14,20]"])
def test_references(text: str) -> None:
    assert REFERENCE.fullmatch(text)


@pytest.mark.parametrize("text", ["[]", "121", "[a]", "[1,]", "[1", "(1)"])
def test_no_references(text: str) -> None:
    assert not REFERENCE.fullmatch(text)


@pytest.mark.parametrize("text", ["-", "–", "NR", "Not reported", "not specified", "Unknown"])
def test_not_stated_is_not_not_applicable(text: str) -> None:
    assert NOT_STATED.fullmatch(text)
    assert not NOT_APPLICABLE.fullmatch(text)


# Searches every pattern of cells and headings in strings that invite backtracking. What a pattern does is
# counted in doublings: eight times the text may cost forty times the time where a square would cost
# sixty-four, and an exponential pattern never comes back: the limit on processor seconds kills the process.
ATTACK = r"""
import json, re, resource, sys, time
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
from trialgraph.extract.columns import columns
from trialgraph.extract.text import evidence, patterns as shared

patterns = {f"headings {c.field}": re.compile(c.headings) for c in columns()}
LOOKED_AT = set(('PHASE _DESIGN PATIENTS DOSE CELL_DURATION REFERENCE _SOURCE_CELL _DONOR_WORD _DISEASE_WORD '
    '_DISEASE_LEAD _UNIT_WORD _ROUTE_WORD _START _FOREIGN _RANGE _LOWER _UPPER').split())
modules = [shared, evidence, *(m for n, m in sys.modules.items() if n.startswith("trialgraph.extract.columns."))]
for module in modules:
    for name, value in vars(module).items():
        # What reads a cell may take longer than what looks at a line: cells are bounded.
        if isinstance(value, re.Pattern) and (module in (shared, evidence) or name in LOOKED_AT):
            patterns[f"{module.__name__} {name}"] = value
for column in columns():
    patterns |= {f"cue {column.field} {p.pattern[:40]}": p for p, _ in column.cues}
    patterns |= {f"{column.field} {name}": p for name, p in column.patterns.items()}

def spent(run):
    started = time.process_time()
    run()
    return time.process_time() - started

slow = []
for name, pattern in patterns.items():
    for seed in json.loads(sys.argv[1]):
        text = seed * (40_000 // len(seed)) + "\n"
        short = text[:5_000]
        for how, run in (("search", lambda t: sum(1 for _ in pattern.finditer(t))), ("match", pattern.fullmatch)):
            if how == "search" and spent(lambda: run(short[:3_000])) > 0.5:
                slow.append((name, seed, how, "3,000 characters take over half a second"))
                continue
            little, much = max(spent(lambda: run(short)), 0.004), spent(lambda: run(text))
            if much > 40 * little:
                slow.append((name, seed, how, f"{much / little:.0f} times the time for 8 times the text"))
print(json.dumps([len(patterns), slow]))
"""
HOSTILE = ["1", "1,", "1, ", "1.1", "1-", "1 or ", "[1,", " ", "a", "aB", "a-", "(", "MSCs, ", "cells ", "severe ",
           "1 × 10", "EudraCT: ", "CD4+", "Immuno", ", ", "ChiCTR-AB-", "of the "]  # fmt: skip


def test_no_text_makes_a_pattern_slow() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ATTACK, json.dumps(HOSTILE)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    count, slow = json.loads(done.stdout)
    assert count > 30
    assert not slow, "\n".join(map(str, slow))
