"""`trialgraph build --spark` in a cluster of Spark on this machine, of which an executor is killed."""

from __future__ import annotations

import filecmp
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from benchmarks.bench.data import multiply
from tests.paths import ROOT
from tests.small_graph import children

SPARK: Final = importlib.util.find_spec("pyspark")
#: Two executors, each with a core and a gigabyte.
CLUSTER: Final = "local-cluster[2,1,1024]"
SOURCES, REPORTS = 10, 210


@pytest.fixture(scope="module", autouse=True)
def _needed(request: pytest.FixtureRequest) -> None:
    """PySpark is no part of the development environment: `make soak` installs it, and there it may not be missing."""
    if SPARK is None or shutil.which("java") is None:
        needed = os.environ.get("CI") or request.config.getoption("--full")
        assert not needed, "PySpark (requirements-spark.lock) or Java is missing"
        pytest.skip("PySpark or Java is not installed here")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For spark-submit, whose executors write into the folder of Spark itself: one of links."""
    assert SPARK is not None
    assert SPARK.origin is not None
    home = tmp_path_factory.mktemp("spark")
    for path in Path(SPARK.origin).parent.iterdir():
        (home / path.name).symlink_to(path)
    return os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(Path(SPARK.origin).parents[1])]),
        "TRIALGRAPH_SHARD_REPORTS": "14",
    }


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("sources")
    multiply(folder, REPORTS)
    return sorted(map(str, folder.iterdir()))


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory, sources: list[str], environment: dict[str, str]) -> Path:
    """The parts that a single process writes."""
    folder = tmp_path_factory.mktemp("single") / "parts"
    command = [sys.executable, "-m", "trialgraph", "-q", "build", "--jobs", "1", "--parts", str(folder)]
    done = subprocess.run([*command, *sources], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr  # the multiplied table has groups that do not add up
    return folder


def submitted(words: list[str], environment: dict[str, str], *conf: str, cwd: Path) -> subprocess.Popen[str]:
    configured = [word for pair in ("spark.ui.enabled=false", *conf) for word in ("--conf", pair)]
    submit = [str(Path(environment["SPARK_HOME"]) / "bin" / "spark-submit"), "--master", CLUSTER]
    return subprocess.Popen(
        [*submit, *configured, str(ROOT / "deploy" / "spark_build.py"), *words],
        env=environment,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def below(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from below(child)


def executors(pid: int) -> list[int]:
    """The processes of executors below a process."""
    found = []
    for one in below(pid):
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in words:
            found.append(one)
    return found


def test_an_executor_that_is_killed_changes_nothing(
    tmp_path: Path, sources: list[str], single: Path, environment: dict[str, str]
) -> None:
    """The parts are those of a single process, file by file."""
    with submitted(["--parts", "parts", *sources], environment, cwd=tmp_path) as driver:
        try:
            while driver.poll() is None and len(list(tmp_path.glob(".parts.*/0*.run"))) < 2:
                time.sleep(0.02)
            running = executors(driver.pid)
            assert len(running) == 2
            os.kill(running[0], signal.SIGKILL)
            assert len(list(tmp_path.glob(".parts.*/0*.run"))) < REPORTS // 14, "it was done too early"
            said, logged = driver.communicate(timeout=600)
        finally:
            driver.kill()
    assert driver.returncode == 1, said + logged
    assert "Lost executor" in logged
    assert f"parts={REPORTS // 14 + 1} quads=" in said
    names = sorted(path.name for path in single.iterdir())
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == names
    assert filecmp.cmpfiles(single, tmp_path / "parts", names, shallow=False) == (names, [], [])
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_a_source_that_cannot_be_read_is_one_line(tmp_path: Path, environment: dict[str, str]) -> None:
    """Told at once: it would fail wherever it is read."""
    with submitted(["--parts", "parts", "no-such-folder"], environment, cwd=tmp_path) as driver:
        said, logged = driver.communicate(timeout=300)
    assert driver.returncode == 2, said + logged
    (line,) = [line for line in said.splitlines() if line.startswith("trialgraph:")]
    assert line.startswith(f"trialgraph: {tmp_path / 'no-such-folder'}: cannot be read")
    assert "Traceback" not in said + logged
    assert list(tmp_path.iterdir()) == []
