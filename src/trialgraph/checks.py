"""findings"""
from __future__ import annotations
from dataclasses import dataclass
from typing import Literal

@dataclass(frozen=True, slots=True)
class Finding:
    """f"""
    severity: Literal["violation", "warning", "info"]
    focus: str
    message: str
