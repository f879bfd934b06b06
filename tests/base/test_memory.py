"""The memory that a control group leaves, in both versions, as the kernel writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.base.memory import memory_limit

MB = 1_000_000
V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = (
    "30 23 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
    "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
)
BOUND = "30 23 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup ro,memory\n"


@pytest.mark.parametrize(
    ("mounts", "groups", "files", "limit"),
    [
        (V2, "0::/a/b\n", {"a/memory.max": "300000000\n", "a/b/memory.max": "max\n"}, 300 * MB),
        (V2, "0::/a/b\n", {"a/memory.max": "max", "a/b/memory.max": "200000000\n"}, 200 * MB),
        (V2, "0::/\n", {"memory.max": "150000000\n"}, 150 * MB),
        (V2, "0::/../../host/path\n", {"memory.max": "150000000\n"}, 150 * MB),
        (V1, "5:cpu:/x\n4:memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": "100000000\n"}, 100 * MB),
        (V1, "4:cpuset,memory:/a\n", {"memory/memory.limit_in_bytes": "90000000"}, 90 * MB),
        (BOUND, "4:memory:/docker/abc/d\n", {"memory/d/memory.limit_in_bytes": "80000000"}, 80 * MB),
        (BOUND, "4:memory:/elsewhere\n", {"memory/memory.limit_in_bytes": "80000000"}, 80 * MB),
    ],
)
def test_the_least_limit_of_the_group_and_those_above_it(
    tmp_path: Path, mounts: str, groups: str, files: dict[str, str], limit: int
) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "mountinfo").write_text("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + mounts)
    (tmp_path / "self" / "cgroup").write_text(groups)
    for name, content in files.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert memory_limit(tmp_path, tmp_path) == limit


@pytest.mark.parametrize("mounts", ["", V1, V2, "nonsense\n- \n"])
def test_without_a_limit_it_is_what_the_machine_has(tmp_path: Path, mounts: str) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "mountinfo").write_text(mounts)
    (tmp_path / "self" / "cgroup").write_text("4:memory:/\n0::/\nnonsense\n")
    path = tmp_path / "sys/fs/cgroup/memory/memory.limit_in_bytes"
    path.parent.mkdir(parents=True)
    path.write_text(f"{2**63 - 4096}\n")
    machine = memory_limit(tmp_path / "none", tmp_path)
    assert memory_limit(tmp_path, tmp_path) == machine > 100 * MB
