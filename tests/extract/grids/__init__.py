"""Tests of ``trialgraph.extract.grids``."""
