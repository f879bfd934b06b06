"""Virtuoso, as Debian has it: its configuration, the command that starts it, SQL by its own client."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from benchmarks.bench.install import run_tool
from benchmarks.bench.servers import HOST, Missing, free_port

__all__ = ["BUFFERS", "run_sql", "virtuoso_client", "virtuoso_command", "virtuoso_program"]

#: Pages of 8 kB in memory.
BUFFERS: Final = 170_000
_INI: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/errors.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = {host}:{sql}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = {host}:{port}
ServerThreads = 100
KeepAliveTimeout = 60
MaxKeepAlives = 100
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


def virtuoso_program() -> str:
    """The server.

    :raises Missing: it is not installed
    """
    return _found("virtuoso-t")


def virtuoso_client() -> str:
    """Its client for SQL.

    :raises Missing: it is not installed
    """
    return _found("isql-vt", "isql-v")


def virtuoso_command(port: int, folder: Path, buffers: int = BUFFERS) -> list[str]:
    """The command that starts it with the data of a folder, where its configuration is written."""
    sql = free_port()
    (folder / "sql-port").write_text(str(sql))
    ini = folder / "virtuoso.ini"
    told = {"buffers": buffers, "dirty": buffers * 3 // 4}
    ini.write_text(_INI.format(folder=folder, host=HOST, sql=sql, port=port, **told))
    return [virtuoso_program(), "+foreground", "+configfile", str(ini)]


def run_sql(folder: Path, statement: str) -> str:
    """What the server of a folder says to SQL.

    :raises Unavailable: it cannot be asked
    """
    port = (folder / "sql-port").read_text()
    return run_tool([virtuoso_client(), f"{HOST}:{port}", "dba", "dba", f"exec={statement}"])


def _found(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise Missing(f"{names[0]} is not installed")
