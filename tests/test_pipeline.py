"""From sources to a release: what is read, what is stated, what stays."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from tests.paths import FIRST
from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.extract.registries.source import registry_file_of
from trialgraph.pipeline import build, read_all
from trialgraph.release.open import Release, open_release

SEED = FIRST


def changed(folder: Path, old: str, new: str, name: str = "table.txt") -> Path:
    text = (SEED / "source.txt").read_text(encoding="utf-8")
    assert old in text
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / name


def test_a_source_is_read_to_reports_with_their_conflicts() -> None:
    reported: list[str] = []
    (read,) = read_all([SEED], reported.append)
    assert (read.source.slug, len(read.table.rows), len(read.reports)) == (SEED.name, 21, 21)
    assert [r.row.number for r in read.reports] == list(range(1, 22))
    assert sum(len(r.conflicts) for r in read.reports) == 6
    assert (read.findings, reported) == ((), [f"reading {SEED.name}"])


def test_all_tables_of_the_seeds_are_read_by_default() -> None:
    """All tables: of records a build makes one after the other."""
    folders = [p for p in SEED.parent.iterdir() if p.is_dir() and not registry_file_of(p)]
    assert [r.source.slug for r in read_all()] == sorted(p.name for p in folders)


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    one = changed(tmp_path / "a", "SLE2", "SLE2")
    other = changed(tmp_path / "b", "SLE2", "SLE2")
    with pytest.raises(InputError, match="two sources are called table"):
        read_all([one, other])


def test_two_sources_are_two_reports_of_one_trial_and_each_has_its_own_peers(
    two_sources: Release, tmp_path: Path
) -> None:
    other = changed(tmp_path, "244 (211/78)", "289 (211/78)", "other.txt")
    first, second = read_all([SEED, other])
    assert (
        [r.trial_key for r in first.reports][1] == [r.trial_key for r in second.reports][1] == "NCT01741857"
    )
    assert (first.reports[1].n_total, second.reports[1].n_total) == (244, 289)
    counts = two_sources.manifest["counts"]
    # The four rows without a registry number are trials of their own in each source.
    assert counts["reports"] == 42
    assert counts["trials"] == 21 + 5


def test_unread_lines_and_unknown_headings_are_findings_and_in_the_manifest(tmp_path: Path) -> None:
    path = changed(tmp_path, "\nRef.\n", "\nZorblax\n")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("\nThis is no row of that table at all.\n")
    release, findings = build([path], releases=tmp_path / "releases")
    assert sorted(f.message.split(":")[0] for f in findings if f.focus.startswith(str(path))) == [
        "row 22 is not read",
        "unknown heading 'Zorblax'",
    ]
    assert release.manifest["counts"]["reports"] == 21
    (source,) = release.manifest["built_from"]
    assert (source["slug"], source["rows"], source["unread"]) == ("table", 21, 1)
    assert len(release.manifest["findings"]) == len(findings)


def test_the_same_sources_give_the_same_release_in_the_same_steps_and_other_words_another(
    release: Release, tmp_path: Path
) -> None:
    reported: list[str] = []
    again, _ = build([SEED], releases=tmp_path / "releases", progress=reported.append)
    assert reported == [f"reading {SEED.name}", "stating 21 reports", "checking", "writing"]
    assert again.hash == release.hash
    assert again.file("dataset.nq").read_bytes() == release.file("dataset.nq").read_bytes()
    other, _ = build([changed(tmp_path, "87 (87/0)", "88 (88/0)")], releases=tmp_path / "releases")
    assert other.hash != again.hash
    assert open_release(tmp_path / "releases").hash == other.hash


def test_what_cannot_be_read_leaves_the_current_release(release: Release, tmp_path: Path) -> None:
    shutil.copytree(release.path.parent, tmp_path / "releases", symlinks=True)
    folder = Path(shutil.copytree(SEED, tmp_path / SEED.name))
    (folder / "source.txt").write_text("another text\n")
    with pytest.raises(InputError, match="SHA-256"):
        build([folder], releases=tmp_path / "releases")
    assert open_release(tmp_path / "releases").hash == release.hash
    assert sorted(p.name for p in (tmp_path / "releases").iterdir()) == sorted([release.hash, "current"])


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("trialgraph.build.runs.write_run", full)
    with pytest.raises(ReleaseError, match="cannot be written: No space left on device; make room") as error:
        build([SEED], releases=tmp_path / "releases")
    assert error.value.where == str(tmp_path / "releases")
    assert list((tmp_path / "releases").iterdir()) == []


def test_a_release_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError, match="cannot be written"):
        build([SEED], releases=tmp_path / "file" / "releases")
