"""Tests of ``trialgraph.extract``."""
