"""The table of settings: defaults, their variables, and values that do not fit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.settings import SETTINGS, Setting, check_settings, give, setting, text_setting
from trialgraph.cli import cli

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
    other = spec.choices[-1] if spec.choices else "other"
    monkeypatch.setenv(spec.variable, other)
    assert text_setting(name) == other


@pytest.mark.parametrize("raw", ["", "many", "0", "-1", "nan", "1_0_", "inf "])
def test_a_value_that_is_no_positive_number(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_SOURCE_BYTES", raw)
    with pytest.raises(
        InputError, match=r"^TRIALGRAPH_SOURCE_BYTES: .* is not a positive number of bytes; leave it out"
    ):
        setting("source_bytes")


@pytest.mark.parametrize("raw", ["nan", "-inf", "inf", "0.0", "1e300", "9" * 5000])
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


@pytest.mark.parametrize("name", sorted(n for n, s in SETTINGS.items() if s.choices))
def test_a_word_that_is_no_choice(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS[name].variable, "nonsense")
    with pytest.raises(InputError, match="'nonsense' is no value of this setting; use one of"):
        check_settings()


def test_a_flag_goes_before_the_variable_and_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_QUEUE", "7")
    undo = give("queue", "9")
    assert setting("queue") == 9
    undo()
    assert setting("queue") == 7
    monkeypatch.delenv("TRIALGRAPH_QUEUE")
    give("queue", "9")()
    assert setting("queue") == SETTINGS["queue"].default
    with pytest.raises(UsageError, match=r"^--queue: 'many' is not a positive number of queries"):
        give("queue", "many")


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=lambda s: s.name)
def test_the_flags_of_a_command_are_those_of_the_table(spec: Setting) -> None:
    for name, command in cli.commands.items():
        flags = {option for parameter in command.params for option in parameter.opts}
        assert (spec.flag in flags) == (name in spec.verbs), name


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trialgraph", *words],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "variables", "where"),
    [
        (("serve", "--workers", "many"), {}, "--workers"),
        (("serve", "--metrics", "perhaps"), {}, "--metrics"),
        (("rows", "--source-bytes", "0"), {}, "--source-bytes"),
        (("serve",), {"TRIALGRAPH_PAGE_ROWS": "-5"}, "TRIALGRAPH_PAGE_ROWS"),
    ],
)
def test_a_wrong_setting_is_one_line_and_code_2(
    words: tuple[str, ...], variables: dict[str, str], where: str
) -> None:
    done = run(*words, **variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"trialgraph: {where}: ")
    assert done.stderr.count("\n") == 1


def test_a_flag_bounds_what_a_command_reads(tmp_path: Path) -> None:
    (tmp_path / "table.txt").write_text("Disease\nPatients\n")
    done = run("rows", "--source-bytes", "5", str(tmp_path / "table.txt"), TRIALGRAPH_SOURCE_BYTES="1000")
    assert done.returncode == 2
    assert "more than 5 bytes" in done.stderr
