"""Tests of ``trialgraph.views.figures``."""
