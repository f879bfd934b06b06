"""Tests of ``trialgraph.http.server``."""
