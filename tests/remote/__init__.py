"""Tests of ``trialgraph.remote``."""
