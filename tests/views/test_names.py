"""Short names on pages."""

from __future__ import annotations

from trialgraph.rdf.vocabulary import expand
from trialgraph.views.names import Name, abbreviations, name_of


def test_a_value_is_called_by_its_short_name_else_by_its_label_else_by_its_curie() -> None:
    assert name_of(expand("MONDO:0008383").value, "rheumatoid arthritis") == Name(
        "RA", "rheumatoid arthritis"
    )
    assert name_of(expand("MONDO:0005556").value, "lupus nephritis") == Name("lupus nephritis")
    assert name_of(expand("MONDO:0000001").value) == Name("MONDO:0000001")


def test_the_abbreviations_of_a_table_stand_once_in_order() -> None:
    names = [Name("SLE", "systemic lupus erythematosus"), Name("lupus nephritis"), Name("IV", "intravenous")]
    assert abbreviations([*names, *names]) == [names[2], names[0]]
