"""Former numbers: which current number each of them leads to."""

from __future__ import annotations

import pytest

from trialgraph.extract.registries.numbers.former_numbers import FormerNumber, current_numbers


def stated(*pairs: tuple[str, str]) -> list[FormerNumber]:
    """Statements: number, its former number."""
    return [FormerNumber(n, number, former, f"a.json:{n}") for n, (number, former) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("B", "A")], {"A": "B"}),
        ([("B", "A"), ("C", "B")], {"A": "C", "B": "C"}),
        ([("C", "B"), ("B", "A")], {"A": "C", "B": "C"}),
        ([("B", "A"), ("B", "A")], {"A": "B"}),
        ([("C", "A"), ("C", "B")], {"A": "C", "B": "C"}),
        # A record that says the same of its own former number: one trial all the same.
        ([("C", "A"), ("B", "A"), ("C", "B")], {"A": "C", "B": "C"}),
        ([], {}),
    ],
)
def test_a_former_number_leads_to_the_present_one(
    pairs: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    found = current_numbers(stated(*pairs))
    assert found.of == expected
    assert found.remarks == ()


@pytest.mark.parametrize(
    "pairs", [[("B", "A"), ("C", "A")], [("B", "A"), ("A", "B")], [("B", "A"), ("C", "B"), ("A", "C")]]
)
def test_what_leads_to_several_or_to_none_is_told_and_not_merged(pairs: list[tuple[str, str]]) -> None:
    found = current_numbers(stated(*pairs, ("Y", "X")))
    assert found.of == {"X": "Y"}
    assert len(found.remarks) == len(pairs)
    assert {where for where, _ in found.remarks} == {f"a.json:{n}" for n in range(len(pairs))}
    assert all("not merged" in what and "\n" not in what for _, what in found.remarks)


def test_a_long_chain_takes_linear_time() -> None:
    chain = [(str(n + 1), str(n)) for n in range(50_000)]
    assert current_numbers(stated(*chain)).of["0"] == "50000"
    assert current_numbers(stated(*reversed(chain))).of["0"] == "50000"
