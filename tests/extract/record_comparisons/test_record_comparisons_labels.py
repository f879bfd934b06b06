"""Verdicts on real rows and records, against labels that were made by reading both."""

from __future__ import annotations

from tests.extract.record_comparisons.measure import labels, verdicts, wrong


def test_nearly_all_labelled_verdicts_are_right_and_none_is_a_false_alarm() -> None:
    found = verdicts()
    missed = wrong(found)
    assert len(labels()) >= 149
    assert len(missed) * 20 <= len(labels()), missed
    assert [key for key, (label, made) in missed.items() if made[:7] == "differs" != label[:7]] == []
    # What no label has is no difference either.
    assert {key for key, one in found.items() if one.verdict == "differs"} <= labels().keys()
