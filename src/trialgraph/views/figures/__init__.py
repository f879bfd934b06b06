"""The figures of the pages.

Input: the rows of saved questions, the description of the core. Output: pictures as SVG and PNG.
"""

from __future__ import annotations

from trialgraph.views.figures.figure import FIGURES, Drawn, Figure, Row, draw_figure

__all__ = ["FIGURES", "Drawn", "Figure", "Row", "draw_figure"]
