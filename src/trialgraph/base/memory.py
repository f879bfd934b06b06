"""How much memory this process may use: what the machine has, or less where a control group (cgroup) limits it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["memory_limit"]

#: By the type of the file system: the controller that its mount must name (none in v2), and the file with the limit.
LIMITS: Final = {"cgroup2": ("", "memory.max"), "cgroup": ("memory", "memory.limit_in_bytes")}


def memory_limit(proc: Path = Path("/proc"), root: Path = Path("/")) -> int:
    """Bytes that this process and its children may use together; 0 where that is unknown.

    :param proc: where the process is described
    :param root: where the paths of ``proc`` begin
    """
    found = [limit for limit in (_machine(), *_groups(proc, root)) if limit > 0]
    return min(found, default=0)


def _machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0


def _groups(proc: Path, root: Path) -> Iterator[int]:
    """The limits of the group and of all groups above it: each holds."""
    for mount, base, kind in _mounts(proc):
        controller, name = LIMITS[kind]
        group = _group(proc, controller)
        if group is None:
            continue
        folder = root / mount.lstrip("/")
        # In a container the group's path may be that of the host: what is mounted is then the group itself.
        inside = PurePosixPath(group)
        below = inside.relative_to(base) if inside.is_relative_to(base) else PurePosixPath()
        parts = () if ".." in below.parts else below.parts
        for depth in range(len(parts) + 1):
            yield _number(folder.joinpath(*parts[:depth], name))


def _mounts(proc: Path) -> Iterator[tuple[str, str, str]]:
    """Mount point, the group that is mounted there, and type of each mount that may limit memory."""
    for line in _lines(proc / "self" / "mountinfo"):
        before, _, after = line.partition(" - ")
        fields, (kind, *more) = before.split(), after.split() or [""]
        if kind not in LIMITS or len(fields) < 5:
            continue
        controller = LIMITS[kind][0]
        if not controller or controller in more[-1].split(","):
            yield fields[4], fields[3], kind


def _group(proc: Path, controller: str) -> str | None:
    """The path of this process's group in the hierarchy of a controller."""
    for line in _lines(proc / "self" / "cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controller in controllers.split(","):
            return path or "/"
    return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _number(path: Path) -> int:
    """A limit; 0 where there is none (``max``, or in v1 a number beyond any machine, which the least excludes)."""
    text = "".join(_lines(path)).strip()
    return int(text) if text.isascii() and text.isdigit() else 0
