"""The sandbox of a worker process (rlimits, seccomp): limited memory, no network, no new programs, no file writes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Final, Literal

__all__ = ["Confined", "confine", "limit_cpu"]

#: How network access is blocked: by a system-call filter, by an empty network namespace, or not at all.
Confined = Literal["seccomp", "unshare", "none"]

# linux/prctl.h, linux/seccomp.h, linux/filter.h, linux/sched.h
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000 | 13  # SECCOMP_RET_ERRNO with EACCES
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
# malloc.h of glibc; how many heaps the threads of a worker share.
M_ARENA_MAX, ARENAS = -8, 2
#: Of 1,000; a process may raise its own without privileges.
OOM_SCORE_ADJUSTMENT: Final = "800"

# Machine -> (AUDIT_ARCH, first number of a foreign table, numbers of the refused calls): socket, socketpair,
# connect, bind, execve, execveat, ptrace, io_uring_setup, kill, open_by_handle_at (and fork, vfork where
# they are calls of their own; threads come by clone and stay).
MACHINES: Final[dict[str, tuple[int, int, tuple[int, ...]]]] = {
    "x86_64": (0xC000003E, 0x40000000, (41, 53, 42, 49, 59, 322, 101, 425, 62, 304, 57, 58)),
    "aarch64": (0xC00000B7, 0x40000000, (198, 199, 203, 200, 221, 281, 117, 425, 129, 265)),
}

#: The first calls of each table are those of the network: socket, socketpair, connect, bind.
SOCKET_CALLS: Final = 4


def confine(memory: int, *, network: bool = False) -> Confined:
    """Restrict this process permanently: address space, no core file, no file growth, low priority, no network.

    :param memory: bytes of address space
    :param network: leave it the network, which it needs to ask an external store; new programs are still refused
    :return: how network access is blocked; ``none`` where this kernel has no way
    """
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # pipes are no files; RocksDB opened read-only writes none
    ):
        hard = resource.getrlimit(what)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(what, (limit, limit))
    with contextlib.suppress(OSError):
        os.nice(5)
    _die_first()
    if not sys.platform.startswith("linux"):
        return "none"
    libc = ctypes.CDLL(None, use_errno=True)
    # Each thread that finds the heaps busy would reserve 64 MB of address space for one of its own: on a busy machine
    # the threads that open the store alone could go beyond a limit of 1 GB.
    with contextlib.suppress(AttributeError):  # musl has no such option
        libc.mallopt(M_ARENA_MAX, ARENAS)
    if _filter_calls(libc, SOCKET_CALLS if network else 0):
        return "none" if network else "seccomp"
    if not network and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        return "unshare"
    return "none"


def _die_first() -> None:
    """Let the kernel take a worker, never the server, where memory runs out: the worker is replaced."""
    with contextlib.suppress(OSError):  # not Linux
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE_ADJUSTMENT, encoding="ascii")


def limit_cpu(seconds: float) -> None:
    """Let the kernel end this process after that much more processor time (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _filter_calls(libc: ctypes.CDLL, allowed: int = 0) -> bool:
    """Install the filter, without the first calls of the table; False where kernel or machine do not know it."""
    if platform.machine() not in MACHINES:
        return False
    arch, foreign, table = MACHINES[platform.machine()]
    refused = table[allowed:]
    # Field offsets of struct seccomp_data: nr 0, arch 4. A jump counts instructions from the next one.
    last = len(refused) + 4
    program = [
        (LOAD, 0, 0, 4),
        (JUMP_EQUAL, 0, last - 1, arch),
        (LOAD, 0, 0, 0),
        (JUMP_AT_LEAST, last - 3, 0, foreign),
        *((JUMP_EQUAL, last - 4 - at, 0, number) for at, number in enumerate(refused)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    # struct sock_fprog { unsigned short len; struct sock_filter *filter; }, with its padding
    head = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head, 0, 0) == 0)
