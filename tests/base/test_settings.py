"""The table of settings: defaults, their variables, and values that do not fit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import pytest

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.settings import DEFAULTS, SETTINGS, Setting, Settings
from trialgraph.cli import cli
from trialgraph.cli.verbs.common import Invocation, setting_options

NUMERIC = sorted(name for name, s in SETTINGS.items() if not isinstance(s.default, str))
TEXTUAL = sorted(name for name, s in SETTINGS.items() if isinstance(s.default, str))


@pytest.mark.parametrize("name", NUMERIC)
def test_numbers(name: str) -> None:
    spec = SETTINGS[name]
    assert getattr(Settings.load({}), name) == spec.default
    found = getattr(Settings.load({spec.variable: "7"}), name)
    assert found == 7
    assert type(found) is type(spec.default)


@pytest.mark.parametrize("name", TEXTUAL)
def test_texts(name: str) -> None:
    spec = SETTINGS[name]
    assert getattr(Settings.load({}), name) == spec.default
    assert getattr(Settings.load({spec.variable: ""}), name) == spec.default
    other = spec.choices[-1] if spec.choices else "other"
    assert getattr(Settings.load({spec.variable: other}), name) == other


@pytest.mark.parametrize("raw", ["", "many", "0", "-1", "nan", "1_0_", "inf "])
def test_a_value_that_is_no_positive_number(raw: str) -> None:
    with pytest.raises(
        InputError, match=r"^TRIALGRAPH_SOURCE_BYTES: .* is not a positive number of bytes; leave it out"
    ):
        Settings.load({"TRIALGRAPH_SOURCE_BYTES": raw})


@pytest.mark.parametrize("raw", ["nan", "-inf", "inf", "0.0", "1e300", "9" * 5000])
def test_a_time_that_is_no_positive_number(raw: str) -> None:
    with pytest.raises(InputError, match="is not a positive number of seconds"):
        Settings.load({"TRIALGRAPH_QUERY_SECONDS": raw})


def test_the_environment_of_the_process_is_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_QUEUE", "7")
    assert Settings.load().queue == 7
    assert DEFAULTS.queue == SETTINGS["queue"].default


@pytest.mark.parametrize(("name", "value"), [("queue", 0), ("query_seconds", -1.0), ("metrics", "perhaps")])
def test_settings_that_are_made_in_code_are_checked_too(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=rf"^settings: {name}: {str(value)!r} is no"):
        replace(DEFAULTS, **{name: value})


def test_each_setting_says_what_it_bounds() -> None:
    for name, spec in SETTINGS.items():
        assert name == spec.name
        assert re.fullmatch(r"[a-z_]+", name)
        assert spec.unit
        assert spec.help
        assert not spec.help.endswith(".")


@pytest.mark.parametrize("name", sorted(n for n, s in SETTINGS.items() if s.choices))
def test_a_word_that_is_no_choice(name: str) -> None:
    with pytest.raises(InputError, match="'nonsense' is not a value of this setting; use one of"):
        Settings.load({SETTINGS[name].variable: "nonsense"})


def test_a_flag_goes_before_the_variable() -> None:
    given = {"TRIALGRAPH_QUEUE": "7"}
    assert Settings.load(given, {"queue": "9"}).queue == 9
    assert Settings.load(given, {"workers": "1"}).queue == 7
    with pytest.raises(UsageError, match=r"^--queue: 'many' is not a positive number of queries"):
        Settings.load(given, {"queue": "many"})


def test_a_former_name_still_works_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(
        cast(dict[str, Setting], SETTINGS), "queue", replace(SETTINGS["queue"], formerly="waiting_line")
    )
    assert Settings.load({"TRIALGRAPH_WAITING_LINE": "7"}).queue == 7
    assert caplog.messages == [
        "TRIALGRAPH_WAITING_LINE is now called TRIALGRAPH_QUEUE; the old name still works"
    ]
    caplog.clear()
    assert Settings.load({"TRIALGRAPH_WAITING_LINE": "7", "TRIALGRAPH_QUEUE": "8"}).queue == 8
    assert caplog.messages == []


def test_a_former_flag_still_works_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(
        cast(dict[str, Setting], SETTINGS), "queue", replace(SETTINGS["queue"], formerly="waiting_line")
    )

    @setting_options("serve")
    @click.command()
    @click.pass_obj
    def verb(obj: Invocation) -> None:
        print(obj.settings.queue)

    for flag, warning in (("--waiting-line", "--waiting-line is now called --queue; "), ("--queue", "")):
        verb.main([flag, "7"], obj=Invocation(), standalone_mode=False)
        told = capsys.readouterr()
        assert told.out == "7\n"
        assert told.err.startswith(warning)
        assert bool(told.err) == bool(warning)
    assert "--waiting-line" not in verb.get_help(click.Context(verb))


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


def test_a_flag_says_how_many_findings_are_listed(tmp_path: Path) -> None:
    unread = "\n".join(f"{number} line that is no row at all" for number in range(4))
    (tmp_path / "table.txt").write_text(f"Disease\nPatients\nCell source\n{unread}\n")
    for flags, lines in (((), 4), (("--listed-findings", "1"), 2)):
        done = run("rows", *flags, "--line-chars", "5", str(tmp_path / "table.txt"))
        assert done.returncode == 1
        assert done.stderr.count("\n") == lines
    assert done.stderr.endswith("and 3 more\n")
