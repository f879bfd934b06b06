"""Tests of ``trialgraph.http.protocol``."""
