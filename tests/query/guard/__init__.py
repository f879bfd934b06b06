"""Tests of ``trialgraph.query.guard``."""
