"""Tests of ``trialgraph.extract.text``."""
