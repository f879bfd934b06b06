"""Tests of ``trialgraph.extract.layout``."""
