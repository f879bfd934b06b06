"""Tests of ``trialgraph.extract.files``."""
