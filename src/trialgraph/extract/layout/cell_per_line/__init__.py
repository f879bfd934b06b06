"""One cell per line, as a browser copies a table.

Input: the lines of a text. Output: the :class:`~trialgraph.model.grid.Grid` that fits them best by far, or an error.
"""

from __future__ import annotations

from trialgraph.extract.layout.cell_per_line.grid_of_lines import is_cell_per_line, read_cell_per_line

__all__ = ["is_cell_per_line", "read_cell_per_line"]
