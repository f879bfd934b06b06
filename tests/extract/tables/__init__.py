"""Tests of ``trialgraph.extract.tables``."""
