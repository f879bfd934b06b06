"""How tables call the column of the administration: dose, route, regimen, number of doses, delivery."""

from __future__ import annotations

from typing import Final

__all__ = ["HEADINGS"]

_CELLS: Final = (
    r"(?:(?:median|mean|average|maximum|minimum|target|planned|actual|recommended|single|starting|initial|infusion"
    r"|injection|(?:stem )?cells?|t[ -]cells?|car[ -]?t|nk cells?|tregs?|vectors?|mscs?|infused|injected|transplanted"
    r"|administered|total|daily|study|drug|treatment"
    r"|intervention|experimental) ){0,3}"
)
_DOSE: Final = (
    rf"{_CELLS}(?:dose|doses|dosage) (?:of (?:injection|infusion|administration|cells? ?(?:injection|infusion)))"
    rf"|{_CELLS}(?:dose|doses|dosage) (?:in )?(?:cells?|million|millions|million cells|mg|units)(?: ?(?:per|/) ?"
    rf"(?:kg|patient|joint|injection|infusion))?"
    rf"|{_CELLS}(?:dose|doses|dosage|dosages|dosing)(?: (?:ranges?|level|levels|regimen|regimens|size"
    rf"|groups?|per (?:patient"
    rf"|injection|infusion"
    rf"|kg|administration)))?|(?:cell|cells|msc|mscs) (?:number|count|amount|quantity|concentration)|(?:number"
    rf"|no\.?|amount|quantity) of"
    rf" {_CELLS}(?:cells|mscs|stem cells)(?: (?:infused|injected|transplanted|administered))?"
    rf"|dose of (?:the )?(?:cells?|mscs?|stem cells)"
)
_ROUTE: Final = (
    r"(?:routes?|modes?|methods?|ways?|sites?|techniques?|types?|paths?) of (?:the )?(?!(?:patients?"
    r"|outcome|data) )(?:[\w-]+ ){0,2}"
    r"(?:administration|delivery|injection|infusion|transplantation|application|implantation)s?|routes?"
    r"|modes?|methods?|(?:routes?|modes?) of (?!(?:action|birth|death|infection|transmission|exposure"
    r"|recruitment)\b)(?:[\w-]+ ){0,2}[\w-]+"
    r"|application (?:routes?|methods?|modes?|protocols?|sites?)"
    r"|(?!(?:data|outcome|patient|care|service|health|birth|time|mean"
    r"|median) )(?:[\w-]+ )?(?:administration|deliver|delivery|injection|infusion"
    r"|transplantation"
    r"|implantation)s?"
    r"(?: (?:route|routes|method|methods|mode|modes|site|sites|technique|protocol|way|type))?|route"
)
_COUNT: Final = (
    r"(?:number|no\.?|nr|n|count|frequency and number)s? ?(?:of )?(?:(?:cell|msc|total|repeated) )?(?:doses?"
    r"|infusions?|injections?"
    r"|administrations?|transplantations?|implantations?|treatments|treatment cycles|cycles)|(?:injection"
    r"|infusion|administration"
    r"|treatment) times|times of (?:injections?|infusions?|administrations?|treatments?)|mscs? frequency"
    r"|(?:doses?|infusions?|injections?"
    r"|administrations?) ?(?:number|count|given)?"
)
_WHOLE: Final = (
    r"(?:(?:(?:study|trial|cell|msc|experimental|test|investigational|active) )?(?:regimen|regimens|protocol"
    r"|treatment|treatments"
    r"|intervention|interventions)(?: (?:protocol|regimen|details?|description|groups?|arms?|schedule"
    r"|characteristics))?)"
    r"|(?:experimental|test|active|investigational) (?:groups?|arms?)|interven(?:ing|tional|tion) measures?"
    r"|(?:treatment|therapeutic|therapy|intervention) (?:strateg(?:y|ies)|modalit(?:y|ies)|approach(?:es)?"
    r"|plans?|regimens?"
    r"|interventions?|protocols?|methods?)|(?:types?|modes?|kinds?) of (?:the )?(?:interventions?"
    r"|treatments?|therap(?:y|ies))|(?:treatments?|interventions?|therap(?:y|ies))"
    r" (?:given|received|administered|used|applied)|details of (?:the )?(?:intervention|treatment)"
)
_BEHIND: Final = (
    r"(?: ?(?:and|or|/|,|&|\+|;) ?(?:the )?(?:(?:cell|msc) )?(?:dose|doses|dosage|dosing|route|routes"
    r"|administration|delivery"
    r"|frequency|number|schedule|timing|mode|method|duration|administration route|route of (?:administration"
    r"|delivery|injection"
    r"|infusion)|mode of (?:administration|delivery)|number of (?:doses|injections|infusions)|infusion|injection"
    r"|regimen)){0,3}"
)
#: Not "number of patients", nor "method" and "type" of anything else.
HEADINGS: Final = rf"(?:{_DOSE}|{_ROUTE}|{_COUNT}|{_WHOLE}){_BEHIND}"
