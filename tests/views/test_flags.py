"""The marks of conflicts."""

from __future__ import annotations

from trialgraph.rdf.vocabulary import concept
from trialgraph.views.flags import SEVERITIES, Flag, flag_of

ERROR, NOTICE = concept("severity-error").value, concept("severity-notice").value


def test_a_flag_says_in_short_what_the_conflict_says_else_its_kind() -> None:
    assert flag_of(ERROR, "sum is 289", "arms do not add up", "211 + 78 = 289", "/c") == Flag(
        "error", "sum is 289", "/c", "211 + 78 = 289"
    )
    assert flag_of(NOTICE, "", "unread text", "not read in Dose", "/c").words == "unread text"
    assert flag_of(NOTICE, "", "unread text", "not read in Dose", "/c").mark == "unread"


def test_a_settled_conflict_is_marked_as_a_decision() -> None:
    made = flag_of(ERROR, "sum is 289", "arms do not add up", "m", "/c", settled=True)
    assert (made.mark, made.words, made.open) == ("curated", "sum is 289, settled", False)


def test_each_severity_has_a_mark_and_words_of_its_own() -> None:
    assert len({s.mark for s in SEVERITIES.values()}) == len({s.words for s in SEVERITIES.values()}) == 3
