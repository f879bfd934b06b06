"""Excerpts of published tables as grids, with what a curator would enter for each row.

The values were written from the printed tables, not from what the readers make of them. Cells are separated by tabs; a
cell that spans several rows or columns is written in the first of them and ``^`` (of the row above) or ``<`` (of the
column before) in the others. Only the columns of ``trialgraph trials`` that a row names are compared; where the printed
cell states nothing of a column, the right value is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress

__all__ = ["DEVELOPMENT", "HELD_OUT", "Published", "grid_of"]


@dataclass(frozen=True, slots=True)
class Published:
    """An excerpt of a table.

    :param source: where it is from, and under which licence
    :param rows: lines of cells that are separated by tabs
    :param values: of each trial, column of ``trialgraph trials`` to the right value
    :param headings: how many rows the file says are headings; 0 where it says nothing, as CSV
    """

    name: str
    source: str
    rows: str
    values: Sequence[Mapping[str, Any]]
    caption: str = ""
    notes: Sequence[tuple[str, str]] = ()
    headings: int = 0


def grid_of(table: Published) -> Grid:
    """The grid of an excerpt."""
    lines = [line.split("\t") for line in table.rows.strip("\n").split("\n")]
    width = max(map(len, lines))
    made: dict[tuple[int, int], GridCell] = {}
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for n, line in enumerate(lines):
        for k, text in enumerate([*line, *[""] * (width - len(line))]):
            first = places[n - 1, k] if text == "^" else places[n, k - 1] if text == "<" else (n, k)
            places[n, k] = first
            if first == (n, k):
                address = GridAddress("csv", f"cell={n + 1},{k + 1}")
                made[n, k] = GridCell(text.replace("¶", "\n"), address, n, k, heading=n < table.headings)
    for first, cell in list(made.items()):
        spanned = [place for place, of in places.items() if of == first]
        rows, columns = ({place[axis] for place in spanned} for axis in (0, 1))
        made[first] = GridCell(
            cell.text, cell.address, cell.row, cell.column, len(rows), len(columns), heading=cell.heading
        )
    texts = [("caption", table.caption, ())] if table.caption else []
    texts += [("footnote", note, (mark,) if mark else ()) for mark, note in table.notes]
    return Grid(
        1, table.name,
        tuple(GridRow(n + 1, tuple(made[places[n, k]] for k in range(width))) for n in range(len(lines))),
        tuple(
            GridText(kind, text, GridAddress("line", f"line={100 + n}"), 100 + n, marks)  # type: ignore[arg-type]
            for n, (kind, text, marks) in enumerate(texts)
        ),
    )  # fmt: skip


def _table(name: str, source: str, rows: str, values: Sequence[Mapping[str, Any]], **more: Any) -> Published:
    return Published(name, source, rows, values, **more)


DEVELOPMENT: Final = (
    _table(
        "msc-registry",
        "Frontiers in Cell and Developmental Biology 2022;9:716853, table 1 (CC BY 4.0), excerpt",
        """
NCT Number	Condition	Phases	Type of product	Match	Route of administration	Dose (10⁶ cells)	Status	Gender	Age (years)	Enrollment	Start date	Location	Funded bys	Study results
NCT04919135	Frailty	Phase 1|Phase 2	UC-MSCs	Allogenic	Intravenous	Not provided	Not yet recruiting	All	60–85	44	July 1, 2021	Not provided	Other	Not available
NCT04453111	Osteoarthritis	Phase 1|Phase 2	BM-MSCs, P-MSCs	Autologous, Allogenic	intra-articular injection	Not provided	Recruiting	All	18–75	45	January 2, 2020	Ukraine	Industry|Other	Not available
NCT04433104	Chronic Obstructive Pulmonary Disease	Phase 1|Phase 2	UC-MSCs	Allogenic	Intravenous	1/kg	Recruiting	All	40–75	40	June 9, 2020	Vietnam	Other	Not available
NCT03874572	Dry Mouth Syndrome	Phase 1	AD-MSCs	allogeneic	Intraglandular injection	Not provided	Active, not recruiting	All	18–75	10	March 18, 2019	Denmark	Other	Not available
NCT03478215	Kidney Transplantation	Phase 2	MSCs	Autologous	Intravenous	1 to 3/kg	Recruiting	All	18–65	24	February 2016	United States	Other	Not available
""",
        [
            {
                "registration_id": "NCT04919135",
                "disease_label": "frailty",
                "phase": "1/2",
                "cell_types": True,
                "routes": ["intravenous"],
                "dose_low": None,
                "status": "not yet recruiting",
                "sex": "all",
                "minimum_age": "60",
                "maximum_age": "85",
                "n_total": 44,
                "start_date": "2021-07-01",
                "countries": [],
            },
            {
                "registration_id": "NCT04453111",
                "disease_label": "osteoarthritis",
                "phase": "1/2",
                "routes": ["intra-articular"],
                "dose_low": None,
                "status": "recruiting",
                "sex": "all",
                "minimum_age": "18",
                "maximum_age": "75",
                "n_total": 45,
                "start_date": "2020-01-02",
                "countries": ["Ukraine"],
            },
            {
                "registration_id": "NCT04433104",
                "disease_label": "chronic obstructive pulmonary disease",
                "phase": "1/2",
                "routes": ["intravenous"],
                "dose_low": 1000000,
                "dose_unit": "cells/kg",
                "status": "recruiting",
                "sex": "all",
                "minimum_age": "40",
                "maximum_age": "75",
                "n_total": 40,
                "start_date": "2020-06-09",
                "countries": ["Vietnam"],
            },
            {
                "registration_id": "NCT03874572",
                "phase": "1",
                "dose_low": None,
                "status": "active, not recruiting",
                "sex": "all",
                "minimum_age": "18",
                "maximum_age": "75",
                "n_total": 10,
                "start_date": "2019-03-18",
                "countries": ["Denmark"],
            },
            {
                "registration_id": "NCT03478215",
                "phase": "2",
                "routes": ["intravenous"],
                "dose_low": 1000000,
                "dose_high": 3000000,
                "dose_unit": "cells/kg",
                "status": "recruiting",
                "sex": "all",
                "minimum_age": "18",
                "maximum_age": "65",
                "n_total": 24,
                "start_date": "2016-02",
                "countries": ["United States"],
            },
        ],
        caption="Summary of the clinical trials evaluating MSCs.",
        headings=1,
    ),
    _table(
        "car-t-solid",
        "Journal of Hematology & Oncology 2018;11:22, table 1 (CC BY 4.0), excerpt",
        """
Antigen	CAR design	Identifier	Disease condition	Phase	Status	Sponsor	Notes	Ref
FR-α	1st (FcRγ)	NCT00019136	Ovarian cancer	I	Completed	National Cancer Institute		[35]
^	4th	NCT03185468	Bladder cancer, urothelial carcinoma bladder	I/II	Recruiting	Shenzhen Geno-immune Medical Institute
L1-CAM	2nd and 3	NCT02311621	Neuroblastoma	I	Recruiting	Seattle Children's Hospital
^	1st	NCT00006480	Neuroblastoma	I	Completed	Fred Hutchinson Cancer Center		[38]
MSLN	2nd	NCT02465983	Pancreatic cancer	I	Completed	University of Pennsylvania
^	NA	NCT03030001	Solid tumors	I/II	Recruiting	Ningbo Cancer Hospital	PD-1 antibody expressing mesothelin-specific CAR-T cells
""",
        [
            {
                "registration_id": "NCT00019136",
                "targets": ["FR-α"],
                "disease_label": "ovarian cancer",
                "phase": "1",
                "status": "completed",
                "sponsor": "National Cancer Institute",
                "reference": 35,
            },
            {
                "registration_id": "NCT03185468",
                "targets": ["FR-α"],
                "phase": "1/2",
                "status": "recruiting",
                "sponsor": "Shenzhen Geno-immune Medical Institute",
                "reference": None,
            },
            {
                "registration_id": "NCT02311621",
                "targets": ["L1-CAM"],
                "disease_label": "neuroblastoma",
                "phase": "1",
                "status": "recruiting",
                "sponsor": "Seattle Children's Hospital",
            },
            {
                "registration_id": "NCT00006480",
                "targets": ["L1-CAM"],
                "disease_label": "neuroblastoma",
                "phase": "1",
                "status": "completed",
                "sponsor": "Fred Hutchinson Cancer Center",
                "reference": 38,
            },
            {
                "registration_id": "NCT02465983",
                "targets": ["MSLN"],
                "disease_label": "malignant pancreatic neoplasm",
                "phase": "1",
                "status": "completed",
                "sponsor": "University of Pennsylvania",
            },
            {
                "registration_id": "NCT03030001",
                "targets": ["MSLN"],
                "phase": "1/2",
                "status": "recruiting",
                "sponsor": "Ningbo Cancer Hospital",
            },
        ],
        caption="Selected CAR-T clinical trials targeting solid tumor-associated antigens",
        headings=1,
    ),
    _table(
        "ards",
        "Critical Care 2023;27:31, table 1 (CC BY 4.0), excerpt",
        """
Reference	Design	Age (MSC vs. Control, years)	Gender (male ratio)	Population	Group (dose, treatment duration)	<	ITT Population
^	^	^	^	^	MSC	Control	^
Guoping Zheng [16]	RCT	66.7 ± 20.4 vs. 69.8 ± 9.1	6/6 vs. 5/6	N = 12 (1:1), adult patients who met the Berlin definition of moderate and severe ARDS	AD MSCs, 1 × 10⁶ cells/kg of body weight, one IV dose	NS	12 (6 vs. 6)
Michael Matthay [17]	RCT	55 ± 17 vs. 55 ± 20	23/40 vs. 10/20	N = 60 (2:1), ventilated adult patients with moderate-to-severe ARDS	BM-MSCs, 10 × 10⁶ MSC/kg (pbw), one IV dose	Placebo	60 (40 vs. 20)
Giacomo Lanzoni [18]	RCT	58.58 ± 15.93 vs. 58.83 ± 11.61	5/12 vs. 8/12	N = 24 (1:1), adult patients hospitalized for severe COVID-19	UC-MSCs, 100 ± 20 × 10⁶ UC-MSCs, 2 IV doses	50 mL vehicle solution	24 (12 vs. 12)
""",
        [
            {
                "reference": 16,
                "allocation": "randomized",
                "minimum_age": None,
                "sex": None,
                "n_total": 12,
                "n_treatment": 6,
                "n_control": 6,
            },
            {
                "reference": 17,
                "allocation": "randomized",
                "minimum_age": None,
                "sex": None,
                "n_total": 60,
                "n_treatment": 40,
                "n_control": 20,
            },
            {
                "reference": 18,
                "allocation": "randomized",
                "minimum_age": None,
                "sex": None,
                "n_total": 24,
                "n_treatment": 12,
                "n_control": 12,
            },
        ],
        caption="The main characteristics of the studies included in the meta-analysis",
        headings=2,
    ),
    _table(
        "covid",
        "Frontiers in Medicine 2021;8:737590, table 1 (CC BY 4.0), excerpt",
        """
References	Study design	Country	Case definition	Control definition	Morbidity definition
Meng et al. (18)	Non-randomized clinical trial	China	Received UC-MSC and standard COVID-treatment regimens	Received standard COVID-treatment regimens	Mechanical ventilation
Häberle et al. (19)	Non-randomized clinical trial	Germany	Received MSC transplantation	Received standard therapy	Acute kidney injury (any level)
Giacomo et al. (23)	RCT	USA	Received UC-MSC treatment	Received control treatment	Any serious adverse event
Dynasty (27)	RCT	Russia	Received standard therapy and MSCs derived exosomes	Received standard therapy and inhalation placebo solution	Serious and Non-serious Adverse Events During Trial
""",
        [
            {"allocation": "non-randomized", "countries": ["China"], "n_total": None, "phase": None},
            {"allocation": "non-randomized", "countries": ["Germany"], "n_total": None, "phase": None},
            {"allocation": "randomized", "countries": ["United States"], "n_total": None, "phase": None},
            {"allocation": "randomized", "countries": ["Russia"], "n_total": None, "phase": None},
        ],
        caption="Characteristics of included studies.",
        headings=1,
    ),
    _table(
        "msc-uses",
        "Cells 2023;12:348, table 1 (CC BY 4.0), excerpt, its lists as rows",
        """
General Indication	Clinical Indication	Cell Source	Injection	Phase	Results (Safety/Efficacy)	Trial Number	Ref
Autoimmune disease	Type 1 Diabetes	Auto BM	Systemic	N.A	Safe and clinical efficacy	NCT01068951	[42]
^	^	Allo AT	Systemic	N.A	Safe and clinical efficacy	NCT03920397	[43]
^	Rheumatoid Arthritis	Auto BM	Local	2/3	Safe and clinical efficacy	NCT01873625	[45]
^	Systemic Lupus	Allo UC	Systemic	1/2	Safe and clinical efficacy	NCT01741857	[48]
GvHD	Acute GvHD	Allo BM	Systemic	3	Safe and differential efficacy	NCT00366145	[62]
""",
        [
            {
                "registration_id": "NCT01068951",
                "disease_label": "type 1 diabetes mellitus",
                "phase": None,
                "reference": 42,
            },
            {
                "registration_id": "NCT03920397",
                "disease_label": "type 1 diabetes mellitus",
                "phase": None,
                "reference": 43,
            },
            {
                "registration_id": "NCT01873625",
                "disease_label": "rheumatoid arthritis",
                "phase": "2/3",
                "reference": 45,
            },
            {"registration_id": "NCT01741857", "phase": "1/2", "reference": 48},
            {"registration_id": "NCT00366145", "phase": "3", "reference": 62},
        ],
        caption="MSCs' use in human clinical trials.",
        headings=1,
    ),
    _table(
        "ctgov-export",
        "constructed: the columns of an export of ClinicalTrials.gov",
        """
NCT Number	Study Title	Study URL	Acronym	Study Status	Conditions	Interventions	Sponsor	Sex	Age	Phases	Enrollment	Funder Type	Study Type	Study Design	Other IDs	Start Date	Completion Date	Locations
NCT05000001	Allogeneic MSC in Severe COVID-19	https://example.org/1		COMPLETED	COVID-19	BIOLOGICAL: UC-MSC	University of Miami	ALL	18 Years and older	PHASE1|PHASE2	24	OTHER	INTERVENTIONAL	Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)|Primary Purpose: TREATMENT	20200370	2020-04-25	2021-07-21	Diabetes Research Institute, Miami, Florida, 33136, United States
NCT05000002	MSC for Knee Osteoarthritis	https://example.org/2	KOA-1	RECRUITING	Knee Osteoarthritis	BIOLOGICAL: AD-MSC	Cellular Biomedicine Group Ltd.	FEMALE	40 Years to 70 Years	PHASE2	60	INDUSTRY	INTERVENTIONAL	Allocation: NA|Intervention Model: SINGLE_GROUP|Masking: NONE|Primary Purpose: TREATMENT	CBM-1	2022-03	2024-12	Shanghai, China
""",
        [
            {
                "registration_id": "NCT05000001",
                "title": ["Allogeneic MSC in Severe COVID-19"],
                "status": "completed",
                "disease_label": "COVID-19",
                "sponsor": "University of Miami",
                "sex": "all",
                "minimum_age": "18 Years",
                "phase": "1/2",
                "n_total": 24,
                "allocation": "randomized",
                "masking": "double-blind",
                "start_date": "2020-04-25",
                "completion_date": "2021-07-21",
                "countries": ["United States"],
            },
            {
                "registration_id": "NCT05000002",
                "status": "recruiting",
                "disease_label": "osteoarthritis, knee",
                "sponsor": "Cellular Biomedicine Group Ltd.",
                "sex": "female",
                "minimum_age": "40 Years",
                "maximum_age": "70 Years",
                "phase": "2",
                "n_total": 60,
                "allocation": None,
                "masking": "open label",
                "start_date": "2022-03",
                "completion_date": "2024-12",
                "countries": ["China"],
            },
        ],
    ),
    _table(
        "extraction-sheet",
        "constructed: an extraction sheet with snake_case names",
        """
study_id	first_author	pub_year	country	study_design	trial_reg_no	disease	n_total	n_intervention	n_control	cell_source	dose_cells_per_kg	route_of_administration	no_of_infusions	comparator	followup_months	primary_outcome	main_findings	notes
1	Wang	2018	China	RCT, double-blind	NCT01547091	rheumatoid arthritis	172	136	36	UC-MSC	1 x 10^6	intravenous	1	saline	8	DAS28, HAQ	Safe and well tolerated	
2	Park	2018	Korea	open-label phase I	NCT02221258	rheumatoid arthritis	9	9		UC-MSC	2.5 x 10^7	IV infusion	1	none	1	adverse events	No serious adverse events	dose in cells
3	Ghoryani	2019	Iran	single arm	NCT03333681	refractory rheumatoid arthritis	9	9	0	BM-MSC	1 x 10^6	IV	1	NA	12	DAS28-ESR, VAS	DAS28 decreased	
""",
        [
            {
                "registration_id": "NCT01547091",
                "countries": ["China"],
                "allocation": "randomized",
                "masking": "double-blind",
                "disease_label": "rheumatoid arthritis",
                "n_total": 172,
                "n_treatment": 136,
                "n_control": 36,
                "dose_low": 1000000,
                "dose_unit": "cells/kg",
                "routes": ["intravenous"],
                "dose_count": 1,
                "comparator": ["saline"],
                "follow_up_months": [8],
                "outcomes": True,
            },
            {
                "registration_id": "NCT02221258",
                "countries": ["South Korea"],
                "masking": "open label",
                "phase": "1",
                "n_total": 9,
                "n_treatment": 9,
                "n_control": None,
                "routes": ["intravenous"],
                "comparator": [],
                "follow_up_months": [1],
            },
            {
                "registration_id": "NCT03333681",
                "countries": ["Iran"],
                "n_total": 9,
                "n_treatment": 9,
                "n_control": 0,
                "dose_low": 1000000,
                "dose_unit": "cells/kg",
                "comparator": [],
                "follow_up_months": [12],
            },
        ],
    ),
    _table(
        "knee",
        "constructed: two-level headings of a meta-analysis",
        """
Sl. No	Ref.	Country	Nature of study	Sample size	<	Mean age (SD)	<	Male/female	MSC type	MSC source	Follow-up (mo)
^	^	^	^	Treatment	Control	Treatment	Control	^	^	^	^
1	Alba et al [23], 2015	Spain	RCT	15	15	56.6 ± 9.24	57.3 ± 9.09	14/16	BM	Allo	12
2	Brown et al [24], 2014	United States	RCT	36	19	44.6 ± 9.82	47.8 ± 8	36/19	BM	Allo	24
3	Cruz et al [25], 2018	Mexico	RCT	30	31	55.57 ± 12.02	59.32 ± 10.85	30/31	AD	Auto	6
""",
        [
            {
                "reference": 23,
                "countries": ["Spain"],
                "allocation": "randomized",
                "n_treatment": 15,
                "n_control": 15,
                "n_total": None,
                "follow_up_months": [12],
                "minimum_age": None,
                "sex": None,
            },
            {
                "reference": 24,
                "countries": ["United States"],
                "n_treatment": 36,
                "n_control": 19,
                "follow_up_months": [24],
            },
            {
                "reference": 25,
                "countries": ["Mexico"],
                "n_treatment": 30,
                "n_control": 31,
                "follow_up_months": [6],
            },
        ],
        headings=2,
        caption="Characteristics of included studies of MSCs for knee osteoarthritis",
    ),
    _table(
        "sections",
        "constructed: sections, cohorts, totals and a page footer, as CSV",
        """
Table 2. MSC trials in neurology
Trial ID	N	Dose	Route	Phase	Follow-up (weeks)	Status
Multiple sclerosis (n = 2)
NCT03000011	30	1 x 10^6 cells/kg	Intravenous	II	24	Completed
NCT03000012	12	2 x 10^6 cells/kg	Intrathecal	I	52	Recruiting
		4 x 10^6 cells/kg	Intrathecal
Page 1 of 2
Trial ID	N	Dose	Route	Phase	Follow-up (weeks)	Status
Amyotrophic lateral sclerosis
NCT03000013	20	1 x 10^7 cells	Intrathecal	I/II	26	Terminated
Total	62
Abbreviations: MSC: mesenchymal stem cell
""",
        [
            {
                "registration_id": "NCT03000011",
                "disease_label": "multiple sclerosis",
                "n_total": 30,
                "dose_low": 1000000,
                "routes": ["intravenous"],
                "phase": "2",
                "follow_up_months": [5.52],
                "status": "completed",
                "cell_types": True,
            },
            {
                "registration_id": "NCT03000012",
                "disease_label": "multiple sclerosis",
                "n_total": 12,
                "dose_levels": [2000000, 4000000],
                "routes": ["intrathecal"],
                "phase": "1",
                "status": "recruiting",
            },
            {
                "registration_id": "NCT03000013",
                "disease_label": "amyotrophic lateral sclerosis",
                "n_total": 20,
                "dose_low": 10000000,
                "routes": ["intrathecal"],
                "phase": "1/2",
                "status": "terminated",
            },
        ],
    ),
    _table(
        "transposed",
        "constructed: trials as columns",
        """
Trial	NCT02000011	NCT02000012	NCT02000013
Disease	Crohn's disease	Ulcerative colitis	Crohn's disease
Phase	Phase 3	Phase 2	Phase 1/2
No. of patients	212	50	24
Masking	Double-blind	Open label	Open label
Sponsor	TiGenix	Kangstem	Medipost
""",
        [
            {
                "registration_id": "NCT02000011",
                "disease_label": "Crohn disease",
                "phase": "3",
                "n_total": 212,
                "masking": "double-blind",
                "sponsor": "TiGenix",
            },
            {
                "registration_id": "NCT02000012",
                "disease_label": "ulcerative colitis",
                "phase": "2",
                "n_total": 50,
                "masking": "open label",
                "sponsor": "Kangstem",
            },
            {
                "registration_id": "NCT02000013",
                "disease_label": "Crohn disease",
                "phase": "1/2",
                "n_total": 24,
                "masking": "open label",
                "sponsor": "Medipost",
            },
        ],
    ),
    _table(
        "held-aav",
        "constructed: gene therapy",
        """
Sponsor	Product	Vector	Transgene	Disease	Dose (vg/kg)	Participants (n)	Trial start	Phase	ClinicalTrials.gov ID
Alpha Bio	AB-101	AAV5	FIX-Padua	Hemophilia B	2 × 10¹³	54	June 2018	III	NCT03569891
Beta Gene	BG-7	AAV8	FVIII	Hemophilia A	6 × 10¹³	134	11/2017	III	NCT03370913
Gamma	G-3	AAV9	SMN1	Spinal muscular atrophy	1.1 × 10¹⁴	22	24/10/2017	III	NCT03306277
""",
        [
            {
                "sponsor": "Alpha Bio",
                "product_names": True,
                "targets": ["FIX-Padua"],
                "disease_label": "hemophilia B",
                "dose_low": None,
                "n_total": 54,
                "start_date": "2018-06",
                "phase": "3",
                "registration_id": "NCT03569891",
            },
            {
                "sponsor": "Beta Gene",
                "disease_label": "hemophilia A",
                "dose_low": None,
                "n_total": 134,
                "start_date": "2017-11",
                "phase": "3",
                "registration_id": "NCT03370913",
            },
            {
                "sponsor": "Gamma",
                "disease_label": "spinal muscular atrophy",
                "dose_low": None,
                "n_total": 22,
                "start_date": "2017-10-24",
                "phase": "3",
                "registration_id": "NCT03306277",
            },
        ],
        headings=1,
    ),
    _table(
        "held-derm",
        "constructed: biologics in dermatology",
        """
Drug	Target	Trial (NCT number)	Design	Patients randomized	Dosing frequency	Comparator	Primary endpoint	Duration
Drug A	IL-13	NCT02340234	Randomised, double-blind, placebo-controlled phase II	209	every 4 weeks	Placebo	EASI-50	12 weeks
Drug B	IL-4Rα	NCT02277743	Phase III RCT, double-blind	671	every 2 weeks	Placebo	IGA 0/1	16 weeks
Drug C	JAK1/JAK2	NCT03334396	Phase III RCT	624	once daily	Topical corticosteroids	IGA 0/1	16 weeks
""",
        [
            {
                "targets": ["IL-13"],
                "registration_id": "NCT02340234",
                "allocation": "randomized",
                "masking": "double-blind",
                "phase": "2",
                "n_total": 209,
                "dose_frequency": ["every 4 weeks"],
                "comparator": ["Placebo"],
                "outcomes": True,
                "follow_up_months": [2.76],
            },
            {
                "targets": ["IL-4Rα"],
                "registration_id": "NCT02277743",
                "allocation": "randomized",
                "masking": "double-blind",
                "phase": "3",
                "n_total": 671,
                "dose_frequency": ["every 2 weeks"],
                "comparator": ["Placebo"],
            },
            {
                "targets": ["JAK1", "JAK2"],
                "registration_id": "NCT03334396",
                "allocation": "randomized",
                "masking": None,
                "phase": "3",
                "n_total": 624,
                "dose_frequency": ["once daily"],
                "comparator": ["Topical corticosteroids"],
            },
        ],
        headings=1,
        caption="Trials of biologics in atopic dermatitis",
    ),
    _table(
        "held-covid",
        "constructed: a review with a caption that states disease and route",
        """
Author, year [ref]	Country	Type of study	Groups (T/C)	Cell type	Cell dose	Injections, n	Outcome
Leng 2020 [11]	China	Non-randomised	10 (7/3)	Clinical-grade MSCs	1 × 10⁶ cells/kg	1	Symptoms improved
Shi 2021 [12]	China	RCT	100 (65/35)	UC-MSCs	4 × 10⁷ cells	3	Lung lesions decreased
Dilogo 2021 [13]	Indonesia	RCT, double blind	40 (20/20)	UC-MSCs	1 × 10⁶ cells/kg	1	Survival was higher
""",
        [
            {
                "reference": 11,
                "countries": ["China"],
                "allocation": "non-randomized",
                "n_total": 10,
                "n_treatment": 7,
                "n_control": 3,
                "cell_types": True,
                "dose_low": 1000000,
                "dose_unit": "cells/kg",
                "dose_count": 1,
                "disease_label": "COVID-19",
                "routes": ["intravenous"],
            },
            {
                "reference": 12,
                "countries": ["China"],
                "allocation": "randomized",
                "n_total": 100,
                "n_treatment": 65,
                "n_control": 35,
                "dose_low": 40000000,
                "dose_count": 3,
                "disease_label": "COVID-19",
                "routes": ["intravenous"],
            },
            {
                "reference": 13,
                "countries": ["Indonesia"],
                "allocation": "randomized",
                "masking": "double-blind",
                "n_total": 40,
                "dose_low": 1000000,
                "disease_label": "COVID-19",
                "routes": ["intravenous"],
            },
        ],
        headings=1,
        caption="Clinical trials of MSCs in patients with COVID-19; all by intravenous infusion",
    ),
    _table(
        "held-cardio",
        "constructed: drug trials in cardiology, trials in several rows",
        """
Acronym	Registry no.	Arms	n	Follow-up	Start	End
ALPHA-HF	NCT01035255	Drug X 200 mg	4187	27 months	Dec 2009	March 2014
^	^	Enalapril 10 mg	4212	^	^	^
BETA-HF	ISRCTN12345674	Drug Y	120	2 years	2015	2018
^	^	Placebo	118	^	^	^
""",
        [
            {
                "title": ["ALPHA-HF"],
                "registration_id": "NCT01035255",
                "n_total": None,
                "follow_up_months": [27],
                "start_date": "2009-12",
                "completion_date": "2014-03",
            },
            {
                "title": ["BETA-HF"],
                "n_total": None,
                "follow_up_months": [24],
                "start_date": "2015",
                "completion_date": "2018",
            },
        ],
        headings=1,
    ),
    _table(
        "held-onco",
        "constructed: cell therapies in oncology, as an extraction sheet",
        """
RegistrationNumber	TargetAntigen	CellProduct	TumourType	PhaseOfTrial	EnrolledPatients	LeadSponsor	RecruitmentStatus	CountryOfStudy	AgeRange
NCT02601313	CD19	CAR-T cells	Mantle cell lymphoma	Phase 2	105	Kite	Completed	USA; France	18 Years and older
NCT02658929	BCMA	CAR-T cells	Multiple myeloma	Phase 1	67	Celgene	Active, not recruiting	United States	18-75 years
ChiCTR1800018137	BCMA	CAR-T cells	Multiple myeloma	Phase 1	18	IASO	Recruiting	China	18-70
""",
        [
            {
                "registration_id": "NCT02601313",
                "targets": ["CD19"],
                "cell_types": True,
                "disease_label": "mantle cell lymphoma",
                "phase": "2",
                "n_total": 105,
                "sponsor": "Kite",
                "status": "completed",
                "countries": ["United States", "France"],
                "minimum_age": "18 Years",
            },
            {
                "registration_id": "NCT02658929",
                "targets": ["BCMA"],
                "disease_label": "plasma cell myeloma",
                "phase": "1",
                "n_total": 67,
                "sponsor": "Celgene",
                "status": "active, not recruiting",
                "countries": ["United States"],
                "minimum_age": "18",
                "maximum_age": "75 years",
            },
            {
                "registration_id": "ChiCTR1800018137",
                "targets": ["BCMA"],
                "phase": "1",
                "n_total": 18,
                "sponsor": "IASO",
                "status": "recruiting",
                "countries": ["China"],
                "minimum_age": "18",
                "maximum_age": "70",
            },
        ],
    ),
)

#: Constructed after the shapes of published tables; nothing was developed on them.
HELD_OUT: Final = (
    _table(
        "held-atm", "constructed after the shape of a meta-analysis of osteoarthritis",
        """
First author/year/country	K-L grade	No. of cases (MSC/CON)	Mean age (SD)	n (%) females	Entity of cells	No. of cells	Source	Delivery method	Placebo	FU periods (months)	Pain scale
Vega, 2015, Spain	2–4	30 (15/15)	MSC: 56.6 (9.6); CON: 57.3 (9.4)	MSC: 60%; CON: 67%	BM-MSCs	4×10⁷	Allogenic	1-stage injection	HA	12	VAS
Gupta, 2016, India	2–3	60 (40/20)	MSC: 57.7 (8.6); CON: 54.9 (8.3)	MSC: 75%; CON: 100%	BM-MSCs	(2.5–15)×10⁷	Allogenic	1-stage injection	HA	12	VAS
Matas, 2019, Chile	1–3	26 (18/8)	MSC: 56.4 (5.5); CON: 54.8 (4.5)	MSC: 61%; CON: 63%	UC-MSCs	(2, 4)×10⁷	Allogenic	1, 2-stage injection	HA	12	VAS
""",
        [
            {"countries": ["Spain"], "n_total": 30, "n_treatment": 15, "n_control": 15, "dose_low": 40000000, "cell_types": True, "follow_up_months": [12], "minimum_age": None, "sex": None},
            {"countries": ["India"], "n_total": 60, "n_treatment": 40, "n_control": 20, "dose_low": 25000000, "dose_high": 150000000, "follow_up_months": [12]},
            {"countries": ["Chile"], "n_total": 26, "n_treatment": 18, "n_control": 8, "follow_up_months": [12]},
        ],
        headings=1,
    ),
    _table(
        "held-cureus", "constructed after the shape of a table of included studies",
        """
Study (year)	Sample (M:F)	Age	BMI	KL grade	Type of Study	Intervention	Control	Donor	Dose (cell) (×10⁶)	Outcome Measures	Follow up
Liu (2021) [7]	440 (212:228)	40-90	NR	2-3	Double-Blinded RCT	UC-MSCs	Normal saline	Allogeneic	25	KOOS, VAS	24 months
Lu (2020) [18]	22 (3:19)	18-70	27.77 (±1.93)	2-3	Double-Blinded RCT	AD-MSCs	Not Controlled	Autologous	10	WOMAC, VAS	48 weeks
Freitag (2019) [35]	30 (16:14)	> 18	25.2	2-3	Non-Blinded RCT	AD-MSCs	Conservative management	Autologous	100	KOOS, WOMAC	12 months
""",
        [
            {"reference": 7, "n_total": 440, "n_treatment": None, "n_control": None, "masking": "double-blind", "allocation": "randomized", "comparator": ["Normal saline"], "dose_low": 25000000, "follow_up_months": [24], "donor_type": "allogeneic"},
            {"reference": 18, "n_total": 22, "n_treatment": None, "masking": "double-blind", "comparator": [], "dose_low": 10000000, "follow_up_months": [11.04], "donor_type": "autologous"},
            {"reference": 35, "n_total": 30, "n_treatment": None, "masking": "open label", "allocation": "randomized", "comparator": ["Conservative management"], "dose_low": 100000000, "follow_up_months": [12]},
        ],
        headings=1,
    ),
    _table(
        "held-bmj", "constructed after the shape of a table with groups under each heading",
        """
First author	Year	Country	No of participants (M/F)	<	Intervention method in CG	Age, years (mean±SD)	<	Follow-up period, months	Stem cell source
^	^	^	MSCs+PRP	CG	^	MSCs+PRP	CG	^	^
Bastos [24]	2019	Portugal	14 (5/9)	16 (10/6)	MSCs	60.8±9.9	55.7±7.8	12	Bone marrow
Hou [27]	2016	China	92 (40/52)	88 (38/50)	HA	57±8.3	55±9.2	6	Bone marrow
""",
        [
            {"reference": 24, "countries": ["Portugal"], "n_total": None, "n_treatment": True, "n_control": True, "follow_up_months": [12], "tissue_sources": ["bone marrow"], "minimum_age": None},
            {"reference": 27, "countries": ["China"], "n_total": None, "follow_up_months": [6], "tissue_sources": ["bone marrow"]},
        ],
        headings=2,
    ),
    _table(
        "held-ictrp", "constructed: the columns of an export of the WHO's portal",
        """
TrialID	Public_title	Primary_sponsor	Date_registration	Source_Register	Recruitment_Status	Inclusion_agemin	Inclusion_agemax	Inclusion_gender	Date_enrollement	Target_size	Study_type	Study_design	Phase	Countries	Condition	Intervention	Primary_outcome
ChiCTR2000030020	Safety of UC-MSC in pneumonia	Wuhan Hospital	20200219	ChiCTR	Not Recruiting	18	70	Both	2020-02-06	120	Interventional study	Parallel randomized	0	China	COVID-19	UC-MSC iv	Mortality
IRCT20200217046526N1	MSC in ARDS	Royan Institute	2020-03-30	IRCT	Recruiting	18 Years	65 Years	Both	2020-04-03	6	interventional	Single arm, open label	2-3	Iran	ARDS	MSC	Adverse events
""",
        [
            {"registration_id": "ChiCTR2000030020", "title": ["Safety of UC-MSC in pneumonia"], "sponsor": "Wuhan Hospital", "sex": "all", "n_total": 120, "allocation": "randomized", "phase": "0", "countries": ["China"], "disease_label": "COVID-19"},
            {"registration_id": "IRCT20200217046526N1", "sponsor": "Royan Institute", "status": "recruiting", "sex": "all", "n_total": 6, "masking": "open label", "phase": "2/3", "countries": ["Iran"], "disease_label": "acute respiratory distress syndrome"},
        ],
    ),
    _table(
        "held-bands", "constructed: sections by therapy, an Excel sheet with a title row",
        """
Stem cell therapies for stroke: registered trials
No.	NCT	Trial	Patients	Route / dose	Timeline	Current status	Location
Bone marrow mononuclear cells
1	NCT01501773	Phase II, single-blind RCT	120	IV / 2.8 × 10^8 cells	180 days	Completed	India
2	NCT00859014	Phase I, open label	25	IV / 1 × 10^7 cells/kg	24 months	Completed	USA
Umbilical cord MSCs
3	NCT02580019	Phase II	2	IV / 2 × 10^7 cells	12 months	Terminated	China
""",
        [
            {"registration_id": "NCT01501773", "phase": "2", "masking": "single-blind", "allocation": "randomized", "n_total": 120, "routes": ["intravenous"], "dose_low": 280000000, "status": "completed", "countries": ["India"], "cell_types": True, "disease_label": "stroke disorder"},
            {"registration_id": "NCT00859014", "phase": "1", "masking": "open label", "n_total": 25, "routes": ["intravenous"], "dose_low": 10000000, "dose_unit": "cells/kg", "status": "completed", "countries": ["United States"], "disease_label": "stroke disorder"},
            {"registration_id": "NCT02580019", "phase": "2", "n_total": 2, "dose_low": 20000000, "status": "terminated", "countries": ["China"], "tissue_sources": True, "disease_label": "stroke disorder"},
        ],
    ),
)
