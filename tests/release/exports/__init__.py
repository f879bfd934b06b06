"""Tests of ``trialgraph.release``."""
