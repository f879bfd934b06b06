"""Tests of ``trialgraph.release.lists``."""
