"""Tests of ``trialgraph.release.figures``."""
