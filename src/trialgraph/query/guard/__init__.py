"""The query guard: what may be handed to a worker.

Input: the text of an untrusted query, and the dataset of its request. Output: a :class:`Checked` query, or a refusal.
"""

from __future__ import annotations

from trialgraph.query.guard.checked import Checked, Clause, Kind, check

__all__ = ["Checked", "Clause", "Kind", "check"]
