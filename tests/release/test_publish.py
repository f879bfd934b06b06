"""Folders swapped in: what is served stays whole, what was left behind is swept, what runs is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.release.publish import building, published, write


def publish_one(home: Path, name: str = "one", text: str = "text", *, same: bool = True) -> Path:
    """Publish a folder with one file."""
    with building(home) as folder:
        write(folder / "file", text.encode())
        return published(home, folder, name, same=lambda _: same)


def test_the_last_one_is_current(tmp_path: Path) -> None:
    assert publish_one(tmp_path / "home") == tmp_path / "home" / "one"
    publish_one(tmp_path / "home", "two")
    assert os.readlink(tmp_path / "home" / "current") == "two"
    assert sorted(os.listdir(tmp_path / "home")) == ["current", "one", "two"]


@pytest.mark.parametrize(("same", "text"), [(True, "old"), (False, "new")])
def test_a_folder_of_that_name_stays_or_is_replaced(tmp_path: Path, same: bool, text: str) -> None:
    publish_one(tmp_path, text="old")
    final = publish_one(tmp_path, text="new", same=same)
    assert (final / "file").read_text(encoding="utf-8") == text
    assert sorted(os.listdir(tmp_path)) == ["current", "one"]


def test_a_file_is_written_once(tmp_path: Path) -> None:
    write(tmp_path / "file", b"first")
    with pytest.raises(FileExistsError):
        write(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"


def test_what_a_killed_build_left_is_swept_unless_it_is_served(tmp_path: Path) -> None:
    for name in (".building-1-left", ".building-1-served"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text", encoding="utf-8")
    (tmp_path / "current").symlink_to(".building-1-served")
    with building(tmp_path):
        assert not (tmp_path / ".building-1-left").exists()
        assert (tmp_path / "current" / "file").read_text(encoding="utf-8") == "text"
    publish_one(tmp_path)
    publish_one(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["current", "one"]


def test_a_build_that_runs_is_not_swept_away(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    code = (
        "from trialgraph.release.publish import building\n"
        "with building(releases) as folder: print(folder, flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys, pathlib\nreleases = pathlib.Path(sys.argv[1])\n{code}",
            str(releases),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    publish_one(releases)
    assert folder.is_dir()
    process.kill()
    process.communicate()
    publish_one(releases)
    assert not folder.exists()


def test_an_error_inside_a_build_leaves_nothing(tmp_path: Path) -> None:
    def half() -> None:
        with building(tmp_path) as folder:
            (folder / "half").write_text("half", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from trialgraph.release.publish import building, published, write\n"
        "home = pathlib.Path(sys.argv[1])\n"
        "for n in range(60):\n"
        "    with building(home) as folder:\n"
        "        write(folder / 'file', b'text')\n"
        "        published(home, folder, 'abc'[n % 3], same=lambda _: n % 2 == 0)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    many = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], env=environ, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert [process.communicate()[1] for process in many] == [""] * 4
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c", "current"]
    assert (tmp_path / "current" / "file").read_text(encoding="utf-8") == "text"
