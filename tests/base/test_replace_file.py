"""A file is the old one or the new one, and nothing is left beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trialgraph.base.replace_file import replacing


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as aside:
        aside.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["file"]


def test_a_failure_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(KeyError):
        _fail(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_links_are_replaced_too_and_leftovers_of_a_process_do_not_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "current"
    path.symlink_to("one")
    (tmp_path / f".current.{os.getpid()}").symlink_to("left over")
    with replacing(path) as aside:
        aside.symlink_to("two")
    assert os.readlink(path) == "two"
    assert os.listdir(tmp_path) == ["current"]


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "missing" / "file", tmp_path / "file" / "file"):
        with pytest.raises(OSError), replacing(path) as aside:  # noqa: PT011 - which one depends on the system
            aside.write_text("")


def _fail(path: Path) -> None:
    with replacing(path) as aside:
        aside.write_text("half")
        raise KeyError
