"""Tests of ``trialgraph.extract.columns.administration``."""
