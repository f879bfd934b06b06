"""Tests of ``trialgraph.views``."""
