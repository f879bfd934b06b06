"""Tests of ``trialgraph.views.evidence``."""
