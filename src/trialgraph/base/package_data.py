"""Location of the packaged data (seeds, ontology, queries, decisions), in a checkout or in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trialgraph.base.errors import InputError

__all__ = ["resource"]


@cache
def resource(name: str) -> Path:
    """The folder ``seeds``, ``ontology``, ``queries`` or ``decisions`` that is part of the package.

    :raises InputError: the installation is incomplete
    """
    package = Path(__file__).resolve().parents[1]
    for home in (package / "data", package.parents[1]):
        if (home / name).is_dir():
            return home / name
    raise InputError(
        f"the folder {name}/ is missing from this installation",
        where=str(package),
        hint="reinstall trialgraph",
    )
