"""Tests of ``trialgraph.query.engines``."""
