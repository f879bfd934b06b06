"""Terms that no release states any more: nothing of ours asks for them, as it would get no answer and no error."""

import re
from typing import Final

from tests.paths import ROOT

#: decisions/0043-fewer-triples.md, 0029-one-resource-per-thing.md
NOT_STATED: Final = re.compile(
    r"(tg:|TG\.)(statedInScope|diseaseOrBroader|cellTypeOrBroader|tissueOrBroader|kindOf)\b"
    r"|concernsCell/tg:field\b|hasSelector/oa:exact|tg:isEmpty false|\?(cell|member) tg:(field|header|columnNumber)\b"
)
#: It makes them, for reasoners.
MAKES_THEM: Final = "05-values-and-all-that-is-broader.rq"
FILES: Final = sorted(
    path
    for folder, ending in (("src", "*.py"), ("src", "*.rq"), ("queries", "*.rq"), ("ontology/shapes", "*"))
    for path in (ROOT / folder).rglob(ending)
    if path.is_file() and path.name not in (MAKES_THEM, "ontology.md")
)


def test_nothing_asks_for_what_is_not_stated() -> None:
    assert [path.name for path in FILES if NOT_STATED.search(path.read_text(encoding="utf-8"))] == []


def test_the_pattern_finds_such_questions() -> None:
    assert NOT_STATED.search("?condition tg:statedInScope ?scope")
    assert NOT_STATED.search('?cell tg:field "conclusion"')
    assert not NOT_STATED.search('?cell tg:inColumn/tg:field "conclusion"')
    assert len(FILES) > 100
