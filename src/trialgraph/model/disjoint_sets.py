"""Disjoint sets (union-find): which of many names are of one thing, by statements that join two of them."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["DisjointSets"]


@dataclass(slots=True)
class DisjointSets:
    """Sets of names, each known by one of its names; each statement joins two in nearly constant time."""

    _above: dict[str, str] = field(default_factory=dict)

    def root(self, name: str) -> str:
        """The name that stands for all of its set."""
        above = self._above
        while (up := above.setdefault(name, name)) != name:
            above[name] = above.get(up, up)
            name = up
        return name

    def join(self, one: str, other: str) -> None:
        """Two names are of one thing."""
        self._above[self.root(other)] = self.root(one)
