"""Tests of ``trialgraph.rdf``."""
