"""Tests of ``trialgraph.base``."""
