"""The table of settings: defaults, their variables, and values that do not fit."""

from __future__ import annotations

import re

import pytest

from trialgraph.errors import InputError
from trialgraph.limits import SETTINGS, setting, text_setting

NUMERIC = sorted(name for name, s in SETTINGS.items() if not isinstance(s.default, str))
TEXTUAL = sorted(name for name, s in SETTINGS.items() if isinstance(s.default, str))


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for s in SETTINGS.values():
        monkeypatch.delenv(s.variable, raising=False)


@pytest.mark.parametrize("name", NUMERIC)
def test_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SETTINGS[name]
    assert setting(name) == spec.default
    monkeypatch.setenv(spec.variable, "7")
    assert setting(name) == 7
    assert type(setting(name)) is type(spec.default)


@pytest.mark.parametrize("name", TEXTUAL)
def test_texts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SETTINGS[name]
    assert text_setting(name) == spec.default
    monkeypatch.setenv(spec.variable, "other")
    assert text_setting(name) == "other"


@pytest.mark.parametrize("raw", ["", "many", "0", "-1", "nan", "1_0_", "inf "])
def test_a_value_that_is_no_positive_number(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_SOURCE_BYTES", raw)
    with pytest.raises(
        InputError, match=r"^TRIALGRAPH_SOURCE_BYTES: .* is not a positive number of bytes; unset it"
    ):
        setting("source_bytes")


@pytest.mark.parametrize("raw", ["nan", "-inf", "0.0"])
def test_a_time_that_is_no_positive_number(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_QUERY_SECONDS", raw)
    with pytest.raises(InputError, match="is not a positive number of seconds"):
        setting("query_seconds")


def test_each_setting_says_what_it_bounds() -> None:
    for name, spec in SETTINGS.items():
        assert name == spec.name
        assert re.fullmatch(r"[a-z_]+", name)
        assert spec.unit
        assert spec.help
        assert not spec.help.endswith(".")
