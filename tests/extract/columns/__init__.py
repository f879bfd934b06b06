"""Tests of ``trialgraph.extract.columns``."""
