"""Where the checkout and what the tests share lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["FIRST", "ROOT", "TESTS"]

TESTS: Final = Path(__file__).resolve().parent
#: The checkout.
ROOT: Final = TESTS.parent
#: The first source, of 21 trials: what golden files and counts are of.
FIRST: Final = ROOT / "seeds" / "wjsc-107202-table1"
