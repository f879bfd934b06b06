"""Tests of ``trialgraph.cli``."""
