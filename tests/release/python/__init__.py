"""Tests of ``trialgraph.release.python``."""
