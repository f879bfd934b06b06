"""Tests of ``trialgraph.model``."""
