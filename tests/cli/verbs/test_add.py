"""`trialgraph add`: a seed folder made of a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import (
    TEXT,
    altered,
    bad,
    good,
    run,
)


def test_add_makes_a_folder_that_builds(tmp_path: Path) -> None:
    path = altered(tmp_path, TEXT, "My Review, Table 2.txt")
    done = run("add", path, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, "seeds/my-review-table-2\n")
    assert done.stderr.decode().startswith("now complete seeds/my-review-table-2/source.toml")
    assert (tmp_path / "seeds" / "my-review-table-2" / "source.txt").read_bytes() == path.read_bytes()
    assert len(good("trials", "-f", "jsonl", cwd=tmp_path).splitlines()) == 21
    assert "the folder is there already" in bad("add", path, cwd=tmp_path)
