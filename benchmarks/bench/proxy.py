"""nginx with the configuration of deploy/ before the server, without TLS and its limits for each client."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from benchmarks.bench.install import run_tool
from benchmarks.bench.servers import HOST, Missing, Peer, Unavailable

__all__ = ["nginx"]

ROOT: Final = Path(__file__).parents[2]
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def configuration(shipped: str, folder: Path, port: int, behind: int) -> str:
    """The shipped configuration for a test on this machine.

    All clients have one address, so limits for each client would refuse them; and with TLS the generator would be
    slower than the server.

    :raises Unavailable: the shipped file is not as expected
    """
    text = shipped
    text, redirects = re.subn(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text, ports = re.subn(r"listen 443 ssl;", f"listen {HOST}:{port};", text)
    text, upstream = re.subn(r"server 127\.0\.0\.1:8000;", f"server {HOST}:{behind};", text)
    text, paths = re.subn(r"/var/cache/nginx/trialgraph", str(folder / "cache"), text)
    if (redirects, ports, upstream, paths) != (1, 1, 1, 1):
        raise Unavailable("deploy/nginx.conf is not as the benchmark expects it")
    for line in (r"listen \[::\]:443 ssl", r"ssl_\w+ [^;]*", r"limit_(?:req|conn)(?:_\w+)? [^;]*"):
        text = re.sub(rf"^[ \t]*{line};\n", "", text, flags=re.MULTILINE)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    # As root its own processes are nobody's, who may not enter the folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/errors warn;\nworker_processes auto;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
    )


def nginx(behind: int) -> Peer:
    """The proxy before a port.

    :raises Unavailable: it is not installed
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        raise Missing("nginx is not installed")

    def command(port: int, folder: Path) -> list[str]:
        shipped = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        path = folder / "nginx.conf"
        path.write_text(configuration(shipped, folder, port, behind), encoding="utf-8")
        return [program, "-c", str(path)]

    version = run_tool([program, "-v"]).strip().rpartition("/")[2]
    return Peer("nginx", version, "/sparql", command, ready="/health")
