"""Tests of ``trialgraph.questions``."""
