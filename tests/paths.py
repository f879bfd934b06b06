"""Where the checkout and what the tests share lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["ROOT", "TESTS"]

TESTS: Final = Path(__file__).resolve().parent
#: The checkout.
ROOT: Final = TESTS.parent
