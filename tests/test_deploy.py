"""The unit and the container file: well-formed, and what they name exists."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.base.settings import SETTINGS, Settings
from trialgraph.cli import cli
from trialgraph.http.server.descriptors import CONNECTIONS, FILES_OF_A_READER, SLOW_READERS, needed
from trialgraph.query.worker_process import MOST_CORES, MOST_MEMORY, sized

DEPLOY = ROOT / "deploy"
ANALYZE = shutil.which("systemd-analyze") or ""
FILES = sorted(DEPLOY.iterdir())
CADDY = shutil.which("caddy") or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_settings_and_verbs_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    known = {spec.variable for spec in SETTINGS.values()}
    assert set(re.findall(r"\bTRIALGRAPH_[A-Z_]+", text)) <= known
    assert set(re.findall(r"\(setting (\w+)\)", text)) <= set(SETTINGS)
    assert set(re.findall(r"\bsettings? ([a-z]+_[a-z_]+)", text)) <= set(SETTINGS)
    serve = {flag for option in cli.commands["serve"].params for flag in option.opts}
    assert set(re.findall(r"--(?:host|trusted-proxy|port)\b", text)) <= serve
    if path.name in ("nginx.conf", "nginx-front-ends.conf", "Caddyfile", "spark_build.py"):
        return  # they start nothing
    named = re.findall(r"bin/trialgraph (\w+)", text) + re.findall(r'^CMD \["(\w+)"', text, re.MULTILINE)
    assert named
    assert set(named) <= set(cli.commands)
    flags = {flag for verb in set(named) for option in cli.commands[verb].params for flag in option.opts}
    started = re.findall(r'(?:bin/trialgraph serve|CMD \["serve",)(.*)', text)
    assert started
    assert set(re.findall(r"--[a-z-]+", " ".join(started))) <= flags


@pytest.mark.skipif(not ANALYZE, reason="this machine has no systemd")
def test_the_unit_is_sound_and_leaves_little_open(tmp_path: Path) -> None:
    unit = tmp_path / "trialgraph.service"
    program = tmp_path / "trialgraph"
    program.write_text(f"#!{sys.executable}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    text = (DEPLOY / "trialgraph.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/trialgraph/bin/trialgraph", str(program)), encoding="utf-8")
    said = subprocess.run([ANALYZE, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    rated = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"SYSTEMD_COLORS": "0"},
    ).stdout
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", rated)
    assert exposure
    assert float(exposure[1]) <= 2.0


def test_the_unit_covers_what_all_workers_may_use_and_outlives_one_of_them() -> None:
    text = (DEPLOY / "trialgraph.service").read_text(encoding="utf-8")
    limit = re.search(r"^MemoryMax=(\d+)G$", text, re.MULTILINE)
    assert limit
    for cores in (1, 2, 8):
        workers, each = sized(Settings(workers=cores + 1), memory=int(limit[1]) << 30)
        assert workers * each <= (int(limit[1]) << 30) * 3 // 4
        assert each == MOST_MEMORY
    assert "\nOOMPolicy=continue\n" in text
    files = re.search(r"^LimitNOFILE=(\d+)$", text, re.MULTILINE)
    assert files
    clients = CONNECTIONS + FILES_OF_A_READER * SLOW_READERS
    assert needed(Settings(), MOST_CORES + 1) + clients <= int(files[1])


@pytest.mark.skipif(not CADDY and not os.environ.get("CI"), reason="caddy is not installed here")
def test_the_snippet_for_caddy_is_valid_and_formatted(tmp_path: Path) -> None:
    file = DEPLOY / "Caddyfile"
    ours = os.environ | {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    asked = [CADDY, "validate", "--config", str(file), "--adapter", "caddyfile"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, env=ours)
    assert said.returncode == 0, said.stderr
    tidy = subprocess.run([CADDY, "fmt", str(file)], capture_output=True, text=True, check=False, env=ours)
    assert tidy.stdout == file.read_text(encoding="utf-8")


def test_the_container_runs_as_nobody_and_from_named_bases() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    user = next(line.split()[1] for line in reversed(lines) if line.startswith("USER"))
    assert user.split(":")[0].isdigit()
    assert int(user.split(":")[0]) > 0
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert bases == ["${BASE}", "${BASE}"]
    assert any(re.fullmatch(r"ARG BASE=\S+:\d\S*", line) for line in lines)
    check = next(line for line in lines if "urlopen" in line)
    assert "http://127.0.0.1:8000/health/live" in check
    assert sum("--require-hashes" in line for line in lines) == 2
