"""Tests of ``trialgraph.terminology``."""
