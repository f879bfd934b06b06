"""Tests of ``trialgraph.graph``."""
