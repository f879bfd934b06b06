"""Tests of ``trialgraph.query``."""
