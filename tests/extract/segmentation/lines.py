"""Lines made from cells that are known: other diseases, numbers, orders and gaps than the seed's.

The words are general ones of cell therapy trials; about half of the diseases, measures and codes stand in no
concept file, as they will in the next table.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

HEADINGS = {
    "phase": "Study type",
    "cell source": "MSC source",
    "disease": "Disease",
    "patients": "Patients (treatment/control)",
    "administration": "Administration",
    "follow-up": "Follow-up (months)",
    "mechanism": "Mechanism of action",
    "outcomes": "Outcome measures",
    "conclusion": "Conclusion",
    "registration": "Trial registration number",
    "reference": "Ref.",
}

PHASES = [
    "-", "Phase I", "Phase II", "Phase III", "Phase IV", "Phase I/II", "Phase II/III", "Phase Ia",
    "Phase Ib", "Phase IIa", "Phase IIb", "Phase I/IIa", "Phase Ib/IIa", "Phase 1", "Phase 2", "Phase 1/2",
    "Phase 2a", "Early Phase 1",
]  # fmt: skip
CELLS = [
    "BM-MSCs", "UC-MSCs", "AD-MSCs", "MSCs", "WJ-MSCs", "hUC-MSCs", "Placenta derived MSCs",
    "Bone marrow-derived MSCs", "Dental pulp stem cells", "UC-MSCs, BM-MSCs", "Umbilical cord-derived MSCs",
    "Adipose-derived stem cells", "BM-MNCs", "Olfactory mucosa MSCs", "Amnion MSCs",
]  # fmt: skip
DONORS = ["", "", " (autologous)", " (allogeneic)"]
CODES = ["", "", "", " (Cx611)", " (BX-U001)", " (MPC-300-IV)", " (NurOwn)"]
DISEASES = [
    "SLE", "RA", "MS", "SPMS", "RRMS", "Lupus nephritis", "Refractory lupus nephritis", "Crohn disease",
    "Crohn's disease", "T1DM", "Type 1 diabetes", "Systemic sclerosis", "Ankylosing spondylitis",
    "Myasthenia gravis", "ALS", "Ulcerative colitis", "GVHD", "Steroid-refractory acute GVHD", "Psoriasis",
    "Sjogren syndrome", "Knee osteoarthritis", "Refractory RA", "DMARD-resistant RA",
    "Persistently active SLE", "RA with knee involvement", "Pemphigus vulgaris", "Liver cirrhosis",
    "Ischemic stroke", "Spinal cord injury", "Osteogenesis imperfecta", "Parkinson's disease",
    "Acute myocardial infarction", "Chronic kidney disease", "Alopecia areata", "NMOSD",
    "Moderate to severe ulcerative colitis", "ARDS", "COVID-19",
]  # fmt: skip
ROUTES = [
    "IV infusion", "IV injection", "intrathecal injection", "IV or intrathecal injection",
    "intra-articular injection", "intramuscular injection", "intravenous infusion",
]  # fmt: skip
MECHANISMS = [
    "immunomodulation", "suppression of inflammatory cytokines", "suppression of inflammatory response",
    "proliferation of Treg cells", "anti-inflammatory effect", "inhibition of Th17 differentiation",
    "regulation of Treg/Th17 balance", "paracrine secretion of growth factors", "tissue repair",
    "modulation of macrophage polarization", "promotion of angiogenesis", "induction of immune tolerance",
    "neuroprotection and remyelination", "inhibition of B cell proliferation", "IL-10 production",
]  # fmt: skip
MEASURES = [
    "SLEDAI", "BILAG scores", "DAS28", "ACR20", "HAQ", "EDSS", "MRI", "safety", "tolerability",
    "adverse events", "CRP", "ESR", "anti-CCP", "proteinuria", "serum creatinine", "relapse rate", "WOMAC",
    "VAS", "SF-36", "C-peptide levels", "HbA1c", "insulin requirement", "CDAI", "fistula closure",
    "Mayo score", "endoscopic remission", "mRSS", "forced vital capacity", "ALSFRS-R", "overall survival",
    "BASDAI", "PASI score", "IL-6 levels", "Treg percentage", "anti-dsDNA antibodies", "quality of life",
    "T2 lesion volume", "ambulation score", "24-h urinary protein excretion",
    "serum cytokine levels (IFN-γ, IL-10)", "pain-free walking distance", "visual acuity",
]  # fmt: skip
CONCLUSIONS = [
    "Study ongoing", "Results not yet published", "Study ongoing; results not yet published",
    "Safe and well tolerated", "Well tolerated, with no serious adverse events",
    "Significant reduction in {m} and {n}", "{m} improved at 6 months, but not at 12 months",
    "The treatment was safe and {m} decreased", "No significant difference between groups",
    "Improvement of {m} and prolonged remission", "Significant decrease in {m} at week 12",
    "Safe and effective, and clinical improvement persisted for 48 weeks",
    "Reduced {m} and increased number of Treg cells, with a trend towards clinical efficacy",
    "{m} and {n} decreased, and a clinical improvement was observed. The effect lasted 3-6 months",
]  # fmt: skip


def _capital(text: str) -> str:
    """Sentence case, as printed tables have it; mRSS stays mRSS."""
    return text if text[1:2].isupper() else text[0].upper() + text[1:]


def _dose(r: random.Random) -> str:
    n = r.choice(
        [
            "1",
            "2",
            "3",
            "4",
            "5",
            "0.5",
            "1.5",
            "2.5",
            "1.0",
            "2.86",
            "(1-2)",
            "(0.5-1.0)",
            "1 or 2",
            "1, 2 or 4",
            "2.5, 5.0 or 10.0",
        ]
    )
    return (
        f"{n} × 10{r.choice('5678')}{r.choice([' cells/kg', ' cells/kg', '/kg', ' cells', ' cells/patient'])}"
    )


def _administration(r: random.Random) -> str:
    route = r.choice(ROUTES)
    return r.choice(
        [
            f"{_dose(r)}, {route}",
            f"{_dose(r)}, {route}",
            f"{_dose(r)}, {route}",
            f"Dose not specified {route}",
            f"{_capital(route)} of {_dose(r)}",
            f"{_capital(route)} of {r.randint(2, 90)} million cells per patient",
            f"{_dose(r)}, {route} in combination with DMARDs",
        ]
    )


def _patients(r: random.Random) -> str:
    a, b = r.randint(1, 120), r.choice([0, 0, r.randint(1, 90)])
    return r.choice(
        [f"{a + b} ({a}/{b})"] * 6
        + [f"{a + b}", f"{a + b + r.randint(1, 9)} ({a}/{b})", f"{a + b} ({a} MSC group, {b} placebo group)"]
    )


def _items(r: random.Random, pool: Sequence[str], most: int) -> str:
    chosen = r.sample(list(pool), r.randint(1, most))
    return _capital(
        ", ".join(chosen[:-1]) + (r.choice([", ", ", and ", " and "]) if len(chosen) > 1 else "") + chosen[-1]
    )


def _registration(r: random.Random) -> str:
    return r.choice(
        [f"NCT{r.randint(0, 99999999):08d}"] * 4
        + [
            f"ChiCTR-{r.choice(['INR', 'ONC', 'TRC', 'OOC'])}-{r.randint(8000000, 19000000):08d}",
            f"ChiCTR{r.randint(1800000000, 2399999999)}",
            f"ISRCTN{r.randint(0, 99999999):08d}",
        ]
    )


def cells(r: random.Random, missing: float = 0.06) -> dict[str, str]:
    """One row's cells by field; an empty string is a missing cell."""
    m, n = r.sample(MEASURES, 2)
    made = {
        "phase": r.choice(PHASES),
        "cell source": r.choice(CELLS) + r.choice(DONORS) + r.choice(CODES),
        "disease": r.choice(DISEASES),
        "patients": _patients(r),
        "administration": _administration(r),
        "follow-up": r.choice(["1", "2", "3", "4", "6", "9", "12", "18", "24", "36", "48", "60"]),
        "mechanism": _items(r, MECHANISMS, 3),
        "outcomes": _items(r, MEASURES, 6),
        "conclusion": _capital(r.choice(CONCLUSIONS).format(m=m, n=n)),
        "registration": r.choice(["", "", *[_registration(r)] * 6]),
        "reference": r.choice(["", "", *[f"[{r.randint(1, 250)}]"] * 6]),
    }
    for field in ("phase", "mechanism", "outcomes", "follow-up", "conclusion", "cell source"):
        if r.random() < missing:
            made[field] = ""
    return made


def line(seed: int) -> str:
    """The cells of a line, run together; the same for the same seed."""
    return "".join(cells(random.Random(seed)).values())  # noqa: S311 - lines to test with, no secret
