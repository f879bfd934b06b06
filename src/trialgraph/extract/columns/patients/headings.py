"""How tables call the column of the patients: their number, the sample, the enrolment, the groups."""

from __future__ import annotations

from typing import Final

__all__ = ["HEADINGS"]

HEADINGS: Final = (
    r"(?:(?:estimated|planned|target|anticipated|actual) )?(?:numbers?|no\.?|n) of "
    r"(?!(?:the )?(?:male|female|respond|evalua|withdr|lost|exclud|dead|deceased|surviv|completed|prior|previous"
    r"|adverse))"
    r"(?:(?!in|with|who|of|and)[\w-]+ ){1,2}(?:patients|participants|subjects)|"
    r"(?:(?:total |overall )?(?:no\.?|nos\.?|nr\.?|n|#|numbers?|total"
    r"|total number) ?(?:of )?(?:the )?)?(?:(?:enrol?led|included"
    r"|treated|recruited|randomi[sz]ed|study|trial|human|planned|target|targeted|estimated|expected|anticipated|actual"
    r"|eligible|screened|initial) )?(?:patients|participants|subjects|cases|children|infants"
    r"|women|adults|people|individuals"
    r"|volunteers"
    r"|recipients)(?: (?:enrol?led|included|recruited|randomi[sz]ed|treated|dosed|infused|accrued))?|n"
    r"|(?:(?:target|actual|planned"
    r"|total|current) )?accrual|(?:(?:total|number|no\.?) )?(?:enrol?led|recruited)|(?:total |overall |actual |target "
    r"|planned |estimated"
    r" |final )?(?:sample size|enrol?lment|sample|sample number|enrol?lment size|enrol?lment number"
    r"|enrol?lment count)s?"
    r"|study population|(?:number|no\.?|total) (?:enrol?led|randomi[sz]ed|included|recruited)|number randomi[sz]ed"
    r"|(?:patient|participant|subject|case)s? (?:number|no\.?|count|sample|sample size|population|total|n)s?"
    r"|population size"
    r"|size of (?:the )?(?:sample|study|trial|cohort)|cohort size|(?:study|trial|group) size|n total|total n|total"
    r"|n patients"
    r"|n participants|n subjects|n enrol?led|n randomi[sz]ed|number in (?:study|trial|groups?)|cases (?:treated"
    r"|enrolled)"
    r"|(?:patients|participants|subjects|cases) (?:treated|dosed|infused|accrued|transplanted|injected)"
    r"|number analy[sz]ed|number|(?:itt|intention to treat"
    r"|intent to treat|safety|analy[sz]ed) (?:population|set|sample)"
    r"|(?:target|planned|actual|final|anticipated|estimated) (?:sample )?size"
    r"|(?:n|number|no\.?|sample size|patients|participants|subjects) (?:(?:of|in) (?:the )?)?(?:treatment|treated"
    r"|intervention|control"
    r"|controls|experimental|placebo|comparator|msc|cell therapy)(?: (?:group|arm))?|(?:treatment|intervention"
    r"|control|experimental"
    r"|placebo|comparator|msc)(?: (?:group|arm))? (?:n|number|size|sample size|patients|participants|subjects|sample)"
    r"|(?:number|no\.?) of (?:patients|participants|subjects|cases) (?:in|of) (?:the )?(?:treatment|intervention"
    r"|control|experimental"
    r"|placebo|comparator|msc)(?: (?:group|arm))?"
)
