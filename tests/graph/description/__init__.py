"""Tests of ``trialgraph.graph.description``."""
