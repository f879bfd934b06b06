"""Tests of ``trialgraph.http.pages``."""
