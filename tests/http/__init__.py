"""Tests of ``trialgraph.http``."""
